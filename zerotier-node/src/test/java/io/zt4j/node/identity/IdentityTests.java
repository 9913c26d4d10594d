package io.zt4j.node.identity;

import java.security.SecureRandom;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.packet.MalformedPacketException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Identity}.
 */
class IdentityTests {

	private static final JsonNode FIRST = Vectors.cases("vl1-identity").findFirst().orElseThrow();

	@TestFactory
	Stream<DynamicTest> parsesValidatesAndFormatsAsTheReferenceDoes() {
		return Vectors.tests("vl1-identity", "cases", (node) -> {
			String text = Vectors.text(node, "public_string");
			if (!node.path("parses").asBoolean(true)) {
				assertThatIllegalArgumentException().isThrownBy(() -> Identity.parse(text));
				return;
			}
			Identity identity = Identity.parse(text);
			assertThat(identity.publicString()).isEqualTo(text);
			assertThat(identity.isValid()).isEqualTo(node.required("valid").asBoolean());
			assertThat(new AddressDerivation().digest(identity.publicKey())).isEqualTo(Vectors.bytes(node, "digest"));
			if (node.has("address")) {
				assertThat(identity.address()).hasToString(Vectors.text(node, "address"));
			}
		});
	}

	@TestFactory
	Stream<DynamicTest> bothFormsRoundTripToIdenticalBytes() {
		return Vectors.tests("vl1-identity", "cases", (node) -> {
			if (!node.has("binary_public")) {
				return;
			}
			Identity secret = Identity.parse(Vectors.text(node, "secret_string"));
			assertThat(secret.hasSecret()).isTrue();
			assertThat(secret.secretString()).isEqualTo(Vectors.text(node, "secret_string"));
			assertThat(secret.publicString()).isEqualTo(Vectors.text(node, "public_string"));
			ByteBuf out = Unpooled.buffer();
			secret.write(out);
			assertThat(Vectors.hex(out)).isEqualTo(Vectors.text(node, "binary_public"));
			Identity read = Identity.read(out);
			assertThat(out.isReadable()).isFalse();
			assertThat(read).isEqualTo(secret).hasSameHashCodeAs(secret);
			assertThat(read.hasSecret()).isFalse();
			Identity readSecret = Identity.read(Vectors.buffer(node, "binary_with_private"));
			assertThat(readSecret.secretString()).isEqualTo(Vectors.text(node, "secret_string"));
			assertThat(secret.fingerprint()).isEqualTo(Vectors.bytes(node, "sha384_of_address_and_public_key"));
		});
	}

	@TestFactory
	Stream<DynamicTest> binaryFormIsRefusedOrConsumedExactly() {
		return Vectors.tests("vl1-identity", "binary_parse_cases", (node) -> {
			ByteBuf in = Vectors.buffer(node, "binary");
			if (node.required("parses").asBoolean()) {
				Identity.read(in);
				assertThat(in.readerIndex()).isEqualTo(node.required("consumed").asInt());
			}
			else {
				assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> Identity.read(in))
					.isInstanceOfAny(MalformedPacketException.class, IndexOutOfBoundsException.class);
			}
		});
	}

	@Test
	void trailingWhiteSpaceIsIgnored() {
		String text = Vectors.text(FIRST, "secret_string");
		assertThat(Identity.parse(text + " \r\n").secretString()).isEqualTo(text);
	}

	@Test
	void digitsThatAreNotHexadecimalAreRefused() {
		String text = Vectors.text(FIRST, "public_string");
		assertThatIllegalArgumentException().isThrownBy(() -> Identity.parse(text.substring(0, 140) + "g"))
			.withMessageContaining("128 hex digits");
		assertThatIllegalArgumentException().isThrownBy(() -> Identity.parse(text + "00"));
		assertThatIllegalArgumentException().isThrownBy(() -> Identity.parse(text + ":" + "0".repeat(400)));
	}

	@Test
	void theSecretNeverShowsInTextMeantForPeople() {
		Identity identity = Identity.parse(Vectors.text(FIRST, "secret_string"));
		String secret = Vectors.text(FIRST, "private_key");
		assertThat(identity.toString()).doesNotContain(secret.substring(0, 16));
		assertThatIllegalArgumentException().isThrownBy(() -> Identity.parse(identity.secretString() + "00"))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain(secret.substring(0, 16)));
		assertThat(identity.withoutSecret().hasSecret()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> identity.withoutSecret().secretString())
			.withMessageContaining("identity.secret");
	}

	@Test
	void generatedIdentitiesAreValidAndAgreeWithEachOther() {
		Identity a = IdentityGenerator.generate(new SecureRandom());
		Identity b = IdentityGenerator.generate(new SecureRandom());
		assertThat(a.hasSecret()).isTrue();
		assertThat(Identity.parse(a.secretString()).isValid()).isTrue();
		assertThat(a).isNotEqualTo(b);
		assertThat(a.agree(b.withoutSecret())).hasSize(48).isEqualTo(b.agree(a));
		byte[] message = { 1, 2, 3 };
		assertThat(a.withoutSecret().verify(message, a.sign(message))).isTrue();
		assertThat(b.verify(message, a.sign(message))).isFalse();
	}

	@Test
	void aPublicKeyOfSmallOrderYieldsNoKey() {
		Identity identity = Identity.parse(Vectors.text(FIRST, "secret_string"));
		Identity weak = Identity.parse("0123456789:0:" + "00".repeat(64));
		assertThatExceptionOfType(MalformedPacketException.class).isThrownBy(() -> identity.agree(weak));
	}

}
