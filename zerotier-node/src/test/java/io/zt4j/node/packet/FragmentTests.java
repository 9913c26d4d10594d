package io.zt4j.node.packet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.zt4j.node.Vectors;
import io.zt4j.node.crypto.Digests;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Fragmenter} and {@link FragmentAssembler}.
 */
class FragmentTests {

	private static final JsonNode VECTORS = Vectors.load("vl1-fragments");

	private final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;

	private final List<ByteBuf> received = new ArrayList<>();

	private final List<String> paths = new ArrayList<>();

	private final List<ByteBuf> given = new ArrayList<>();

	private FragmentAssembler<String> assembler = assembler(32, 8);

	@AfterEach
	void nothingLeaks() {
		this.assembler.clear();
		this.received.forEach(ByteBuf::release);
		assertThat(this.given).allSatisfy((buffer) -> assertThat(buffer.refCnt()).isZero());
	}

	@TestFactory
	Stream<DynamicTest> packetsOfTheReferenceAreDeliveredAsItDeliversThem() {
		return Vectors.tests("vl1-fragments", "cases", (node) -> {
			this.received.clear();
			FragmentAssembler<String> assembler = assembler(32, 8);
			List<byte[]> datagrams = node.get("datagrams")
				.valueStream()
				.map((d) -> Vectors.bytes(d.asString()))
				.toList();
			for (JsonNode index : node.get("delivery_order")) {
				ByteBuf datagram = Unpooled.wrappedBuffer(datagrams.get(index.asInt()).clone());
				if (FragmentAssembler.isFragment(datagram) || PacketHeader.isFragmented(datagram)) {
					assembler.accept("path", datagram, 0);
				}
				else {
					this.received.add(datagram);
				}
			}
			boolean delivered = node.get("delivered").asBoolean();
			assertThat(this.received).hasSize(delivered ? node.get("deliveries").asInt() : 0);
			if (delivered) {
				ByteBuf packet = this.received.get(0);
				assertThat(packet.readableBytes()).isEqualTo(node.get("packet_size").asInt());
				assertThat(Digests.sha512().digest(ByteBufUtil.getBytes(packet)))
					.isEqualTo(Vectors.bytes(node, "assembled_sha512"));
				assertThat(cipher().dearmor(packet)).isEqualTo(node.get("mac_valid_when_assembled").asBoolean());
				byte[] payload = ByteBufUtil.getBytes(packet, 28, packet.readableBytes() - 28);
				if (node.has("payload")) {
					assertThat(payload).isEqualTo(Vectors.bytes(node, "payload"));
				}
				else {
					assertThat(Digests.sha512().digest(payload)).isEqualTo(Vectors.bytes(node, "payload_sha512"));
				}
			}
			assembler.clear();
		});
	}

	@TestFactory
	Stream<DynamicTest> packetsAreCutToTheDatagramsOfTheReference() {
		return Vectors.tests("vl1-fragments", "cases", (node) -> {
			int size = node.get("packet_size").asInt();
			List<String> datagrams = node.get("datagrams").valueStream().map(JsonNode::asString).toList();
			ByteBuf packet = Unpooled.buffer();
			for (String datagram : datagrams) {
				packet.writeBytes(Vectors.bytes(packet.isReadable() ? datagram.substring(32) : datagram));
			}
			assertThat(packet.readableBytes()).isEqualTo(size);
			List<String> cut = new ArrayList<>();
			if (size > Fragmenter.maximumPacket(Fragmenter.DEFAULT_MTU)) {
				assertThatIllegalArgumentException().isThrownBy(() -> cut(packet, Fragmenter.DEFAULT_MTU))
					.withMessageContaining("9928");
				assertThat(packet.refCnt()).isZero();
				return;
			}
			cut(packet, Fragmenter.DEFAULT_MTU).forEach((datagram) -> {
				cut.add(Vectors.hex(datagram));
				datagram.release();
			});
			assertThat(cut).isEqualTo(datagrams);
			assertThat(packet.refCnt()).isZero();
		});
	}

	@Test
	void thePathOfTheHeadIsThePathOfThePacket() {
		List<ByteBuf> datagrams = cut(packet(1, 3000), 1432);
		accept("b", datagrams.get(2), 0);
		accept("a", datagrams.get(0), 0);
		accept("c", datagrams.get(1), 0);
		assertThat(this.paths).containsExactly("a");
		assertThat(Vectors.hex(this.received.get(0))).isEqualTo(hexOfPacket(1, 3000));
		assertThat(this.assembler.size()).isZero();
	}

	@Test
	void roomBehindTheHeadIsUsedInsteadOfANewBuffer() {
		List<ByteBuf> datagrams = cut(packet(1, 2000), 1432);
		ByteBuf head = Unpooled.buffer(4096).writeBytes(datagrams.get(0));
		datagrams.get(0).release();
		accept("a", head, 0);
		accept("a", datagrams.get(1), 0);
		assertThat(this.received.get(0)).isSameAs(head);
		assertThat(Vectors.hex(head)).isEqualTo(hexOfPacket(1, 2000));
	}

	@Test
	void duplicatesAreDropped() {
		List<ByteBuf> datagrams = cut(packet(1, 4000), 1432);
		accept("a", datagrams.get(0).copy(), 0);
		assertThat(accept("a", datagrams.get(0), 0)).isEqualTo(FragmentAssembler.Rejection.DUPLICATE);
		accept("a", datagrams.get(1).copy(), 0);
		assertThat(accept("a", datagrams.get(1), 0)).isEqualTo(FragmentAssembler.Rejection.DUPLICATE);
		accept("a", datagrams.get(2), 0);
		assertThat(this.received).hasSize(1);
	}

