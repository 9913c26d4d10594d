package io.zt4j.benchmarks;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.controller.NetworkSettings;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.identity.IdentityGenerator;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.world.SigningKeyPair;
import io.zt4j.node.world.World;
import io.zt4j.node.world.WorldBuilder;

/**
 * The serving JVM of the end-to-end benchmark: a root with a controller, and a member
 * that serves traffic. Prints one line for {@link EndToEnd} and runs until its standard
 * input ends.
 */
public final class BenchmarkServer {

	/** What the line for {@link EndToEnd} begins with. */
	static final String READY = "READY";

	private BenchmarkServer() {
	}

	/**
	 * Run.
	 * @param arguments none
	 * @throws Exception if the network does not come up
	 */
	public static void main(String[] arguments) throws Exception {
		SecureRandom random = new SecureRandom();
		Identity identity = IdentityGenerator.generate(random);
		int port = freeUdpPort();
		World planet = WorldBuilder.planet(random.nextLong(1, Long.MAX_VALUE))
			.timestamp(System.currentTimeMillis())
			.root(identity, new InetSocketAddress(BenchmarkHost.LOOPBACK, port))
			.sign(SigningKeyPair.generate(random));
		try (ZeroTierNode root = ZeroTierNode.builder()
			.identity(identity)
			.planet(planet)
			.port(port)
			.bindAddresses(List.of(BenchmarkHost.LOOPBACK))
			.controller(true)
			.build(); BenchmarkHost host = new BenchmarkHost(planet)) {
			root.start().toCompletableFuture().get(30, TimeUnit.SECONDS);
			NetworkId network = root.controller()
				.createNetwork(NetworkSettings.builder()
					.name("benchmark")
					.isPrivate(false)
					.subnet(new InetPrefix(InetAddress.getByName("10.144.0.0"), 16))
					.build())
				.toCompletableFuture()
				.get(30, TimeUnit.SECONDS);
			InetAddress address = host.join(network);
			System.out.println(String.join(" ", READY, HexFormat.of().formatHex(planet.toBytes()), network.toString(),
					address.getHostAddress(), Integer.toString(host.serveZeroTier(address).getPort()),
					Integer.toString(host.serveKernel().getPort())));
			while (System.in.read() >= 0) {
				// until the other side is done
			}
		}
	}

	private static int freeUdpPort() throws Exception {
		try (java.net.DatagramSocket socket = new java.net.DatagramSocket(0, BenchmarkHost.LOOPBACK)) {
			return socket.getLocalPort();
		}
	}

}
