package io.zt4j.test;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.PeerStatus;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.world.SigningKeyPair;
import io.zt4j.node.world.World;
import io.zt4j.node.world.WorldBuilder;

/**
 * A planet with one root on the simulated Internet, and leaves that exchange user
 * messages and record events.
 */
final class Overlay {

	static final int PORT = 9993;

	static final Duration MINUTE = Duration.ofMinutes(1);

	final SimulatedInternet internet;

	final SigningKeyPair signer = SigningKeyPair.generate(new SeededRandom(1));

	final Identity rootIdentity = ThrowawayIdentities.get(0);

	final SimulatedHost rootHost;

	final World planet;

	final Map<Address, List<NodeEvent>> events = new TreeMap<>();

	/** Receiver and text of every user message. */
	final List<String> messages = new ArrayList<>();

	ZeroTierNode root;

	private int identities = 1;

	Overlay(long seed) {
		System.out.println("seed " + seed);
		this.internet = new SimulatedInternet(seed);
		this.rootHost = this.internet.host("20.0.0.1");
		this.planet = WorldBuilder.planet(0x7a74_3461L)
			.timestamp(1)
			.root(this.rootIdentity, this.rootHost.endpoint(PORT))
			.sign(this.signer);
		this.root = start(
				this.internet.node(this.rootHost, PORT, this.rootIdentity).planet(this.planet).controller(true));
	}

	ZeroTierNode start(ZeroTierNode.Builder builder) {
		ZeroTierNode node = builder.build();
		node.addListener(this.events.computeIfAbsent(node.address(), (key) -> new ArrayList<>())::add);
		node.vl1().register(Verb.USER_MESSAGE, (packet) -> {
			String text = packet.payload().skipBytes(8).toString(StandardCharsets.US_ASCII);
			this.messages.add(node.address() + " " + text);
			return Verdict.HANDLED;
		});
		node.start();
		return node;
	}

	ZeroTierNode leaf(SimulatedHost host, int port) {
		return start(this.internet.node(host, port, ThrowawayIdentities.get(this.identities++)).planet(this.planet));
	}

	ZeroTierNode leaf(SimulatedHost host, int port, Identity identity) {
		return start(this.internet.node(host, port, identity).planet(this.planet));
	}

	/** Leaves on public hosts, online. */
	List<ZeroTierNode> publicLeaves(int count) {
		List<ZeroTierNode> leaves = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			leaves.add(leaf(this.internet.host("20.1." + i + ".1"), PORT));
		}
		online(leaves.toArray(ZeroTierNode[]::new));
		return leaves;
	}

	void online(ZeroTierNode... nodes) {
		boolean online = this.internet.runUntil(() -> List.of(nodes).stream().allMatch(ZeroTierNode::isOnline), MINUTE);
		if (!online) {
			throw new AssertionError("Not online: "
					+ List.of(nodes).stream().filter((node) -> !node.isOnline()).map(ZeroTierNode::address).toList());
		}
	}

	void say(ZeroTierNode from, Address to, String text) {
		ByteBuf packet = from.vl1().newPacket(8 + text.length());
		packet.writeLong(0x1_0000);
		packet.writeCharSequence(text, StandardCharsets.US_ASCII);
		from.vl1().send(to, Verb.USER_MESSAGE, packet, false);
		from.vl1().flush();
	}

	/** Say something every interval until it was heard; returns how long that took. */
	Optional<Duration> sayUntilHeard(ZeroTierNode from, ZeroTierNode to, Duration limit) {
		Duration start = this.internet.time().elapsed();
		String text = "attempt at " + start;
		while (this.internet.time().elapsed().minus(start).compareTo(limit) < 0) {
			say(from, to.address(), text);
			if (this.internet.runUntil(() -> this.messages.contains(to.address() + " " + text),
					Duration.ofMillis(200))) {
				return Optional.of(this.internet.time().elapsed().minus(start));
			}
		}
		return Optional.empty();
	}

	boolean hears(ZeroTierNode from, ZeroTierNode to) {
		String text = "message " + this.messages.size() + " at " + this.internet.time().elapsed();
		say(from, to.address(), text);
		return this.internet.runUntil(() -> this.messages.contains(to.address() + " " + text), Duration.ofSeconds(6));
	}

	static PeerStatus peer(ZeroTierNode node, Address address) {
		return node.peers()
			.stream()
			.filter((peer) -> peer.address().equals(address))
			.findFirst()
			.orElseThrow(() -> new AssertionError(node.address() + " does not know " + address));
	}

	static boolean isDirect(ZeroTierNode node, ZeroTierNode peer) {
		return node.peers().stream().anyMatch((one) -> one.address().equals(peer.address()) && one.isDirect());
	}

	/** Both keep talking for some time; returns whether both have a direct path then. */
	boolean becomeDirect(ZeroTierNode one, ZeroTierNode other, Duration limit) {
		Duration end = this.internet.time().elapsed().plus(limit);
		while (this.internet.time().elapsed().compareTo(end) < 0) {
			say(one, other.address(), "ping");
			say(other, one.address(), "pong");
			if (this.internet.runUntil(() -> isDirect(one, other) && isDirect(other, one), Duration.ofSeconds(1))) {
				return true;
			}
		}
		return false;
	}

	List<NodeEvent> events(ZeroTierNode node) {
		return this.events.get(node.address());
	}

	static long drops(ZeroTierNode node, String reason) {
		return node.statistics().drops().getOrDefault(reason, 0L);
	}

	static InetSocketAddress endpoint(String ip, int port) {
		return new InetSocketAddress(SimulatedInternet.ip(ip), port);
	}

	void close() {
		this.internet.run(Duration.ZERO);
	}

}
