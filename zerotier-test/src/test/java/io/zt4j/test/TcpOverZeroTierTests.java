package io.zt4j.test;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.controller.NetworkSettings;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.NetworkId;
import io.zt4j.sockets.ManagedAddressPolicy;
import io.zt4j.sockets.ZeroTierSockets;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.NetworkStack;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole line below Netty under virtual time: root, controller, two members, their
 * stacks, and TCP across a bad Internet.
 */
class TcpOverZeroTierTests {

	private static final int MEGABYTES_10 = 10 << 20;

	private final long seed = ThreadLocalRandom.current().nextLong();

	private final Overlay overlay = new Overlay(this.seed);

	private final SimulatedInternet internet = this.overlay.internet;

	private final List<ZeroTierSockets> sockets = new ArrayList<>();

	private final List<SimulatedHost> hosts = new ArrayList<>();

	private NetworkStack alice;

	private NetworkStack bob;

	@BeforeEach
	void twoMembers() throws Exception {
		NetworkId network = await(this.overlay.root.controller()
			.createNetwork(NetworkSettings.builder()
				.name("test")
				.isPrivate(false)
				.subnet(new InetPrefix(InetAddress.getByName("10.144.0.0"), 16))
				.rfc4193(true)
				.build()));
		for (String address : List.of("20.1.0.1", "20.2.0.1")) {
			SimulatedHost host = this.internet.host(address);
			this.hosts.add(host);
			ZeroTierNode leaf = this.overlay.leaf(host, Overlay.PORT);
			this.overlay.online(leaf);
			this.sockets.add(ZeroTierSockets.attach(leaf, ManagedAddressPolicy.DEFAULT, this.internet.time().ticker(),
					new SeededRandom(this.seed)));
			await(leaf.join(network));
		}
		assertThat(this.internet.runUntil(() -> this.sockets.stream().allMatch((one) -> hasAddresses(one, network)),
				Duration.ofSeconds(10)))
			.isTrue();
		this.alice = this.sockets.get(0).stack(network);
		this.bob = this.sockets.get(1).stack(network);
	}

	@Test
	void membersPingEachOtherOverIpv4AndIpv6() {
		assertThat(await(this.alice.ping(address(this.bob, false), 56, Duration.ofSeconds(5)))).isPositive();
		assertThat(await(this.bob.ping(address(this.alice, true), 56, Duration.ofSeconds(5)))).isPositive();
	}

	@Test
	void tenMegabytesEachWaySurviveLossDelayAndReordering() throws IOException {
		transferBothWays(false);
	}

	@Test
	void tenMegabytesEachWaySurviveOverIpv6() throws IOException {
		transferBothWays(true);
	}

	private void transferBothWays(boolean ipv6) throws IOException {
		// a datagram crosses two links: 1 % of them are lost, a round trip takes 50 ms
		LinkConditions bad = LinkConditions.ofDelay(Duration.ofNanos(12_500_000))
			.withJitter(Duration.ofMillis(1))
			.withLoss(0.005)
			.withReordering(0.01);
		this.hosts.forEach((host) -> host.conditions(bad));
		byte[] upload = random(MEGABYTES_10);
		byte[] download = random(MEGABYTES_10);
		Transfer server = new Transfer(download);
		Transfer client = new Transfer(upload);
		InetSocketAddress address = new InetSocketAddress(address(this.bob, ipv6), 80);
		this.bob.listen(address, 16, TcpOptions.DEFAULT, (connection) -> {
			server.connected(connection);
			return server;
		});
		Duration start = this.internet.time().elapsed();
		this.alice.connect(null, address, TcpOptions.DEFAULT, client);
		assertThat(this.internet.runUntil(() -> client.isDone() && server.isDone(), Duration.ofMinutes(5))).isTrue();
		double seconds = this.internet.time().elapsed().minus(start).toMillis() / 1e3;
		System.out.printf("10 MiB each way at 50 ms and 1 %% loss: %.1f s%n", seconds);
		assertThat(server.received()).isEqualTo(upload);
		assertThat(client.received()).isEqualTo(download);
	}

	private byte[] random(int length) {
		byte[] bytes = new byte[length];
		RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(this.seed + length);
		random.nextBytes(bytes);
		return bytes;
	}

	private static boolean hasAddresses(ZeroTierSockets sockets, NetworkId network) {
		NetworkStack stack = sockets.stack(network);
		return stack != null && stack.addresses().size() == 3;
	}

	private static InetAddress address(NetworkStack stack, boolean ipv6) {
		return stack.addresses()
			.stream()
			.map(InterfaceAddress::address)
			.filter((one) -> one instanceof Inet6Address == ipv6 && !one.isLinkLocalAddress())
			.findFirst()
			.orElseThrow();
	}

	private <T> T await(CompletionStage<T> stage) {
		CompletableFuture<T> future = stage.toCompletableFuture();
		this.internet.runUntil(future::isDone, Duration.ofSeconds(10));
		assertThat(future).isCompleted();
		return future.join();
	}

	/** Sends some bytes, then FIN, and keeps what it receives. */
	private static final class Transfer implements TcpConnection.Handler {

		private final ByteBuf toSend;

		private final ByteBuf received = Unpooled.buffer();

		private boolean inputClosed;

		private @Nullable IOException failure;

		Transfer(byte[] toSend) {
			this.toSend = Unpooled.wrappedBuffer(toSend);
		}

		boolean isDone() {
			return (this.inputClosed && !this.toSend.isReadable()) || this.failure != null;
		}

		byte[] received() {
			assertThat(this.failure).isNull();
			return ByteBufUtil.getBytes(this.received);
		}

		@Override
		public void connected(TcpConnection connection) {
			writable(connection);
		}

		@Override
		public void writable(TcpConnection connection) {
			try {
				connection.write(this.toSend);
				connection.flush();
				if (!this.toSend.isReadable()) {
					connection.shutdownOutput();
				}
			}
			catch (IOException ex) {
				this.failure = ex;
			}
		}

		@Override
		public void readable(TcpConnection connection) {
			for (ByteBuf data = connection.read(1 << 20); data != null; data = connection.read(1 << 20)) {
				this.received.writeBytes(data);
				data.release();
			}
			if (connection.isInputClosed() && !this.inputClosed) {
				this.inputClosed = true;
			}
		}

		@Override
		public void closed(TcpConnection connection, @Nullable IOException cause) {
			this.failure = (this.failure != null) ? this.failure : cause;
		}

	}

}
