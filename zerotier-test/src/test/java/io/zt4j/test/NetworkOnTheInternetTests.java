package io.zt4j.test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.controller.NetworkController;
import io.zt4j.node.controller.NetworkSettings;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.EthernetPort;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.MacAddress;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkStatus;
import io.zt4j.node.network.VirtualNetwork;
import io.zt4j.node.store.MemoryStateStore;
import io.zt4j.node.store.StateStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Members of a network on the simulated Internet: root, controller and members are nodes
 * of their own (VL2 3 to 5, 8, 11, 15, 19).
 */
class NetworkOnTheInternetTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final Overlay overlay = new Overlay(ThreadLocalRandom.current().nextLong());

	private final SimulatedInternet internet = this.overlay.internet;

	private final SeededRandom random = new SeededRandom(7);

	private final SimulatedHost controllerHost = this.internet.host("20.2.0.1");

	private final StateStore controllerStore = new MemoryStateStore();

	private final Identity controllerIdentity = ThrowawayIdentities.get(30);

	private ZeroTierNode controllerNode = startController();

	private final NetworkId network = createNetwork();

	private ZeroTierNode startController() {
		ZeroTierNode node = this.overlay
			.start(this.internet.node(this.controllerHost, Overlay.PORT, this.controllerIdentity)
				.planet(this.overlay.planet)
				.storage(this.controllerStore)
				.controller(true));
		this.overlay.online(node);
		return node;
	}

	private NetworkController controller() {
		NetworkController controller = this.controllerNode.controller();
		assertThat(controller).isNotNull();
		return controller;
	}

	private NetworkId createNetwork() {
		return get(controller().createNetwork(
				NetworkSettings.builder().name("lab").isPrivate(true).subnet(InetPrefix.parse("10.9.0.0/24")).build()));
	}

	@Test
	void twoMembersJoinAndExchangeArpAndUnicastByRelayThenDirectly() {
		Member alice = new Member("20.3.0.1", 31);
		Member bob = new Member("20.3.0.2", 32);
		alice.join();
		bob.join();
		Duration start = this.internet.time().elapsed();
		arp(alice, bob);
		Duration taken = this.internet.time().elapsed().minus(start);
		System.out.println("first ARP round trip after " + taken);
		assertThat(taken).isLessThan(SECOND);
		for (int i = 0; i < 50; i++) {
			talk(alice, bob, 1 + 50 * i);
		}
		this.internet.run(Duration.ofSeconds(2));
		talk(alice, bob, 100);
		assertThat(Overlay.isDirect(alice.node, bob.node)).isTrue();
		long relayed = this.overlay.root.statistics().packetsRelayed();
		talk(alice, bob, 2_800);
		assertThat(this.overlay.root.statistics().packetsRelayed()).isEqualTo(relayed);
		assertThat(alice.batches).isPositive();
		assertThat(alice.node.statistics().drops()).doesNotContainKeys("bad-mac", "malformed", "failed");
	}

	@Test
	void membersBehindSymmetricNatsTalkByRelay() {
		Member alice = new Member(this.internet.nat(NatType.SYMMETRIC, "60.0.0.1").host("192.168.1.2"), 31);
		Member bob = new Member(this.internet.nat(NatType.SYMMETRIC, "70.0.0.1").host("192.168.1.3"), 32);
		alice.join();
		bob.join();
		arp(alice, bob);
		for (int i = 0; i < 20; i++) {
			talk(alice, bob, 1_400);
			this.internet.run(SECOND);
		}
		assertThat(Overlay.isDirect(alice.node, bob.node)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "0.01", "0.05" })
	void joiningAndFirstContactSurviveLoss(double loss) {
		this.internet.defaultConditions(LinkConditions.GOOD.withLoss(loss).withReordering(loss));
		Member alice = new Member("20.3.0.1", 31);
		Member bob = new Member("20.3.0.2", 32);
		alice.join();
		bob.join();
		byte[] request = arpRequest(alice, bob);
		assertThat(repeat(() -> alice.send(MacAddress.BROADCAST, 0x0806, request), bob)).isTrue();
		assertThat(repeat(() -> bob.send(alice.mac(), 0x0800, new byte[100]), alice)).isTrue();
	}

	@Test
	void aPrivateNetworkDeniesThenLetsInWithinSecondsOfAuthorisation() {
		Member alice = new Member("20.3.0.1", 31);
		alice.attach();
		assertThat(this.internet.runUntil(() -> alice.network.status() == NetworkStatus.ACCESS_DENIED, SECOND))
			.isTrue();
		this.internet.run(Duration.ofSeconds(30));
		assertThat(alice.network.status()).isEqualTo(NetworkStatus.ACCESS_DENIED);
		Duration start = this.internet.time().elapsed();
		authorise(alice);
		assertThat(this.internet.runUntil(() -> alice.network.status() == NetworkStatus.OK, Duration.ofSeconds(6)))
			.isTrue();
		System.out.println("in after " + this.internet.time().elapsed().minus(start));
		this.internet.run(Duration.ofMillis(1));
		assertThat(this.overlay.events(alice.node)).containsSubsequence(
				new NodeEvent.NetworkStatusChanged(this.network, NetworkStatus.REQUESTING_CONFIGURATION,
						NetworkStatus.ACCESS_DENIED),
				new NodeEvent.NetworkStatusChanged(this.network, NetworkStatus.ACCESS_DENIED, NetworkStatus.OK));
	}

	@Test
	void aNetworkThatDoesNotExistIsNotFoundUntilItIsMade() {
		NetworkId later = new NetworkId(this.controllerIdentity.address().value() << 24 | 0xabcdef);
		ZeroTierNode node = this.overlay.leaf(this.internet.host("20.3.0.1"), Overlay.PORT,
				ThrowawayIdentities.get(31));
		VirtualNetwork network = get(node.join(later));
		assertThat(this.internet.runUntil(() -> network.status() == NetworkStatus.NOT_FOUND, Duration.ofSeconds(5)))
			.isTrue();
		get(controller().putNetwork(later, NetworkSettings.builder().isPrivate(false).build()));
		assertThat(this.internet.runUntil(() -> network.status() == NetworkStatus.OK, Duration.ofSeconds(6))).isTrue();
	}

	@Test
	void trafficGoesOnForAnHourWhileTheControllerIsAwayAndAfterItsReturn() {
		Member alice = new Member("20.3.0.1", 31);
		Member bob = new Member("20.3.0.2", 32);
		alice.join();
		bob.join();
		arp(alice, bob);
		this.controllerNode.close();
		for (int minute = 0; minute < 60; minute++) {
			this.internet.run(Overlay.MINUTE);
			talk(alice, bob, 500);
		}
		assertThat(alice.network.status()).isEqualTo(NetworkStatus.OK);
		NetworkConfig held = alice.network.config();
		this.controllerNode = startController();
		assertThat(this.internet.runUntil(() -> alice.network.config() != held, Duration.ofSeconds(70))).isTrue();
		assertThat(alice.network.config().staticAddresses()).isEqualTo(held.staticAddresses());
		talk(alice, bob, 500);
	}

	@Test
	void aMemberRestartedWhileTheControllerIsAwayComesBackWithItsAddress() {
		Member alice = new Member("20.3.0.1", 31);
		Member bob = new Member("20.3.0.2", 32);
		alice.join();
		bob.join();
		arp(alice, bob);
		this.controllerNode.close();
		bob.node.close();
		this.internet.run(SECOND);
		bob.restart();
		assertThat(bob.network.status()).isEqualTo(NetworkStatus.OK);
		assertThat(bob.network.config().staticAddresses()).hasSize(1);
		byte[] data = { 7, 7, 7 };
		assertThat(repeat(() -> alice.send(bob.mac(), 0x0800, data), bob)).isTrue();
		assertThat(repeat(() -> bob.send(alice.mac(), 0x0800, data), alice)).isTrue();
	}

	@Test
	void aDeauthorisedMemberIsCutOffAtOnceAndMayReturn() {
		Member alice = new Member("20.3.0.1", 31);
		Member bob = new Member("20.3.0.2", 32);
		alice.join();
		bob.join();
		arp(alice, bob);
		talk(alice, bob, 100);
		this.internet.run(Duration.ofSeconds(5));
		get(controller().deauthorize(this.network, alice.node.address()));
		this.internet.run(Duration.ofMillis(200));
		alice.send(bob.mac(), 0x0800, new byte[100]);
		this.internet.run(Duration.ofSeconds(6));
		assertThat(bob.frames).isEmpty();
		assertThat(this.internet.runUntil(() -> alice.network.status() == NetworkStatus.ACCESS_DENIED,
				Duration.ofSeconds(70)))
			.isTrue();
		assertThat(alice.network.config()).isNotNull();
		authorise(alice);
		assertThat(this.internet.runUntil(() -> alice.network.status() == NetworkStatus.OK, Duration.ofSeconds(6)))
			.isTrue();
		talk(alice, bob, 100);
	}

	@Test
	void manyMembersFindOneAnother() {
		List<Member> members = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			Member member = new Member("20.4.0." + (i + 1), 10 + i);
			member.join();
			members.add(member);
		}
		for (int i = 0; i < members.size(); i++) {
			arp(members.get(i), members.get((i + 3) % members.size()));
		}
	}

	private void arp(Member from, Member to) {
		byte[] request = arpRequest(from, to);
		from.send(MacAddress.BROADCAST, 0x0806, request);
		assertThat(this.internet.runUntil(() -> !to.frames.isEmpty(), Duration.ofSeconds(5))).as("ARP request")
			.isTrue();
		assertThat(ByteBufUtil.hexDump(to.frames.remove()))
			.isEqualTo("ffffffffffff" + from.hex() + "0806" + ByteBufUtil.hexDump(request));
		byte[] reply = request.clone();
		reply[7] = 2;
		exchange(to, from, 0x0806, reply);
	}

	private static byte[] arpRequest(Member from, Member to) {
		return ByteBufUtil.decodeHexDump("0001080006040001" + from.hex() + ByteBufUtil.hexDump(from.ip())
				+ "000000000000" + ByteBufUtil.hexDump(to.ip()));
	}

	private void talk(Member one, Member other, int length) {
		byte[] data = new byte[length];
		this.random.nextBytes(data);
		exchange(one, other, 0x0800, data);
		exchange(other, one, 0x86dd, data);
	}

	private void exchange(Member from, Member to, int etherType, byte[] data) {
		from.send(to.mac(), etherType, data);
		assertThat(this.internet.runUntil(() -> !to.frames.isEmpty(), Duration.ofSeconds(5))).as("frame").isTrue();
		assertThat(ByteBufUtil.hexDump(to.frames.remove())).isEqualTo(to.hex() + from.hex()
				+ Integer.toHexString(0x10000 | etherType).substring(1) + ByteBufUtil.hexDump(data));
		assertThat(to.frames).isEmpty();
	}

	private boolean repeat(Runnable send, Member receiver) {
		receiver.frames.clear();
		for (int i = 0; i < 20; i++) {
			send.run();
			if (this.internet.runUntil(() -> !receiver.frames.isEmpty(), SECOND)) {
				return true;
			}
		}
		return false;
	}

	private void authorise(Member member) {
		get(controller().authorize(this.network, member.node.address()));
	}

	private <T> T get(CompletionStage<T> stage) {
		assertThat(this.internet.runUntil(() -> stage.toCompletableFuture().isDone(), Duration.ofSeconds(30))).isTrue();
		return stage.toCompletableFuture().join();
	}

	/** A node with a port that keeps what it is given. */
	private final class Member implements EthernetPort {

		private final Deque<byte[]> frames = new ArrayDeque<>();

		private final StateStore store = new MemoryStateStore();

		private final SimulatedHost host;

		private final Identity identity;

		private ZeroTierNode node;

		private VirtualNetwork network;

		private int batches;

		private Member(String host, int identity) {
			this(NetworkOnTheInternetTests.this.internet.host(host), identity);
		}

		private Member(SimulatedHost host, int identity) {
			this.host = host;
			this.identity = ThrowawayIdentities.get(identity);
			this.node = start();
		}

		private ZeroTierNode start() {
			Overlay overlay = NetworkOnTheInternetTests.this.overlay;
			return overlay.start(overlay.internet.node(this.host, Overlay.PORT, this.identity)
				.planet(overlay.planet)
				.storage(this.store));
		}

		private void attach() {
			this.network = get(this.node.join(NetworkOnTheInternetTests.this.network));
			this.network.attach(this);
		}

		private void join() {
			authorise(this);
			attach();
			boolean in = NetworkOnTheInternetTests.this.internet
				.runUntil(() -> this.network.status() == NetworkStatus.OK, Duration.ofSeconds(30));
			assertThat(in).as("joined").isTrue();
		}

		private void restart() {
			this.node = start();
			NetworkOnTheInternetTests.this.overlay.online(this.node);
			this.network = this.node.network(NetworkOnTheInternetTests.this.network);
			this.network.attach(this);
		}

		private MacAddress mac() {
			return this.network.mac();
		}

		private String hex() {
			return mac().toString().replace(":", "");
		}

		private byte[] ip() {
			return this.network.config().staticAddresses().get(0).address().getAddress();
		}

		private void send(MacAddress destination, int etherType, byte[] data) {
			ByteBuf frame = ByteBufAllocator.DEFAULT.buffer();
			frame.writeZero(VirtualNetwork.HEADROOM).readerIndex(VirtualNetwork.HEADROOM);
			destination.write(frame);
			mac().write(frame);
			frame.writeShort(etherType).writeBytes(data);
			this.network.transmit(frame);
			this.network.flush();
		}

		@Override
		public void receive(ByteBuf frame) {
			this.frames.add(ByteBufUtil.getBytes(frame));
			frame.release();
		}

		@Override
		public void receiveComplete() {
			this.batches++;
		}

		@Override
		public void configured(NetworkStatus status, @Nullable NetworkConfig config) {
			assertThat(this.network == null || this.network.status() == status).isTrue();
		}

	}

}
