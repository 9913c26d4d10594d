package io.zt4j.node.packet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.world.World;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties of packets and worlds that hold whatever the content.
 */
class PacketPropertyTests {

	private final PacketCipher cipher = new PacketCipher(new byte[48]);

	@Provide
	Arbitrary<CipherSuite> suites() {
		return Arbitraries.of(CipherSuite.C25519_POLY1305_NONE, CipherSuite.C25519_POLY1305_SALSA2012,
				CipherSuite.AES_GMAC_SIV);
	}

	@Property
	void whatIsArmoredReadsBack(@ForAll("suites") CipherSuite suite, @ForAll long id,
			@ForAll @Size(max = 3000) byte[] payload) {
		ByteBuf packet = packet(id, payload);
		this.cipher.armor(packet, suite);
		assertThat(this.cipher.dearmor(packet)).isTrue();
		assertThat(Vectors.hex(packet).substring(56)).isEqualTo(Vectors.hex(payload));
	}

	@Property
	void anyFlippedBitButThoseOfTheHopsIsNoticed(@ForAll("suites") CipherSuite suite, @ForAll long id,
			@ForAll @Size(max = 100) byte[] payload, @ForAll @IntRange(max = 8 * 128 - 1) int bit) {
		ByteBuf packet = packet(id, payload);
		this.cipher.armor(packet, suite);
		int flipped = bit % (8 * packet.readableBytes());
		int index = flipped / 8;
		packet.setByte(index, packet.getByte(index) ^ 1 << (flipped % 8));
		boolean hops = index == PacketHeader.FLAGS && flipped % 8 < 3;
		assertThat(this.cipher.dearmor(packet)).isEqualTo(hops);
	}

	@Property
	void anyOtherLengthIsNoticed(@ForAll("suites") CipherSuite suite, @ForAll @Size(max = 100) byte[] payload,
			@ForAll @IntRange(min = 1, max = 100) int difference) {
		ByteBuf packet = packet(5, payload);
		this.cipher.armor(packet, suite);
		ByteBuf longer = packet.copy().writeZero(difference);
		assertThat(this.cipher.dearmor(longer)).isFalse();
		ByteBuf shorter = packet.copy(0, Math.max(0, packet.readableBytes() - difference));
		assertThat(this.cipher.dearmor(shorter)).isFalse();
	}

	@Property
	void fragmentsInAnyOrderMakeThePacket(@ForAll @IntRange(min = 28, max = 9928) int length,
			@ForAll @IntRange(min = 1400, max = 3000) int mtu, @ForAll long seed) {
		byte[] payload = new byte[length - 28];
		new Random(seed).nextBytes(payload);
		ByteBuf packet = packet(seed, payload);
		PacketHeader.setFragmented(packet, true);
		String expected = Vectors.hex(packet);
		List<ByteBuf> datagrams = new ArrayList<>();
		if (length > Fragmenter.maximumPacket(mtu)) {
			return;
		}
		Fragmenter.fragment(packet, mtu, UnpooledByteBufAllocator.DEFAULT, datagrams::add);
		assertThat(datagrams).allSatisfy((datagram) -> assertThat(datagram.readableBytes()).isLessThanOrEqualTo(mtu));
		if (datagrams.size() == 1) {
			assertThat(Vectors.hex(datagrams.get(0))).isEqualTo(expected);
			return;
		}
		Collections.shuffle(datagrams, new Random(seed));
		List<String> received = new ArrayList<>();
		FragmentAssembler<String> assembler = new FragmentAssembler<>(4, 4, (path, whole) -> {
			received.add(Vectors.hex(whole));
			whole.release();
		});
		datagrams.forEach((datagram) -> assertThat(assembler.accept("path", datagram, 0)).isNull());
		assertThat(received).containsExactly(expected);
		assertThat(datagrams).allSatisfy((datagram) -> assertThat(datagram.refCnt()).isZero());
	}

	@Property
	void whatIsCompressedDecompresses(@ForAll @Size(max = 9996) @IntRange(max = 3) List<Integer> payload) {
		byte[] bytes = new byte[payload.size()];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = payload.get(i).byteValue();
		}
		ByteBuf packet = packet(1, bytes);
		Lz4.compress(packet);
		assertThat(packet.readableBytes()).isLessThanOrEqualTo(28 + bytes.length);
		ByteBuf plain = Lz4.decompress(packet, UnpooledByteBufAllocator.DEFAULT);
		assertThat(Vectors.hex(plain).substring(56)).isEqualTo(Vectors.hex(bytes));
	}

	@Property
	void aWorldWithAnyFlippedBitIsNotGenuine(@ForAll @IntRange(max = 8 * 570 - 1) int bit) {
		World planet = World.defaultPlanet();
		byte[] bytes = planet.toBytes();
		bytes[bit / 8] ^= (byte) (1 << (bit % 8));
		try {
			World changed = World.parse(bytes);
			assertThat(changed.verify(planet.updatesMustBeSignedBy())).isFalse();
			assertThat(planet.isReplacedBy(changed)).isFalse();
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex).hasMessageContaining("Not a planet or moon file");
		}
	}

	@Property
	void truncatedHellosAreMalformedOrReadAsFarAsTheyGo(@ForAll @IntRange(min = 0, max = 200) int length) {
		Identity identity = World.defaultPlanet().roots().get(0).identity();
		Hello hello = new Hello(12, 1, 14, 1, 5, identity, InetAddressCodec.parse("2001:db8::1/9993"), 7, 8,
				List.of(new Hello.MoonTimestamp(1, 2)));
		ByteBuf packet = Unpooled.buffer().writeZero(28);
		hello.write(packet);
		ByteBuf truncated = packet.copy(0, Math.min(length, packet.readableBytes()));
		try {
			Hello read = Hello.read(truncated);
			assertThat(length).isGreaterThanOrEqualTo(112);
			assertThat(read.identity()).isEqualTo(identity);
			assertThat(Hello.tailOffset(truncated)).isLessThanOrEqualTo(truncated.readableBytes());
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			assertThat(length).isLessThan(packet.readableBytes());
		}
	}

	private static ByteBuf packet(long id, byte[] payload) {
		ByteBuf packet = Unpooled.buffer(28 + payload.length).writeZero(28).writeBytes(payload);
		PacketHeader.set(packet, id, new Address(0x1122334455L), new Address(0x66778899aaL), Verb.ECHO);
		return packet;
	}

}
