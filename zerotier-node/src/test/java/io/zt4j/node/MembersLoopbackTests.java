package io.zt4j.node;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.ConfigChunk;
import io.zt4j.node.network.EthernetPort;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.MacAddress;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkConfigRequest;
import io.zt4j.node.network.NetworkCredentials;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkStatus;
import io.zt4j.node.network.NetworkType;
import io.zt4j.node.network.VirtualNetwork;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.InboundPacket;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.world.SigningKeyPair;
import io.zt4j.node.world.World;
import io.zt4j.node.world.WorldBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two members of a private network over real sockets on 127.0.0.1. The root also signs
 * configurations, as little of a controller as the members need.
 */
@Timeout(60)
class MembersLoopbackTests {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	private static final long WINDOW = 1_800_000;

	private final SecureRandom random = new SecureRandom();

	private final Set<Address> authorised = ConcurrentHashMap.newKeySet();

	private final Map<Address, InetPrefix> addresses = new ConcurrentHashMap<>();

	private Identity controller;

	private NetworkId id;

	private World planet;

	private ZeroTierNode root;

	private Host alice;

	private Host bob;

	@BeforeEach
	void build() throws Exception {
		int port;
		try (DatagramSocket probe = new DatagramSocket(0, LOOPBACK)) {
			port = probe.getLocalPort();
		}
		this.controller = identity("controllerSecret");
		this.id = new NetworkId(this.controller.address().value() << 24 | 0x1234);
		this.planet = WorldBuilder.planet(0x7a74_346aL)
			.timestamp(1)
			.root(this.controller, new InetSocketAddress(LOOPBACK, port))
			.sign(SigningKeyPair.generate(this.random));
		this.root = ZeroTierNode.builder()
			.identity(this.controller)
			.planet(this.planet)
			.port(port)
			.bindAddresses(List.of(LOOPBACK))
			.build();
		this.root.vl1().register(Verb.NETWORK_CONFIG_REQUEST, this::serve);
		get(this.root.start());
		this.alice = new Host("nodeASecret", "10.9.0.1/24");
		this.bob = new Host("nodeBSecret", "10.9.0.2/24");
	}

	@AfterEach
	void close() {
		this.alice.node.close();
		this.bob.node.close();
		this.root.close();
	}

	/* making new ones takes seconds */
	private static Identity identity(String name) {
		return Identity.parse(Vectors.text(Vectors.load("vl2-packets").required("identities"), name));
	}

	private Verdict serve(InboundPacket packet) {
		NetworkConfigRequest request = NetworkConfigRequest.read(packet.payload().duplicate());
		Identity member = packet.source();
		if (!this.authorised.contains(member.address())) {
			this.root.vl1()
				.replyError(packet, ErrorCode.NETWORK_ACCESS_DENIED, (out) -> out.writeLong(this.id.value()));
			return Verdict.HANDLED;
		}
		long now = System.currentTimeMillis();
		NetworkConfig config = NetworkConfig.builder(request.network(), member.address())
			.timestamp(now)
			.credentialTimeMaxDelta(WINDOW)
			.revision(1)
			.type(NetworkType.PRIVATE)
			.multicastLimit(32)
			.membership(CertificateOfMembership.issue(now, WINDOW, this.id, member, this.controller))
			.staticAddresses(List.of(this.addresses.get(member.address())))
			.rules(List.of(Rule.ACCEPT))
			.build();
		for (byte[] chunk : ConfigChunk.split(this.id, config.toDictionary(), now, 0, this.controller)) {
			this.root.vl1().replyOk(packet, Verb.NETWORK_CONFIG_REQUEST, (out) -> out.writeBytes(chunk));
		}
		return Verdict.HANDLED;
	}

	@Test
	void membersFindEachOtherByArpAndTalk() throws Exception {
		join(this.alice);
		join(this.bob);
		arp();
		this.bob.frames.clear();
		for (int i = 0; i < 200; i++) {
			byte[] data = new byte[1 + this.random.nextInt(2_800)];
			this.random.nextBytes(data);
			this.alice.send(this.bob.network.mac(), 0x0800, data);
			assertThat(this.bob.take()).isEqualTo(frame(this.bob, this.alice, 0x0800, data));
			this.bob.send(this.alice.network.mac(), 0x86dd, data);
			assertThat(this.alice.take()).isEqualTo(frame(this.alice, this.bob, 0x86dd, data));
		}
		await(() -> isDirect(this.alice, this.bob));
		assertThat(this.alice.batches.get()).isTrue();
		assertThat(this.alice.node.statistics().drops()).doesNotContainKeys("bad-mac", "malformed", "failed");

		// Root and controller go away: what is configured goes on working, directly.
		this.root.close();
		this.alice.send(this.bob.network.mac(), 0x0800, new byte[] { 1 });
		assertThat(this.bob.take()).isEqualTo(frame(this.bob, this.alice, 0x0800, new byte[] { 1 }));
		assertThat(this.bob.network.status()).isEqualTo(NetworkStatus.OK);
	}

	@Test
	void aMemberThatIsDeniedComesInByItselfOnceAuthorised() throws Exception {
		get(this.alice.node.start());
		VirtualNetwork network = get(this.alice.node.join(this.id));
		await(() -> network.status() == NetworkStatus.ACCESS_DENIED);
		assertThat(network.config()).isNull();
		authorise(this.alice);
		await(() -> network.status() == NetworkStatus.OK);
		assertThat(this.alice.events).contains(
				new NodeEvent.NetworkStatusChanged(this.id, NetworkStatus.REQUESTING_CONFIGURATION,
						NetworkStatus.ACCESS_DENIED),
				new NodeEvent.NetworkStatusChanged(this.id, NetworkStatus.ACCESS_DENIED, NetworkStatus.OK),
				new NodeEvent.AddressAssigned(this.id, this.alice.address.address(), 24));
	}

