package io.zt4j.spring.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * Writes files for other applications: never half of one, and only when it changes.
 */
final class OutputFile {

	private OutputFile() {
	}

	static void write(String property, Path file, byte[] content) {
		Path target = file.toAbsolutePath();
		try {
			if (Files.exists(target) && Arrays.equals(Files.readAllBytes(target), content)) {
				return;
			}
			Files.createDirectories(target.getParent());
			Path temporary = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".tmp");
			try {
				Files.write(temporary, content);
				// temporary files are for the owner only, this one is for others
				if (!temporary.toFile().setReadable(true, false)) {
					throw new IOException("cannot be made readable for others");
				}
				Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			}
			finally {
				Files.deleteIfExists(temporary);
			}
		}
		catch (IOException ex) {
			throw new InvalidZeroTierPropertyException(property, file, "The file cannot be written: " + ex + ".",
					"Name a file in a folder that this application may write to.");
		}
	}

}
