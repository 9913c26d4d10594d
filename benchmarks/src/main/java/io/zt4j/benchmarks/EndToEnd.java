package io.zt4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

import io.zt4j.node.network.NetworkId;
import io.zt4j.node.world.World;

/**
 * Measures two JVMs on this machine over ZeroTier beside kernel TCP: goodput of one
 * stream and round-trip time of 64-byte messages. The variants take turns in each round,
 * so that whatever else the machine does falls on both alike; medians of the rounds and
 * their ratio are printed.
 * <p>
 * Options: {@code --rounds=5}, {@code --seconds=2}, {@code --exchanges=5000}.
 */
public final class EndToEnd {

	private EndToEnd() {
	}

	/**
	 * Run.
	 * @param arguments the options
	 * @throws Exception if the network does not come up
	 */
	public static void main(String[] arguments) throws Exception {
		int rounds = option(arguments, "rounds", 5);
		int seconds = option(arguments, "seconds", 2);
		int exchanges = option(arguments, "exchanges", 5000);
		Process server = startServer();
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
			String[] ready = awaitReady(output);
			World planet = World.parse(HexFormat.of().parseHex(ready[1]));
			try (BenchmarkHost host = new BenchmarkHost(planet)) {
				host.join(NetworkId.parse(ready[2]));
				TrafficClient zeroTier = new TrafficClient(host.zeroTierClient(),
						new InetSocketAddress(ready[3], Integer.parseInt(ready[4])));
				TrafficClient kernel = new TrafficClient(host.kernelClient(),
						new InetSocketAddress(BenchmarkHost.LOOPBACK, Integer.parseInt(ready[5])));
				measure(rounds, seconds * 1000L, exchanges, zeroTier, kernel);
			}
		}
		finally {
			server.destroy();
		}
		System.exit(0);
	}

	private static void measure(int rounds, long millis, int exchanges, TrafficClient zeroTier, TrafficClient kernel)
			throws Exception {
		double[][] goodput = new double[2][rounds];
		double[][] median = new double[2][rounds];
		double[][] tail = new double[2][rounds];
		TrafficClient[] clients = { zeroTier, kernel };
		zeroTier.pingPong(64, exchanges);
		for (int round = 0; round < rounds; round++) {
			for (int variant = 0; variant < clients.length; variant++) {
				long[] samples = clients[variant].pingPong(64, exchanges);
				median[variant][round] = samples[samples.length / 2] / 1e3;
				tail[variant][round] = samples[samples.length * 99 / 100] / 1e3;
				goodput[variant][round] = clients[variant].download(millis) / 1e6;
			}
			System.out.printf("round %d: zerotier %.0f MB/s, %.0f us; kernel %.0f MB/s, %.0f us%n", round + 1,
					goodput[0][round], median[0][round], goodput[1][round], median[1][round]);
		}
		System.out.printf("%n%-28s %12s %12s %16s%n", "median of " + rounds + " rounds", "zerotier", "kernel tcp",
				"zerotier/kernel");
		print("TCP, 1 stream, MB/s", goodput);
		print("64 B round trip, p50, us", median);
		print("64 B round trip, p99, us", tail);
	}

	private static void print(String name, double[][] values) {
		double zeroTier = median(values[0]);
		double kernel = median(values[1]);
		System.out.printf("%-28s %12.1f %12.1f %16.3f%n", name, zeroTier, kernel, zeroTier / kernel);
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	private static Process startServer() throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), BenchmarkServer.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	private static String[] awaitReady(BufferedReader output) throws IOException {
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			if (line.startsWith(BenchmarkServer.READY + " ")) {
				return line.split(" ");
			}
		}
		throw new IllegalStateException("the serving JVM ended before it was ready");
	}

	private static int option(String[] arguments, String name, int defaultValue) {
		String prefix = "--" + name + "=";
		for (String argument : arguments) {
			if (argument.startsWith(prefix)) {
				return Integer.parseInt(argument.substring(prefix.length()));
			}
		}
		return defaultValue;
	}

}