	@Test
	void fragmentsWithImpossibleNumbersAreDropped() {
		for (int numbers : new int[] { 0x00, 0x10, 0x11, 0x81, 0xf1, 0x20, 0x22, 0x36, 0x77, 0x7f }) {
			ByteBuf fragment = cut(packet(1, 2000), 1432, 1);
			fragment.setByte(14, numbers);
			assertThat(accept("a", fragment, 0)).as("%02x", numbers).isEqualTo(FragmentAssembler.Rejection.MALFORMED);
		}
		assertThat(accept("a", Unpooled.buffer().writeZero(13).writeByte(0xff).writeByte(0x21).writeByte(0), 0))
			.isEqualTo(FragmentAssembler.Rejection.MALFORMED);
		assertThat(accept("a", Unpooled.buffer().writeZero(27), 0)).isEqualTo(FragmentAssembler.Rejection.MALFORMED);
		assertThat(this.assembler.size()).isZero();
	}

	@Test
	void aWholeThatIsTooLongIsDropped() {
		assertThat(accept("a", fragment(1, 0x31, 6000), 0)).isNull();
		assertThat(accept("a", fragment(1, 0x32, 6000), 0)).isEqualTo(FragmentAssembler.Rejection.TOO_LONG);
		assertThat(this.assembler.size()).isZero();
	}

	@Test
	void incompletePacketsExpireAfterFiveSeconds() {
		accept("a", fragment(1, 0x31, 100), 1_000);
		accept("a", fragment(2, 0x31, 100), 2_000);
		assertThat(this.assembler.expire(6_000)).isZero();
		assertThat(this.assembler.expire(6_001)).isOne();
		assertThat(this.assembler.size()).isOne();
		accept("a", fragment(3, 0x31, 100), 8_000);
		assertThat(this.assembler.size()).isOne();
	}

	@Test
	void aFloodFromOneSourceDisplacesOnlyItself() {
		accept("victim", fragment(1, 0x21, 100), 0);
		for (int i = 0; i < 1000; i++) {
			accept("flood", fragment(1000 + i, 0x21, 100), 0);
			assertThat(this.assembler.size()).isLessThanOrEqualTo(9);
		}
		ByteBuf head = cut(packet(1, 1500), 1432, 0);
		accept("victim", head, 1);
		assertThat(this.received).hasSize(1);
	}

	@Test
	void aFloodFromManySourcesStaysWithinTheTable() {
		for (int i = 0; i < 1000; i++) {
			accept("source " + i, fragment(i, 0x21, 100), 0);
			assertThat(this.assembler.size()).isLessThanOrEqualTo(32);
		}
		assertThat(this.assembler.size()).isEqualTo(32);
	}

	@Test
	void relaysCountHopsOfFragments() {
		ByteBuf fragment = fragment(1, 0x21, 1);
		assertThat(Fragmenter.incrementHops(fragment)).isTrue();
		assertThat(Fragmenter.incrementHops(fragment)).isTrue();
		assertThat(Fragmenter.incrementHops(fragment)).isTrue();
		assertThat(Fragmenter.incrementHops(fragment)).isFalse();
		assertThat(fragment.getByte(15)).isEqualTo((byte) 3);
		fragment.release();
	}

	private FragmentAssembler<String> assembler(int capacity, int perSource) {
		return new FragmentAssembler<>(capacity, perSource, (path, packet) -> {
			this.paths.add(path);
			this.received.add(packet);
		});
	}

	private FragmentAssembler.Rejection accept(String path, ByteBuf datagram, long now) {
		this.given.add(datagram);
		return this.assembler.accept(path, datagram, now);
	}

	private List<ByteBuf> cut(ByteBuf packet, int mtu) {
		List<ByteBuf> datagrams = new ArrayList<>();
		Fragmenter.fragment(packet, mtu, this.allocator, datagrams::add);
		return datagrams;
	}

	private ByteBuf cut(ByteBuf packet, int mtu, int wanted) {
		List<ByteBuf> datagrams = cut(packet, mtu);
		ByteBuf datagram = datagrams.remove(wanted);
		datagrams.forEach(ByteBuf::release);
		return datagram;
	}

	private static ByteBuf fragment(long id, int numbers, int length) {
		return Unpooled.buffer()
			.writeLong(id)
			.writeZero(5)
			.writeByte(0xff)
			.writeByte(numbers)
			.writeByte(0)
			.writeZero(length);
	}

	private static ByteBuf packet(long id, int length) {
		ByteBuf packet = Unpooled.buffer(length).writeZero(28);
		PacketHeader.set(packet, id, new Address(1), new Address(2), Verb.ECHO);
		PacketHeader.setFragmented(packet, true);
		while (packet.readableBytes() < length) {
			packet.writeByte(packet.readableBytes() * 31 >> 3);
		}
		return packet;
	}

	private static String hexOfPacket(long id, int length) {
		return Vectors.hex(packet(id, length));
	}

	private static PacketCipher cipher() {
		Identity sender = Identity.parse(Vectors.text(VECTORS, "sender_secret"));
		Identity receiver = Identity.parse(Vectors.text(VECTORS, "receiver_secret"));
		return new PacketCipher(receiver.agree(sender));
	}

}
