package io.zt4j.node;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.identity.IdentityGenerator;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.world.SigningKeyPair;
import io.zt4j.node.world.World;
import io.zt4j.node.world.WorldBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Real sockets on 127.0.0.1: a root and two leaves.
 */
@Timeout(60)
class UdpLoopbackTests {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	private final SecureRandom random = new SecureRandom();

	private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

	private World planet;

	private ZeroTierNode root;

	private ZeroTierNode alice;

	private ZeroTierNode bob;

	@BeforeEach
	void build() throws Exception {
		int port;
		try (java.net.DatagramSocket probe = new java.net.DatagramSocket(0, LOOPBACK)) {
			port = probe.getLocalPort();
		}
		Identity identity = IdentityGenerator.generate(this.random);
		this.planet = WorldBuilder.planet(0x7a74_346aL)
			.timestamp(1)
			.root(identity, new InetSocketAddress(LOOPBACK, port))
			.sign(SigningKeyPair.generate(this.random));
		this.root = ZeroTierNode.builder()
			.identity(identity)
			.planet(this.planet)
			.port(port)
			.bindAddresses(List.of(LOOPBACK))
			.build();
		this.alice = leaf();
		this.bob = leaf();
		this.bob.vl1().register(Verb.USER_MESSAGE, (packet) -> {
			this.messages.add(packet.source().address() + " "
					+ packet.payload().skipBytes(8).toString(StandardCharsets.US_ASCII));
			return Verdict.HANDLED;
		});
	}

	private ZeroTierNode leaf() {
		return ZeroTierNode.builder().planet(this.planet).port(0).bindAddresses(List.of(LOOPBACK)).build();
	}

	@AfterEach
	void close() {
		this.alice.close();
		this.bob.close();
		this.root.close();
	}

	@Test
	void leavesGoOnlineTalkThroughTheRootAndThenDirectly() throws Exception {
		BlockingQueue<NodeEvent> events = new LinkedBlockingQueue<>();
		this.alice.addListener(events::add);
		assertThat(this.root.status().localEndpoints()).isEmpty();
		get(this.root);
		long start = System.nanoTime();
		get(this.alice);
		get(this.bob);
		await(() -> this.alice.isOnline() && this.bob.isOnline());
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
		say("hello");
		assertThat(this.messages.poll(5, TimeUnit.SECONDS)).isEqualTo(this.alice.address() + " hello");
		await(() -> isDirect(this.alice, this.bob.address()));
		say("direct");
		assertThat(this.messages.poll(5, TimeUnit.SECONDS)).isEqualTo(this.alice.address() + " direct");
		assertThat(events.poll(1, TimeUnit.SECONDS)).isEqualTo(new NodeEvent.Started(this.alice.address()));
		await(() -> events.stream()
			.anyMatch((event) -> event instanceof NodeEvent.PeerDirect direct
					&& direct.peer().equals(this.bob.address())));
		assertThat(events).contains(new NodeEvent.Online(this.alice.address()));
		assertThat(this.root.status().root()).isTrue();
		assertThat(this.alice.statistics().drops()).doesNotContainKeys("bad-mac", "malformed", "failed");
		this.alice.close();
		await(() -> events.contains(new NodeEvent.Stopped(this.alice.address())));
		assertThat(this.alice.status().running()).isFalse();
	}

	@Test
	void aLongMessageCrossesInFragments() throws Exception {
		get(this.root);
		get(this.alice);
		get(this.bob);
		await(() -> this.alice.isOnline() && this.bob.isOnline());
		String text = "0123456789".repeat(900);
		say(text);
		assertThat(this.messages.poll(5, TimeUnit.SECONDS)).isEqualTo(this.alice.address() + " " + text);
	}

	@Test
	void aPortInUseIsNamed() throws Exception {
		get(this.root);
		int port = this.root.status().localEndpoints().get(0).getPort();
		try (ZeroTierNode second = ZeroTierNode.builder()
			.planet(this.planet)
			.port(port)
			.bindAddresses(List.of(LOOPBACK))
			.build()) {
			assertThatThrownBy(() -> get(second)).isInstanceOf(ExecutionException.class)
				.cause()
				.isInstanceOf(BindException.class)
				.hasMessageContaining("127.0.0.1")
				.hasMessageContaining(String.valueOf(port));
		}
	}

	private void say(String text) {
		this.alice.eventLoop().execute(() -> {
			ByteBuf packet = this.alice.vl1().newPacket(8 + text.length());
			packet.writeLong(0x1_0000);
			packet.writeCharSequence(text, StandardCharsets.US_ASCII);
			this.alice.vl1().send(this.bob.address(), Verb.USER_MESSAGE, packet, false);
			this.alice.vl1().flush();
		});
	}

	private static boolean isDirect(ZeroTierNode node, Address peer) {
		return node.peers().stream().anyMatch((status) -> status.address().equals(peer) && status.isDirect());
	}

	private static void get(ZeroTierNode node) throws Exception {
		node.start().toCompletableFuture().get(10, TimeUnit.SECONDS);
	}

	private static void await(BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
			Thread.sleep(5);
		}
	}

}
