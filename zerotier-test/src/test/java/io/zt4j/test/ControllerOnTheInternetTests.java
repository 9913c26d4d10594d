package io.zt4j.test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.controller.CapabilitySettings;
import io.zt4j.node.controller.ControllerEvent;
import io.zt4j.node.controller.MemberInfo;
import io.zt4j.node.controller.NetworkController;
import io.zt4j.node.controller.NetworkSettings;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkStatus;
import io.zt4j.node.network.VirtualNetwork;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.store.MemoryStateStore;
import io.zt4j.sockets.ManagedAddressPolicy;
import io.zt4j.sockets.ZeroTierSockets;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The controller role at work: root and controller in one node, members on the simulated
 * Internet.
 */
class ControllerOnTheInternetTests {

	private static final Duration SECONDS_10 = Duration.ofSeconds(10);

	private static final NetworkSettings OPEN = NetworkSettings.builder()
		.name("test")
		.isPrivate(false)
		.subnet(InetPrefix.parse("10.144.0.0/16"))
		.build();

	private static final NetworkSettings CLOSED = OPEN.toBuilder().isPrivate(true).build();

	private final long seed = ThreadLocalRandom.current().nextLong();

	private final Overlay overlay = new Overlay(this.seed);

	private final SimulatedInternet internet = this.overlay.internet;

	private final MemoryStateStore store = new MemoryStateStore();

	private NetworkController controller;

	private void startController() {
		this.overlay.root.close();
		this.overlay.root = this.overlay
			.start(this.internet.node(this.overlay.rootHost, Overlay.PORT, this.overlay.rootIdentity)
				.planet(this.overlay.planet)
				.storage(this.store)
				.controller(true));
		this.controller = this.overlay.root.controller();
	}

	private <T> T await(CompletionStage<T> stage) {
		CompletableFuture<T> future = stage.toCompletableFuture();
		this.internet.runUntil(future::isDone, SECONDS_10);
		assertThat(future).isCompleted();
		return future.join();
	}

	private VirtualNetwork join(ZeroTierNode node, NetworkId network) {
		return await(node.join(network));
	}

	private ZeroTierSockets sockets(ZeroTierNode node) {
		return ZeroTierSockets.attach(node, ManagedAddressPolicy.DEFAULT, this.internet.time().ticker(),
				new SeededRandom(this.seed));
	}

	private boolean becomes(VirtualNetwork network, NetworkStatus status, Duration limit) {
		return this.internet.runUntil(() -> network.status() == status, limit);
	}

	private static InetAddress address(VirtualNetwork network) {
		return network.config().staticAddresses().get(0).address();
	}

	private boolean pings(ZeroTierSockets from, NetworkId network, InetAddress to) {
		CompletableFuture<Duration> reply = from.stack(network)
			.ping(to, 56, Duration.ofSeconds(3))
			.toCompletableFuture();
		this.internet.runUntil(reply::isDone, Duration.ofSeconds(4));
		return reply.isDone() && !reply.isCompletedExceptionally();
	}

	@Test
	void aDeniedMemberIsInWithinASecondOfBeingAuthorised() {
		startController();
		List<ControllerEvent> events = new ArrayList<>();
		this.controller.addListener(events::add);
		NetworkId id = await(this.controller.createNetwork(CLOSED));
		ZeroTierNode leaf = this.overlay.publicLeaves(1).get(0);
		VirtualNetwork network = join(leaf, id);
		assertThat(becomes(network, NetworkStatus.ACCESS_DENIED, SECONDS_10)).isTrue();
		assertThat(network.config()).isNull();
		await(this.controller.authorize(id, leaf.address()));
		assertThat(becomes(network, NetworkStatus.OK, Duration.ofSeconds(1))).isTrue();
		assertThat(network.config().staticAddresses()).hasSize(1);
		this.internet.run(Duration.ofMillis(1));
		assertThat(events).contains(new ControllerEvent.MemberOnline(id, leaf.address()),
				new ControllerEvent.RequestDenied(id, leaf.address(),
						ControllerEvent.RequestDenied.Reason.NOT_AUTHORIZED),
				new ControllerEvent.MemberAuthorized(id, leaf.address(), "api"),
				new ControllerEvent.AddressesAssigned(id, leaf.address(), Set.of(address(network))));
		MemberInfo member = await(this.controller.member(id, leaf.address()));
		assertThat(member.online()).isTrue();
		assertThat(member.version()).isNotNull();
	}

