package io.zt4j.sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One role as a JVM of its own, running the finished jar.
 */
final class RoleProcess {

	private final String role;

	private final Path log;

	private final List<String> command = new ArrayList<>();

	private Process process;

	RoleProcess(String role, Ports ports, Path data) throws IOException {
		this.role = role;
		this.log = data.resolve(role + ".log");
		String jar = System.getProperty("sample.jar", "target/sample-app.jar");
		if (!Files.exists(Path.of(jar))) {
			throw new IOException(jar + " does not exist: run these tests by 'mvn verify'");
		}
		this.command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar, "--spring.profiles.active=" + role));
		this.command.addAll(ports.arguments(role, data));
		this.process = start();
	}

	private Process start() throws IOException {
		File output = this.log.toFile();
		return new ProcessBuilder(this.command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(output))
			.start();
	}

	/**
	 * Kill as {@code kill -9} does: no hook runs, no goodbye is sent.
	 */
	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException(this.role + " survived kill -9");
		}
	}

	void restart() throws IOException {
		this.process = start();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	String log() throws IOException {
		return this.role + ":\n" + Files.readString(this.log);
	}

}
