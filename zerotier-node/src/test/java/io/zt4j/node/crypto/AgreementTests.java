package io.zt4j.node.crypto;

import java.util.Arrays;
import java.util.stream.Stream;

import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Identity;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Agreement} and the keys derived from what it yields.
 */
class AgreementTests {

	@TestFactory
	Stream<DynamicTest> peerKeysAndDerivedKeysAreThoseOfTheReference() {
		return Vectors.tests("vl1-agreement", "cases", (node) -> {
			Identity a = Identity.parse(Vectors.text(node, "a_secret"));
			Identity b = Identity.parse(Vectors.text(node, "b_secret"));
			byte[] key = Vectors.bytes(node, "key48");
			assertThat(a.agree(b)).isEqualTo(key);
			assertThat(b.agree(a)).isEqualTo(key);
			byte[] raw = Agreement.x25519(privateKey(a), b.publicKey());
			assertThat(raw).isEqualTo(Vectors.bytes(node, "x25519_raw"));
			assertThat(Digests.sha512().digest(raw)).isEqualTo(Vectors.bytes(node, "sha512_of_raw"));
			assertThat(KeyDerivation.kbkdf(key, '0', 0, 0)).isEqualTo(Vectors.bytes(node, "kbkdf_label_0"));
			assertThat(KeyDerivation.kbkdf(key, '1', 0, 0)).isEqualTo(Vectors.bytes(node, "kbkdf_label_1"));
			assertThat(KeyDerivation.aesKey(key, '0')).isEqualTo(Vectors.bytes(node, "aes_k0"));
			assertThat(KeyDerivation.aesKey(key, '1')).isEqualTo(Vectors.bytes(node, "aes_k1"));
		});
	}

	@TestFactory
	Stream<DynamicTest> edgeCasesOfTheCurveAreThoseOfTheReferenceButAllZeroIsRefused() {
		return Vectors.tests("vl1-agreement", "x25519_edge_cases", (node) -> {
			byte[] privateKey = Vectors.bytes(node, "private32");
			byte[] publicKey = Vectors.bytes(node, "public32");
			byte[] expected = Vectors.bytes(node, "x25519_raw");
			assertThat(Agreement.x25519(privateKey, publicKey)).isEqualTo(expected);
			if (Arrays.equals(expected, new byte[32])) {
				assertThat(Agreement.agree(privateKey, publicKey)).isNull();
			}
			else {
				assertThat(Agreement.agree(privateKey, publicKey))
					.isEqualTo(Arrays.copyOf(Digests.sha512().digest(expected), 48));
			}
		});
	}

	@Test
	void thePeerKeyIsTheBeginningOfTheExtendedOutput() {
		JsonNode node = Vectors.list(Vectors.load("vl1-agreement"), "extended_output").findFirst().orElseThrow();
		JsonNode pair = Vectors.cases("vl1-agreement").findFirst().orElseThrow();
		byte[] key = Identity.parse(Vectors.text(pair, "a_secret"))
			.agree(Identity.parse(Vectors.text(pair, "b_secret")));
		assertThat(Vectors.bytes(node, "out160")).startsWith(key);
	}

	private static byte[] privateKey(Identity identity) {
		return Vectors.bytes(identity.secretString().split(":")[3]);
	}

}