	@Test
	void aDeauthorisedMemberIsCutOffByAllAndComesBackWhenAuthorisedAgain() {
		startController();
		NetworkId id = await(this.controller.createNetwork(CLOSED));
		List<ZeroTierNode> leaves = this.overlay.publicLeaves(2);
		List<ZeroTierSockets> sockets = new ArrayList<>();
		List<VirtualNetwork> networks = new ArrayList<>();
		sockets.add(sockets(this.overlay.root));
		await(this.controller.authorize(id, this.overlay.root.address()));
		networks.add(join(this.overlay.root, id));
		for (ZeroTierNode leaf : leaves) {
			await(this.controller.authorize(id, leaf.address()));
			sockets.add(sockets(leaf));
			networks.add(join(leaf, id));
		}
		for (VirtualNetwork network : networks) {
			assertThat(becomes(network, NetworkStatus.OK, SECONDS_10)).isTrue();
		}
		InetAddress alice = address(networks.get(1));
		assertThat(pings(sockets.get(2), id, alice)).as("before, from a member").isTrue();
		assertThat(pings(sockets.get(0), id, alice)).as("before, from the controller's own node").isTrue();

		await(this.controller.deauthorize(id, leaves.get(0).address()));
		this.internet.run(Duration.ofSeconds(1));
		assertThat(pings(sockets.get(2), id, alice)).as("after, from a member").isFalse();
		assertThat(pings(sockets.get(0), id, alice)).as("after, from the controller's own node").isFalse();
		assertThat(becomes(networks.get(1), NetworkStatus.ACCESS_DENIED, Duration.ofSeconds(70))).isTrue();

		await(this.controller.authorize(id, leaves.get(0).address()));
		assertThat(becomes(networks.get(1), NetworkStatus.OK, SECONDS_10)).isTrue();
		assertThat(address(networks.get(1))).isEqualTo(alice);
		assertThat(pings(sockets.get(2), id, alice)).as("again, from a member").isTrue();
		assertThat(pings(sockets.get(0), id, alice)).as("again, from the controller's own node").isTrue();
	}

	@Test
	void membersTalkOnWhileTheControllerIsAwayAndKeepTheirAddressesWhenItReturns() {
		startController();
		NetworkId id = await(this.controller.createNetwork(OPEN));
		List<ZeroTierNode> leaves = this.overlay.publicLeaves(2);
		List<ZeroTierSockets> sockets = leaves.stream().map(this::sockets).toList();
		List<VirtualNetwork> networks = leaves.stream().map((leaf) -> join(leaf, id)).toList();
		networks.forEach((network) -> assertThat(becomes(network, NetworkStatus.OK, SECONDS_10)).isTrue());
		InetAddress bob = address(networks.get(1));
		assertThat(pings(sockets.get(0), id, bob)).isTrue();
		this.internet.run(Duration.ofSeconds(20));

		this.overlay.root.close();
		this.internet.run(Duration.ofMinutes(3));
		assertThat(pings(sockets.get(0), id, bob)).as("without controller").isTrue();
		long before = networks.get(0).config().timestamp();

		startController();
		assertThat(this.internet.runUntil(() -> networks.get(0).config().timestamp() > before, Duration.ofMinutes(2)))
			.as("a fresh configuration")
			.isTrue();
		assertThat(await(this.controller.network(id)).settings()).isEqualTo(OPEN);
		this.internet.run(Duration.ofSeconds(30));
		assertThat(address(networks.get(1))).isEqualTo(bob);
		assertThat(pings(sockets.get(0), id, bob)).as("after the return").isTrue();
	}

	@Test
	void changedSettingsReachEveryMemberAtOnce() {
		startController();
		NetworkId id = await(this.controller.createNetwork(OPEN));
		List<VirtualNetwork> networks = this.overlay.publicLeaves(3).stream().map((leaf) -> join(leaf, id)).toList();
		networks.forEach((network) -> assertThat(becomes(network, NetworkStatus.OK, SECONDS_10)).isTrue());
		this.internet.run(Duration.ofSeconds(5));
		await(this.controller.updateNetwork(id, OPEN.toBuilder().name("renamed").mtu(1400).build()));
		assertThat(this.internet.runUntil(
				() -> networks.stream().allMatch((network) -> network.config().name().equals("renamed")),
				Duration.ofSeconds(1)))
			.isTrue();
		assertThat(networks).allMatch((network) -> network.mtu() == 1400);
	}

	@Test
	void thirtyMembersJoinAtOnceThroughLossAndEachGetsAnAddressOfItsOwn() {
		startController();
		NetworkId id = await(this.controller.createNetwork(OPEN));
		List<ZeroTierNode> leaves = this.overlay.publicLeaves(30);
		this.internet.defaultConditions(LinkConditions.ofDelay(Duration.ofMillis(25)).withLoss(0.1));
		List<VirtualNetwork> networks = leaves.stream().map((leaf) -> join(leaf, id)).toList();
		assertThat(this.internet.runUntil(
				() -> networks.stream().allMatch((network) -> network.status() == NetworkStatus.OK),
				Duration.ofMinutes(2)))
			.isTrue();
		Set<InetAddress> addresses = new HashSet<>();
		networks.forEach((network) -> addresses.add(address(network)));
		assertThat(addresses).hasSize(30);
		assertThat(await(this.controller.network(id)).authorizedMemberCount()).isEqualTo(30);
	}

	@Test
	void aConfigurationOfManyChunksSurvivesLoss() {
		startController();
		NetworkSettings.Builder settings = OPEN.toBuilder();
		for (int i = 0; i < 60; i++) {
			settings.tag(i, i);
			settings.capability(new CapabilitySettings(i, true, List.of(Rule.ACCEPT)));
		}
		NetworkId id = await(this.controller.createNetwork(settings.build()));
		ZeroTierNode leaf = this.overlay.publicLeaves(1).get(0);
		this.internet.defaultConditions(LinkConditions.ofDelay(Duration.ofMillis(10)).withLoss(0.05));
		VirtualNetwork network = join(leaf, id);
		assertThat(becomes(network, NetworkStatus.OK, Duration.ofMinutes(3))).isTrue();
		NetworkConfig config = network.config();
		assertThat(config.tags()).hasSize(60);
		assertThat(config.capabilities()).hasSize(60);
		assertThat(config.toDictionary().length).isGreaterThan(15_000);
	}

}
