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
 * Tests for {@link Signatures}.
 */
class SignaturesTests {

	@TestFactory
	Stream<DynamicTest> signaturesAreThoseOfTheReferenceAndForgeriesAreRefused() {
		return Vectors.tests("vl1-signature", "cases", (node) -> {
			Identity signer = Identity.parse(Vectors.text(node, "signer_secret"));
			byte[] message = Vectors.bytes(node, "message");
			byte[] signature = Vectors.bytes(node, "signature");
			// the reference takes a non-canonical S, a strict verifier need not (2.3)
			boolean valid = node.required("valid").asBoolean()
					&& !Vectors.text(node, "description").contains("non-canonical");
			assertThat(signer.verify(message, signature)).isEqualTo(valid);
			if (valid) {
				assertThat(signer.sign(message)).isEqualTo(signature);
				assertThat(Arrays.copyOfRange(signature, 64, 96)).isEqualTo(Vectors.bytes(node, "m32"));
			}
		});
	}

	@Test
	void aSignatureOfAnotherLengthIsRefused() {
		JsonNode node = Vectors.cases("vl1-signature").findFirst().orElseThrow();
		Identity signer = Identity.parse(Vectors.text(node, "signer_secret"));
		byte[] signature = Vectors.bytes(node, "signature");
		assertThat(signer.verify(new byte[0], Arrays.copyOf(signature, 64))).isFalse();
		assertThat(signer.verify(new byte[0], Arrays.copyOf(signature, 97))).isFalse();
		assertThat(signer.verify(new byte[0], new byte[0])).isFalse();
	}

}
