package io.zt4j.node;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.CipherSuite;
import io.zt4j.node.packet.PacketCipher;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A leaf and its root under datagrams of anybody: random, cut, flipped, replayed. Nothing
 * changes, no buffer stays behind, everything is counted. {@code JAZZER_FUZZ=1} starts
 * the fuzzer.
 */
class HostileDatagramTests {

	private static final JsonNode SESSION = Vectors.load("vl1-session");

	private static final InetSocketAddress STRANGER = NodeBench.endpoint("10.66.0.1/6666");

	private final long seed = ThreadLocalRandom.current().nextLong();

	private final RandomGenerator random = new SplittableRandom(this.seed);

	private final NodeBench bench = new NodeBench(1_700_000_000_000L);

	private final List<ByteBuf> buffers = new ArrayList<>();

	private ZeroTierNode root;

	private RecordingTransport transport;

	private NodeStatistics before;

	@BeforeEach
	void start() {
		System.out.println("seed " + this.seed);
		World planet = World.parse(Vectors.bytes(SESSION, "planet_initial"));
		this.transport = new RecordingTransport(NodeBench.endpoint("10.1.0.1/9993"));
		this.root = this.bench.start(identity("R"), planet, this.transport);
		// one known peer, A
		deliver("10.2.0.1/9993", wire(1));
		this.bench.runTo(1_700_000_030_000L);
		assertThat(this.root.peers()).extracting(PeerStatus::address).containsExactly(identity("A").address());
		this.before = this.root.statistics();
		this.transport.take();
	}

	private static Identity identity(String name) {
		return Identity.parse(Vectors.text(SESSION.get("nodes").get(name), "secret"));
	}

	private static byte[] wire(int number) {
		for (JsonNode datagram : SESSION.get("datagrams")) {
			if (datagram.get("n").asInt() == number) {
				return Vectors.bytes(datagram, "wire");
			}
		}
		throw new IllegalArgumentException("No datagram " + number);
	}

	static Stream<byte[]> datagrams() {
		List<byte[]> all = new ArrayList<>();
		SESSION.get("datagrams").forEach((datagram) -> all.add(Vectors.bytes(datagram, "wire")));
		Vectors.cases("vl1-reactions").forEach((vector) -> all.add(Vectors.bytes(vector, "input")));
		return all.stream();
	}

	private void deliver(String source, byte[] datagram) {
		this.buffers.add(this.transport.deliver(NodeBench.endpoint(source), datagram));
		this.bench.run();
	}

	@FuzzTest
	@MethodSource("datagrams")
	void anyDatagramIsTakenWithoutFailure(byte[] datagram) {
		this.buffers.add(this.transport.deliver(STRANGER, datagram));
		this.bench.run();
		assertThat(this.root.statistics().drops()).doesNotContainKey("failed");
	}

	@Test
	void randomDatagramsAreCountedAndForgotten() {
		int count = 20_000;
		for (int i = 0; i < count; i++) {
			byte[] datagram = new byte[this.random.nextInt(200)];
			this.random.nextBytes(datagram);
			if (datagram.length > 18 && this.random.nextInt(4) > 0) {
				Unpooled.wrappedBuffer(datagram).setBytes(8, address("R"));
				if (this.random.nextBoolean()) {
					Unpooled.wrappedBuffer(datagram).setBytes(13, address("A"));
				}
			}
			this.buffers.add(this.transport.deliver(STRANGER, datagram));
		}
		this.bench.run();
		nothingRemains(count);
	}

	@Test
	void flippedBitsAreNoticed() {
		byte[] good = echo(0);
		for (int bit = 0; bit < good.length * 8; bit++) {
			byte[] datagram = good.clone();
			datagram[bit / 8] ^= (byte) (0x80 >>> (bit % 8));
			// hops are not authenticated: such a packet is genuine
			if (bit / 8 != PacketHeader.FLAGS || bit % 8 < 5) {
				this.buffers.add(this.transport.deliver(STRANGER, datagram));
			}
		}
		this.bench.run();
		nothingRemains(good.length * 8 - 3);
	}

	@Test
	void cutPacketsAreNoticed() {
		byte[] good = echo(0);
		for (int length = 0; length < good.length; length++) {
			this.buffers.add(this.transport.deliver(STRANGER, Arrays.copyOf(good, length)));
		}
		this.bench.run();
		nothingRemains(good.length);
	}

