package io.zt4j.node.packet;

import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Lz4}.
 */
class Lz4Tests {

	private static final JsonNode VECTORS = Vectors.load("vl1-compression");

	@TestFactory
	Stream<DynamicTest> packetsOfTheReferenceDecompressToTheOriginal() {
		Identity sender = Identity.parse(Vectors.text(VECTORS, "sender_secret"));
		Identity receiver = Identity.parse(Vectors.text(VECTORS, "receiver_secret"));
		return Vectors.tests("vl1-compression", "cases", (node) -> {
			ByteBuf packet = Unpooled.directBuffer().writeBytes(Vectors.bytes(node, "armored"));
			assertThat(new PacketCipher(receiver.agree(sender)).dearmor(packet)).isTrue();
			assertThat(Vectors.hex(packet).substring(54)).isEqualTo(Vectors.text(node, "compressed").substring(54));
			assertThat(PacketHeader.isCompressed(packet)).isEqualTo(node.get("compression_applied").asBoolean());
			ByteBuf plain = decompress(packet);
			assertThat(Vectors.hex(plain).substring(54)).isEqualTo(Vectors.text(node, "plain").substring(54));
			plain.release();
			assertThat(packet.refCnt()).isZero();
		});
	}

	@TestFactory
	Stream<DynamicTest> packetsAreCompressedWhenTheReferenceDoesAndDecompressToTheOriginal() {
		return Vectors.tests("vl1-compression", "cases", (node) -> {
			ByteBuf packet = Vectors.buffer(node, "plain");
			boolean compressed = Lz4.compress(packet);
			assertThat(compressed).isEqualTo(node.get("compression_applied").asBoolean());
			assertThat(PacketHeader.isCompressed(packet)).isEqualTo(compressed);
			assertThat(PacketHeader.verb(packet)).isEqualTo(Verb.USER_MESSAGE);
			if (compressed) {
				assertThat(packet.readableBytes()).isLessThan(Vectors.bytes(node, "plain").length);
			}
			assertThat(Vectors.hex(decompress(packet))).isEqualTo(Vectors.text(node, "plain"));
		});
	}

	@TestFactory
	Stream<DynamicTest> blocksAreDecodedOrRefusedAsTheReferenceDoes() {
		return Vectors.tests("vl1-compression", "decode_cases", (node) -> {
			ByteBuf packet = packet().writeBytes(Vectors.bytes(node, "lz4_block"));
			PacketHeader.setCompressed(packet, true);
			if (node.get("accepted").asBoolean()) {
				ByteBuf plain = decompress(packet);
				assertThat(PacketHeader.isCompressed(plain)).isFalse();
				if (node.has("output")) {
					assertThat(Vectors.hex(plain).substring(56)).isEqualTo(Vectors.text(node, "output"));
				}
				else {
					assertThat(plain.readableBytes()).isEqualTo(28 + node.get("output_length").asInt());
				}
			}
			else {
				assertThatExceptionOfType(MalformedPacketException.class).isThrownBy(() -> decompress(packet));
				assertThat(packet.refCnt()).isOne();
			}
		});
	}

	@Test
	void payloadsOf64BytesAreLeftAlone() {
		assertThat(Lz4.compress(packet().writeZero(64))).isFalse();
		assertThat(Lz4.compress(packet().writeZero(65))).isTrue();
	}

	private static ByteBuf packet() {
		ByteBuf packet = Unpooled.buffer().writeZero(28);
		PacketHeader.set(packet, 1, new Address(1), new Address(2), Verb.USER_MESSAGE);
		return packet;
	}

	private static ByteBuf decompress(ByteBuf packet) {
		return Lz4.decompress(packet, UnpooledByteBufAllocator.DEFAULT);
	}

}
