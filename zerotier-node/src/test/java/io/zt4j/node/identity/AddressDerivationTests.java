package io.zt4j.node.identity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import io.zt4j.node.Vectors;
import io.zt4j.node.crypto.Digests;
import io.zt4j.node.crypto.Salsa20;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AddressDerivation}.
 */
class AddressDerivationTests {

	private final JsonNode trace = Vectors.load("vl1-identity").required("derivation_trace");

	private final AddressDerivation derivation = new AddressDerivation();

	@Test
	void everyStepIsThatOfTheReference() {
		byte[] hash = Digests.sha512().digest(Vectors.bytes(this.trace, "public_key"));
		assertThat(hash).isEqualTo(Vectors.bytes(this.trace, "step1_sha512_of_public_key"));
		Salsa20 salsa = new Salsa20(20);
		salsa.key(hash, 0);
		salsa.nonce(ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN).getLong(32));
		this.derivation.fill(salsa);
		byte[] memory = bytes(this.derivation.memory());
		assertThat(Arrays.copyOfRange(memory, 0, 64)).isEqualTo(Vectors.bytes(this.trace, "step2_genmem_block0"));
		assertThat(Arrays.copyOfRange(memory, 64, 128)).isEqualTo(Vectors.bytes(this.trace, "step2_genmem_block1"));
		assertThat(Arrays.copyOfRange(memory, 128, 192)).isEqualTo(Vectors.bytes(this.trace, "step2_genmem_block2"));
		assertThat(Arrays.copyOfRange(memory, memory.length - 64, memory.length))
			.isEqualTo(Vectors.bytes(this.trace, "step2_genmem_last_block"));
		assertThat(Digests.sha512().digest(memory))
			.isEqualTo(Vectors.bytes(this.trace, "step2_sha512_of_whole_genmem"));
		long[] digest = new long[8];
		ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(digest);
		int done = 0;
		for (JsonNode step : this.trace.required("step3_mixing")) {
			int iteration = step.required("iteration").asInt();
			this.derivation.mix(salsa, digest, done, iteration);
			done = iteration;
			assertThat(bytes(digest)).as("iteration %d", iteration).isEqualTo(Vectors.bytes(step, "digest_after"));
		}
		assertThat(done).isEqualTo(AddressDerivation.ITERATIONS);
		assertThat(bytes(digest)).isEqualTo(Vectors.bytes(this.trace, "final_digest"));
	}

	@Test
	void memoryIsReusableFromKeyToKey() {
		byte[] key = Vectors.bytes(this.trace, "public_key");
		assertThat(this.derivation.derive(key)).hasToString(Vectors.text(this.trace, "address"));
		assertThat(this.derivation.derive(key)).hasToString(Vectors.text(this.trace, "address"));
	}

	private static byte[] bytes(long[] words) {
		ByteBuffer buffer = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		buffer.asLongBuffer().put(words);
		return buffer.array();
	}

}