	@Test
	void aReplayFromElsewhereBringsAQuestionAndNoPath() {
		byte[] good = echo(0);
		for (int i = 0; i < 1000; i++) {
			this.buffers.add(this.transport.deliver(STRANGER, good));
			this.bench.runTo(this.bench.now() + 10);
		}
		List<RecordingTransport.Sent> sent = this.transport.take();
		// ECHO is answered every 166 ms, HELLO asked every second (VL1 14)
		assertThat(sent).filteredOn((one) -> one.destination().equals(STRANGER)).hasSizeBetween(60, 75);
		assertThat(this.root.peers().get(0).paths()).isEmpty();
		assertThat(this.root.statistics().drops().get("echo-rate")).isGreaterThan(900);
	}

	@Test
	void aReplayedOkFromElsewhereMakesNoPath() {
		this.bench.runTo(this.bench.now() + 2000);
		deliver("10.2.0.1/9993", echo(1));
		RecordingTransport.Sent hello = this.transport.take()
			.stream()
			.filter((one) -> one.datagram()[PacketHeader.VERB] == Verb.HELLO.code() && (one.datagram()[18] & 0x38) == 0)
			.findFirst()
			.orElseThrow();
		ByteBuf ok = Unpooled.buffer().writeZero(PacketHeader.PAYLOAD);
		PacketHeader.set(ok, 77, identity("R").address(), identity("A").address(), Verb.OK);
		ok.writeByte(Verb.HELLO.code()).writeBytes(hello.datagram(), 0, 8);
		ok.writeLong(this.bench.now())
			.writeByte(12)
			.writeByte(1)
			.writeByte(14)
			.writeShort(1)
			.writeByte(0)
			.writeShort(0);
		byte[] datagram = armor(ok);
		this.buffers.add(this.transport.deliver(STRANGER, datagram));
		this.bench.run();
		assertThat(this.root.peers().get(0).paths()).isEmpty();
		deliver("10.2.0.1/9993", datagram);
		assertThat(this.root.peers().get(0).paths()).extracting(PathStatus::endpoint)
			.containsExactly(NodeBench.endpoint("10.2.0.1/9993"));
	}

	@Test
	void aFloodOfNewIdentitiesIsGated() {
		byte[] hello = wire(5);
		int answered = 0;
		for (int i = 0; i < 2000; i++) {
			byte[] datagram = hello.clone();
			// another address, so another unknown identity, whose MAC is wrong
			datagram[13] = (byte) (i & 0x7f);
			datagram[14] = (byte) (i >> 7);
			System.arraycopy(datagram, 13, datagram, 41, 5);
			this.buffers.add(this.transport.deliver(STRANGER, datagram));
			answered += this.transport.take().size();
		}
		this.bench.run();
		assertThat(answered).isZero();
		assertThat(this.root.statistics().drops().get("identity-rate")).isGreaterThan(1900);
		nothingRemains(2000);
	}

	private static byte[] address(String name) {
		byte[] bytes = new byte[5];
		ByteBuf buffer = Unpooled.wrappedBuffer(bytes).writerIndex(0);
		identity(name).address().write(buffer);
		return bytes;
	}

	/** A genuine ECHO of A. */
	private byte[] echo(int id) {
		ByteBuf packet = Unpooled.buffer().writeZero(PacketHeader.PAYLOAD);
		PacketHeader.set(packet, 0x1234_5678_9abc_def0L + id, identity("R").address(), identity("A").address(),
				Verb.ECHO);
		packet.writeLong(this.seed);
		return armor(packet);
	}

	private static byte[] armor(ByteBuf packet) {
		new PacketCipher(identity("A").agree(identity("R"))).armor(packet, CipherSuite.AES_GMAC_SIV);
		return ByteBufUtil.getBytes(packet);
	}

	private void nothingRemains(int count) {
		this.bench.runTo(this.bench.now() + 12_000);
		assertThat(this.buffers).allMatch((buffer) -> buffer.refCnt() == 0);
		assertThat(this.transport.take()).filteredOn((one) -> one.destination().equals(STRANGER)).isEmpty();
		NodeStatistics after = this.root.statistics();
		assertThat(this.root.peers()).extracting(PeerStatus::address).containsExactly(identity("A").address());
		assertThat(this.root.peers().get(0).paths()).isEmpty();
		assertThat(after.datagramsReceived() - this.before.datagramsReceived()).isEqualTo(count);
		assertThat(after.packetsReceived()).isEqualTo(this.before.packetsReceived());
		assertThat(after.drops()).doesNotContainKey("failed");
		long drops = after.drops().values().stream().mapToLong(Long::longValue).sum()
				- this.before.drops().values().stream().mapToLong(Long::longValue).sum();
		// a fragment that expires counts with its packet
		assertThat(drops).as("drops " + after.drops()).isBetween(count * 9L / 10, (long) count);
	}

}
