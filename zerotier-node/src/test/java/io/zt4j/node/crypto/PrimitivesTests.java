package io.zt4j.node.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Salsa20}, {@link Salsa20Poly1305}, {@link KeyDerivation} and
 * {@link Digests} against the raw primitives of the reference.
 */
class PrimitivesTests {

	@TestFactory
	Stream<DynamicTest> keystreamsOf12And20RoundsAreThoseOfTheReference() {
		return Vectors.tests("vl1-primitives", "salsa20", (node) -> {
			byte[] key = Vectors.bytes(node, "key");
			byte[] iv = Vectors.bytes(node, "iv");
			if (node.has("salsa20_12")) {
				assertKeystream(12, key, iv, Vectors.bytes(node, "salsa20_12"));
				assertKeystream(20, key, iv, Vectors.bytes(node, "salsa20_20"));
			}
			else {
				Salsa20 salsa = salsa(12, key, iv);
				ByteBuf buffer = Unpooled.buffer().writeZero(132);
				salsa.xor(buffer, 0, 32);
				salsa.xor(buffer, 32, 100);
				assertThat(Vectors.hex(buffer))
					.isEqualTo(Vectors.text(node, "first32") + Vectors.text(node, "next100"));
				byte[] full = Vectors.bytes(node, "full164");
				assertKeystream(12, key, iv, full);
			}
		});
	}

	private static void assertKeystream(int rounds, byte[] key, byte[] iv, byte[] expected) {
		for (int length = expected.length; length > expected.length - 9; length--) {
			for (ByteBuf buffer : new ByteBuf[] { Unpooled.buffer(), Unpooled.directBuffer() }) {
				buffer.writeZero(length + 5);
				salsa(rounds, key, iv).xor(buffer, 3, length);
				assertThat(Vectors.hex(buffer))
					.isEqualTo("000000" + Vectors.hex(Arrays.copyOf(expected, length)) + "0000");
				buffer.release();
			}
		}
	}

	private static Salsa20 salsa(int rounds, byte[] key, byte[] iv) {
		Salsa20 salsa = new Salsa20(rounds);
		salsa.key(key, 0);
		salsa.nonce(ByteBuffer.wrap(iv).order(ByteOrder.LITTLE_ENDIAN).getLong());
		return salsa;
	}

	@TestFactory
	Stream<DynamicTest> oneTimeMacsAreThoseOfTheReference() {
		return Vectors.tests("vl1-primitives", "poly1305", (node) -> {
			byte[] data = Vectors.bytes(node, "data");
			Poly1305 poly = new Poly1305();
			poly.init(new KeyParameter(Vectors.bytes(node, "key")));
			poly.update(data, 0, data.length);
			byte[] tag = new byte[16];
			poly.doFinal(tag, 0);
			assertThat(tag).isEqualTo(Vectors.bytes(node, "tag16"));
		});
	}

	@Test
	void theMacOfADirectBufferIsThatOfAnArray() {
		Salsa20Poly1305 cipher = new Salsa20Poly1305();
		byte[] key = new byte[32];
		for (int length : new int[] { 0, 1, 2047, 2048, 2049, 9000 }) {
			ByteBuf heap = Unpooled.buffer().writeZero(3);
			for (int i = 0; i < length; i++) {
				heap.writeByte(i * 7);
			}
			ByteBuf direct = Unpooled.directBuffer().writeBytes(heap, 0, 3 + length);
			cipher.begin(key, 5);
			assertThat(cipher.mac(direct, 3, length)).isEqualTo(cipher.mac(heap, 3, length)).isNotZero();
			direct.release();
		}
	}

	@TestFactory
	Stream<DynamicTest> derivedKeysAreThoseOfTheReference() {
		return Vectors.tests("vl1-primitives", "kbkdf_hmac_sha384", (node) -> {
			byte[] key = Vectors.bytes(node, "key48");
			byte[] expected = Vectors.bytes(node, "output48");
			assertThat(KeyDerivation.kbkdf(key, Vectors.text(node, "label").charAt(0), node.get("context").asInt(),
					node.get("iteration").asInt()))
				.isEqualTo(expected);
			assertThat(KeyDerivation.hmacSha384(key, Vectors.bytes(node, "hmac_message"))).isEqualTo(expected);
		});
	}

	@Test
	void hashesAreThoseOfTheReference() {
		JsonNode vectors = Vectors.load("vl1-primitives");
		Vectors.list(vectors, "hmac_sha384")
			.forEach((node) -> assertThat(
					KeyDerivation.hmacSha384(Vectors.bytes(node, "key48"), Vectors.bytes(node, "data")))
				.isEqualTo(Vectors.bytes(node, "hmac")));
		Vectors.list(vectors, "sha2").forEach((node) -> {
			byte[] data = Vectors.bytes(node, "data");
			assertThat(Digests.sha512().digest(data)).isEqualTo(Vectors.bytes(node, "sha512"));
			assertThat(Digests.sha384().digest(data)).isEqualTo(Vectors.bytes(node, "sha384"));
		});
	}

}
