package io.zt4j.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * State in a folder laid out as zerotier-one lays out its own (VL1 17). A write goes to a
 * temporary file that is forced to disk and then renamed, so that a crash leaves the old
 * content or the new. Secrets are readable by their owner only, from the moment they
 * exist. Not thread-safe; a folder belongs to one node.
 */
public final class FileStateStore implements StateStore {

	private static final Set<StandardOpenOption> CREATE = Set.of(StandardOpenOption.CREATE_NEW,
			StandardOpenOption.WRITE);

	private static final FileAttribute<?>[] NO_ATTRIBUTES = {};

	private final Path folder;

	private final boolean posix;

	/**
	 * Create a store. Nothing is touched before the first read or write.
	 * @param folder the folder; created, for its owner only, when something is first
	 * written
	 */
	public FileStateStore(Path folder) {
		this.folder = folder.toAbsolutePath().normalize();
		this.posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
	}

	@Override
	public byte @Nullable [] read(String path) {
		Path file = resolve(path);
		try {
			return Files.readAllBytes(file);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
		catch (IOException ex) {
			throw failure("read", file, "readable", ex);
		}
	}

	@Override
	public void write(String path, byte[] content) {
		Path file = resolve(path);
		Path parent = file.getParent();
		Path temporary = parent.resolve("." + file.getFileName() + ".tmp");
		boolean secret = path.endsWith(".secret");
		try {
			Files.createDirectories(parent, this.posix ? permissions("rwx------") : NO_ATTRIBUTES);
			Files.deleteIfExists(temporary);
			FileAttribute<?>[] attributes = (secret && this.posix) ? permissions("rw-------") : NO_ATTRIBUTES;
			try (FileChannel channel = FileChannel.open(temporary, CREATE, attributes)) {
				if (secret && !this.posix) {
					restrictToOwner(temporary);
				}
				ByteBuffer buffer = ByteBuffer.wrap(content);
				while (buffer.hasRemaining()) {
					channel.write(buffer);
				}
				channel.force(true);
			}
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			forceFolder(parent);
		}
		catch (IOException ex) {
			deleteQuietly(temporary);
			throw failure("write", file, "writable", ex);
		}
	}

	@Override
	public void delete(String path) {
		Path file = resolve(path);
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			throw failure("delete", file, "writable", ex);
		}
	}

	@Override
	public List<String> list(String folder) {
		Path directory = resolve(folder);
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter(Files::isRegularFile)
				.map((file) -> file.getFileName().toString())
				.filter(StorePaths::isAllowed)
				.sorted()
				.toList();
		}
		catch (NoSuchFileException | NotDirectoryException ex) {
			return List.of();
		}
		catch (IOException ex) {
			throw failure("list", directory, "readable", ex);
		}
	}

	private Path resolve(String path) {
		return this.folder.resolve(StorePaths.check(path));
	}

	private static FileAttribute<?>[] permissions(String permissions) {
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) };
	}

	private static void restrictToOwner(Path file) throws IOException {
		AclFileAttributeView view = Files.getFileAttributeView(file, AclFileAttributeView.class);
		if (view != null) {
			view.setAcl(List.of(AclEntry.newBuilder()
				.setType(AclEntryType.ALLOW)
				.setPrincipal(view.getOwner())
				.setPermissions(EnumSet.allOf(AclEntryPermission.class))
				.build()));
		}
	}

	// without this the rename itself may be lost in a crash
	private void forceFolder(Path parent) throws IOException {
		if (this.posix) {
			try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
				channel.force(true);
			}
		}
	}

	private static void deleteQuietly(Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			// the failure that led here is reported
		}
	}

	private StateStoreException failure(String action, Path file, String needed, IOException cause) {
		String reason = (cause instanceof AccessDeniedException) ? "access denied"
				: (cause instanceof FileSystemException fse && fse.getReason() != null) ? fse.getReason()
						: cause.toString();
		return new StateStoreException("Cannot " + action + " " + file + " (" + reason
				+ "). The node keeps its state in " + this.folder + ": make that folder " + needed + " for the user '"
				+ System.getProperty("user.name") + "', or give the node another folder", cause);
	}

	@Override
	public String toString() {
		return "FileStateStore[" + this.folder + "]";
	}

}
