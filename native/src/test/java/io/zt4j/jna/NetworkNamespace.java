package io.zt4j.jna;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

/** A network namespace made with {@code ip netns}, removed when closed. */
final class NetworkNamespace implements AutoCloseable {

	final String name = "zt4j" + ProcessHandle.current().pid();

	private final List<Process> processes = new ArrayList<>();

	/** Skip the test, saying why, where no namespace with a TAP device can be made. */
	static NetworkNamespace create() throws Exception {
		Assumptions.assumeTrue("Linux".equals(System.getProperty("os.name")), "TAP devices need Linux");
		Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "TAP devices need root");
		Assumptions.assumeTrue(Files.exists(Path.of("/dev/net/tun")), "there is no /dev/net/tun");
		NetworkNamespace namespace = new NetworkNamespace();
		String problem;
		try {
			problem = run("ip", "netns", "add", namespace.name);
		}
		catch (IOException ex) {
			problem = ex.getMessage();
		}
		Assumptions.assumeTrue(problem.isEmpty(), "no network namespace can be made: " + problem);
		namespace.exec("ip", "link", "set", "lo", "up");
		return namespace;
	}

	/** Move a device in and give it addresses. */
	void adopt(String device, int mtu, String... addresses) throws Exception {
		ok(run("ip", "link", "set", device, "netns", this.name));
		ok(exec("ip", "link", "set", device, "mtu", String.valueOf(mtu), "up"));
		for (String address : addresses) {
			if (address.contains(":")) {
				ok(exec("ip", "-6", "addr", "add", address, "dev", device, "nodad"));
			}
			else {
				ok(exec("ip", "addr", "add", address, "dev", device));
			}
		}
	}

	/** Run a command inside and return what it prints. */
	String exec(String... command) throws Exception {
		return run(inside(command));
	}

	/** Run {@link KernelPeer} inside and return what it prints. */
	String peer(String... arguments) throws Exception {
		return run(inside(java(arguments))).trim();
	}

	/** Start {@link KernelPeer} inside and wait until it is ready. */
	void servePeer() throws Exception {
		Process process = new ProcessBuilder(inside(java("serve"))).redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		this.processes.add(process);
		BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()));
		String line = out.readLine();
		if (!"ready".equals(line)) {
			throw new IOException("peer did not start: " + line);
		}
	}

	static boolean has(String command) {
		for (String folder : System.getenv("PATH").split(":")) {
			if (Files.isExecutable(Path.of(folder, command))) {
				return true;
			}
		}
		return false;
	}

	private static String[] java(String... arguments) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
						System.getProperty("java.class.path"), KernelPeer.class.getName()));
		command.addAll(List.of(arguments));
		return command.toArray(new String[0]);
	}

	private String[] inside(String... command) {
		List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", this.name));
		all.addAll(List.of(command));
		return all.toArray(new String[0]);
	}

	private static void ok(String output) throws IOException {
		if (!output.isEmpty()) {
			throw new IOException(output);
		}
	}

	private static String run(String... command) throws Exception {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		process.getOutputStream().close();
		Executor later = CompletableFuture.delayedExecutor(100, TimeUnit.SECONDS);
		CompletableFuture.runAsync(process::destroyForcibly, later);
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		return output;
	}

	@Override
	public void close() throws Exception {
		for (Process process : this.processes) {
			process.destroy();
			process.waitFor(5, TimeUnit.SECONDS);
		}
		run("ip", "netns", "del", this.name);
	}

}