	@Test
	void aRevokedMemberIsNotHeardAnyMore() throws Exception {
		join(this.alice);
		join(this.bob);
		arp();
		Revocation revocation = Revocation.issue(1, this.id, Revocation.MEMBERSHIP, 0, System.currentTimeMillis(),
				Revocation.FAST_PROPAGATE, this.alice.node.address(), this.controller);
		this.authorised.remove(this.alice.node.address());
		get(this.root.eventLoop().submit(() -> {
			ByteBuf packet = this.root.vl1().newPacket(200);
			NetworkCredentials.of(revocation).write(packet);
			this.root.vl1().send(this.bob.node.address(), Verb.NETWORK_CREDENTIALS, packet, false);
			this.root.vl1().flush();
		}));
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!this.bob.node.statistics().drops().containsKey("sender-not-a-member")) {
			assertThat(System.nanoTime()).isLessThan(end);
			this.alice.send(this.bob.network.mac(), 0x0800, new byte[] { 9 });
			Thread.sleep(50);
		}
		this.bob.frames.clear();
		this.alice.send(this.bob.network.mac(), 0x0800, new byte[] { 9 });
		assertThat(this.bob.frames.poll(500, TimeUnit.MILLISECONDS)).isNull();
	}

	private void arp() throws Exception {
		byte[] request = ByteBufUtil
			.decodeHexDump("0001080006040001" + hex(this.alice) + "0a090001" + "000000000000" + "0a090002");
		byte[] received = null;
		// As a host does: a busy machine takes seconds to check bob's identity.
		for (int i = 0; i < 20 && received == null; i++) {
			this.alice.send(MacAddress.BROADCAST, 0x0806, request);
			received = this.bob.frames.poll(1, TimeUnit.SECONDS);
		}
		assertThat(received).isNotNull();
		assertThat(ByteBufUtil.hexDump(received))
			.isEqualTo("ffffffffffff" + hex(this.alice) + "0806" + ByteBufUtil.hexDump(request));
		byte[] reply = ByteBufUtil
			.decodeHexDump("0001080006040002" + hex(this.bob) + "0a090002" + hex(this.alice) + "0a090001");
		this.bob.send(this.alice.network.mac(), 0x0806, reply);
		assertThat(this.alice.take()).isEqualTo(frame(this.alice, this.bob, 0x0806, reply));
	}

	private static String hex(Host host) {
		return host.network.mac().toString().replace(":", "");
	}

	private static byte[] frame(Host to, Host from, int etherType, byte[] data) {
		return ByteBufUtil.decodeHexDump(hex(to) + hex(from) + Integer.toHexString(0x10000 | etherType).substring(1)
				+ ByteBufUtil.hexDump(data));
	}

	private void authorise(Host host) {
		this.addresses.put(host.node.address(), host.address);
		this.authorised.add(host.node.address());
	}

	private void join(Host host) throws Exception {
		authorise(host);
		get(host.node.start());
		host.network = get(host.node.join(this.id));
		get(host.node.eventLoop().submit(() -> host.network.attach(host)));
		await(() -> host.network.status() == NetworkStatus.OK);
	}

	private static boolean isDirect(Host host, Host other) {
		return host.node.peers()
			.stream()
			.anyMatch((peer) -> peer.address().equals(other.node.address()) && !peer.paths().isEmpty());
	}

	private static <T> T get(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
	}

	private static <T> T get(Future<T> future) throws Exception {
		return future.get(20, TimeUnit.SECONDS);
	}

	private static void await(BooleanSupplier condition) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
			Thread.sleep(10);
		}
	}

	/** A node with a port that keeps what it is given. */
	private final class Host implements EthernetPort {

		private final InetPrefix address;

		private final ZeroTierNode node;

		private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();

		private final BlockingQueue<NodeEvent> events = new LinkedBlockingQueue<>();

		private final AtomicBoolean batches = new AtomicBoolean();

		private VirtualNetwork network;

		private Host(String identity, String address) {
			this.address = InetPrefix.parse(address);
			this.node = ZeroTierNode.builder()
				.identity(identity(identity))
				.planet(MembersLoopbackTests.this.planet)
				.port(0)
				.bindAddresses(List.of(LOOPBACK))
				.build();
			this.node.addListener(this.events::add);
		}

		private void send(MacAddress destination, int etherType, byte[] data) throws Exception {
			get(this.node.eventLoop().submit(() -> {
				ByteBuf frame = ByteBufAllocator.DEFAULT.buffer();
				frame.writeZero(VirtualNetwork.HEADROOM).readerIndex(VirtualNetwork.HEADROOM);
				destination.write(frame);
				this.network.mac().write(frame);
				frame.writeShort(etherType).writeBytes(data);
				this.network.transmit(frame);
				this.network.flush();
			}));
		}

		private byte[] take() throws InterruptedException {
			return this.frames.poll(10, TimeUnit.SECONDS);
		}

		@Override
		public void receive(ByteBuf frame) {
			this.frames.add(ByteBufUtil.getBytes(frame));
			frame.release();
		}

		@Override
		public void receiveComplete() {
			this.batches.set(true);
		}

	}

}
