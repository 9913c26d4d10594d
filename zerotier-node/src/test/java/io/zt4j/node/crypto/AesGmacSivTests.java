package io.zt4j.node.crypto;

import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AesGmacSiv}.
 */
class AesGmacSivTests {

	@TestFactory
	Stream<DynamicTest> tagsAndCiphertextsAreThoseOfTheReference() {
		return Vectors.tests("vl1-aes-gmac-siv", "cases", (node) -> {
			AesGmacSiv siv = new AesGmacSiv(Vectors.bytes(node, "k0"), Vectors.bytes(node, "k1"));
			byte[] aad = Vectors.bytes(node, "aad");
			byte[] plain = Vectors.bytes(node, "plaintext");
			for (ByteBuf buffer : new ByteBuf[] { Unpooled.buffer(), Unpooled.directBuffer() }) {
				buffer.writeZero(5).writeBytes(plain).writeZero(2);
				siv.encrypt(aad, Long.parseUnsignedLong(Vectors.text(node, "iv8"), 16), buffer, 5, plain.length);
				assertThat(String.format("%016x%016x", siv.tagHigh(), siv.tagLow()))
					.isEqualTo(Vectors.text(node, "tag16"));
				assertThat(Vectors.hex(buffer)).isEqualTo("0000000000" + Vectors.text(node, "ciphertext") + "0000");
				assertThat(siv.decrypt(aad, siv.tagHigh(), siv.tagLow(), buffer, 5, plain.length)).isTrue();
				assertThat(Vectors.hex(buffer)).isEqualTo("0000000000" + Vectors.hex(plain) + "0000");
				buffer.release();
			}
		});
	}

	@Test
	void theSameMessageMayBeVerifiedAnyNumberOfTimes() {
		AesGmacSiv siv = new AesGmacSiv(new byte[32], new byte[32]);
		ByteBuf buffer = Unpooled.buffer().writeZero(100);
		siv.encrypt(new byte[11], 42, buffer, 0, 100);
		long high = siv.tagHigh();
		long low = siv.tagLow();
		for (int i = 0; i < 3; i++) {
			ByteBuf copy = buffer.copy();
			assertThat(siv.decrypt(new byte[11], high, low, copy, 0, 100)).isTrue();
			assertThat(Vectors.hex(copy)).isEqualTo("00".repeat(100));
		}
	}

	@Test
	void aMessageThatIsNotAuthenticStaysUnchanged() {
		AesGmacSiv siv = new AesGmacSiv(new byte[32], new byte[32]);
		ByteBuf buffer = Unpooled.buffer().writeZero(100);
		siv.encrypt(new byte[11], 42, buffer, 0, 100);
		String cipher = Vectors.hex(buffer);
		assertThat(siv.decrypt(new byte[] { 1 }, siv.tagHigh(), siv.tagLow(), buffer, 0, 100)).isFalse();
		assertThat(Vectors.hex(buffer)).isEqualTo(cipher);
	}

	@Test
	void aMessageThatExceedsTheMemoryIsRefused() {
		AesGmacSiv siv = new AesGmacSiv(new byte[32], new byte[32]);
		ByteBuf buffer = Unpooled.buffer().writeZero(20_000);
		assertThatIllegalArgumentException().isThrownBy(() -> siv.encrypt(new byte[11], 42, buffer, 0, 20_000));
	}

}
