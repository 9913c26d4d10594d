package io.zt4j.node.packet;

import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PacketCipher} and {@link PacketHeader}.
 */
class PacketCipherTests {

	private static final JsonNode VECTORS = Vectors.load("vl1-packets");

	private final Identity sender = Identity.parse(Vectors.text(VECTORS, "sender_secret"));

	private final Identity receiver = Identity.parse(Vectors.text(VECTORS, "receiver_secret"));

	@TestFactory
	Stream<DynamicTest> packetsAreArmoredToTheBytesOfTheReference() {
		return Vectors.tests("vl1-packets", "cases", (node) -> {
			// relayed variants differ from what a sender makes by their hops
			if (!node.has("plain") || Vectors.text(node, "description").contains("relay hop")) {
				return;
			}
			ByteBuf packet = offset(Vectors.bytes(node, "plain"));
			PacketHeader.setFragmented(packet, (Vectors.bytes(node, "plain")[18] & 0x40) != 0);
			CipherSuite suite = CipherSuite.of(node.get("cipher").asInt());
			if (suite == CipherSuite.NONE) {
				PacketHeader.setTrustedPath(packet, 0x1122334455667788L);
			}
			else {
				cipher().armor(packet, suite);
			}
			assertThat(Vectors.hex(packet)).isEqualTo(Vectors.text(node, "armored"));
			if (node.has("flags_byte")) {
				assertThat(PacketHeader.flags(packet)).isEqualTo(node.get("flags_byte").asInt());
			}
			packet.release();
		});
	}

	@TestFactory
	Stream<DynamicTest> packetsOfTheReferenceAreReadOrRefusedAsItDoes() {
		return Vectors.tests("vl1-packets", "cases", (node) -> {
			byte[] armored = Vectors.bytes(node, "armored");
			boolean accepted = Vectors.text(node, "expect").equals("accepted");
			for (ByteBuf packet : new ByteBuf[] { Unpooled.wrappedBuffer(armored.clone()), offset(armored) }) {
				assertThat(cipher().dearmor(packet)).isEqualTo(accepted);
				if (accepted) {
					String plain = Vectors.text(node, "plain");
					assertThat(Vectors.hex(packet).substring(54)).isEqualTo(plain.substring(54));
					assertThat(Vectors.hex(packet).substring(0, 54)).isEqualTo(Vectors.hex(armored).substring(0, 54));
					assertThat(PacketHeader.verb(packet)).isEqualTo(Verb.of(node.get("verb").asInt()));
				}
				else {
					assertThat(Vectors.hex(packet)).isEqualTo(Vectors.hex(armored));
				}
				packet.release();
			}
		});
	}

	@Test
	void thePeerKeyIsThatOfTheVectors() {
		assertThat(this.sender.agree(this.receiver)).isEqualTo(Vectors.bytes(VECTORS, "shared_key48"));
	}

	@Test
	void aPacketArrivingTwiceVerifiesTwice() {
		PacketCipher cipher = cipher();
		for (CipherSuite suite : new CipherSuite[] { CipherSuite.C25519_POLY1305_NONE,
				CipherSuite.C25519_POLY1305_SALSA2012, CipherSuite.AES_GMAC_SIV }) {
			ByteBuf packet = packet(7, 1000);
			String plain = Vectors.hex(packet).substring(54);
			cipher.armor(packet, suite);
			for (int i = 0; i < 3; i++) {
				ByteBuf copy = packet.copy();
				assertThat(cipher.dearmor(copy)).isTrue();
				assertThat(Vectors.hex(copy).substring(54)).isEqualTo(plain);
			}
		}
	}

	@Test
	void headerFieldsReadBackAsWritten() {
		ByteBuf packet = packet(0x0123456789abcdefL, 0);
		assertThat(PacketHeader.packetId(packet)).isEqualTo(0x0123456789abcdefL);
		assertThat(PacketHeader.destination(packet)).isEqualTo(this.receiver.address());
		assertThat(PacketHeader.destinationValue(packet)).isEqualTo(this.receiver.address().value());
		assertThat(PacketHeader.source(packet)).isEqualTo(this.sender.address());
		assertThat(PacketHeader.sourceValue(packet)).isEqualTo(this.sender.address().value());
		assertThat(PacketHeader.verb(packet)).isEqualTo(Verb.ECHO);
		assertThat(PacketHeader.hops(packet)).isZero();
		assertThat(PacketHeader.isFragmented(packet)).isFalse();
		PacketHeader.setFragmented(packet, true);
		cipher().armor(packet, CipherSuite.C25519_POLY1305_SALSA2012);
		assertThat(PacketHeader.flags(packet)).isEqualTo(0xc8);
		PacketHeader.incrementHops(packet);
		assertThat(PacketHeader.hops(packet)).isOne();
		assertThat(cipher().dearmor(packet)).isTrue();
	}

	@Test
	void aTrustedPathIsNoCipher() {
		ByteBuf packet = packet(1, 10);
		assertThatIllegalArgumentException().isThrownBy(() -> cipher().armor(packet, CipherSuite.NONE))
			.withMessageContaining("setTrustedPath");
		PacketHeader.setTrustedPath(packet, 99);
		assertThat(PacketHeader.trustedPathId(packet)).isEqualTo(99);
		assertThat(PacketHeader.cipherSuite(packet)).isEqualTo(CipherSuite.NONE);
		assertThat(cipher().dearmor(packet)).isFalse();
	}

	@Test
	void packetsThatAreTooShortOrTooLongAreRefused() {
		assertThat(cipher().dearmor(Unpooled.buffer().writeZero(27))).isFalse();
		assertThat(cipher().dearmor(Unpooled.buffer().writeZero(10_025))).isFalse();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> cipher().armor(packet(1, 9_997), CipherSuite.AES_GMAC_SIV));
		ByteBuf largest = packet(1, 9_996);
		cipher().armor(largest, CipherSuite.AES_GMAC_SIV);
		assertThat(cipher().dearmor(largest)).isTrue();
		assertThatIllegalArgumentException().isThrownBy(() -> new PacketCipher(new byte[32]));
	}

	private PacketCipher cipher() {
		return new PacketCipher(this.receiver.agree(this.sender));
	}

	private ByteBuf packet(long id, int payload) {
		Address to = this.receiver.address();
		ByteBuf packet = Unpooled.buffer().writeZero(28);
		PacketHeader.set(packet, id, to, this.sender.address(), Verb.ECHO);
		return packet.writeZero(payload);
	}

	// a direct buffer in which the packet does not begin at 0
	private static ByteBuf offset(byte[] bytes) {
		return Unpooled.directBuffer().writeZero(7).writeBytes(bytes).skipBytes(7);
	}

}
