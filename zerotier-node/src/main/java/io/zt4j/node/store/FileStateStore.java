package io.zt4j.node.store;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * State in a folder laid out as zerotier-one lays out its own (VL1 17).
 */
public final class FileStateStore implements StateStore {

	private final Path folder;

	/**
	 * Create a store.
	 * @param folder the folder, created when something is first written
	 */
	public FileStateStore(Path folder) {
		this.folder = folder.toAbsolutePath().normalize();
	}

	@Override
	public byte @Nullable [] read(String path) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void write(String path, byte[] content) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void delete(String path) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<String> list(String folder) {
		throw new UnsupportedOperationException();
	}

	@Override
	public String toString() {
		return "FileStateStore[" + this.folder + "]";
	}

}
