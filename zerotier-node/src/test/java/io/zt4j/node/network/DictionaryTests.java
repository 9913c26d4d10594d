package io.zt4j.node.network;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.zt4j.node.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DictionaryTests {

	private static final JsonNode FILE = Vectors.load("vl2-dictionary");

	@TestFactory
	Stream<DynamicTest> entriesAreEncodedAndFoundAgain() {
		return Vectors.list(FILE, "encode")
			.filter((vector) -> vector.has("entries"))
			.map((vector) -> DynamicTest.dynamicTest(Vectors.text(vector, "description"), () -> {
				Dictionary.Builder builder = Dictionary.builder(Dictionary.NETWORK_CONFIG_CAPACITY);
				Vectors.list(vector, "entries")
					.forEach((entry) -> builder.put(Vectors.text(entry, "key"), Vectors.bytes(entry, "valueHex")));
				assertThat(Vectors.hex(builder.toByteArray())).isEqualTo(Vectors.text(vector, "encodedHex"));
				Dictionary dictionary = Dictionary.parse(Vectors.bytes(vector, "encodedHex"));
				List<String> seen = new ArrayList<>();
				Vectors.list(vector, "entries").forEach((entry) -> {
					String key = Vectors.text(entry, "key");
					if (!seen.contains(key)) {
						assertThat(dictionary.get(key)).isEqualTo(Vectors.bytes(entry, "valueHex"));
					}
					seen.add(key);
				});
			}));
	}

	@Test
	void typedValuesAreEncodedAsTheReferenceDoes() {
		JsonNode vector = Vectors.list(FILE, "encode")
			.filter((each) -> each.has("encodedText"))
			.findFirst()
			.orElseThrow();
		byte[] encoded = Dictionary.builder(1024)
			.put("u", 0x1234abcdL)
			.put("i", 0xffL)
			.put("j", 0xffL)
			.put("b", true)
			.put("c", false)
			.put("addr", 0x3e5c82d3a8L)
			.put("umax", -1L)
			.toByteArray();
		assertThat(new String(encoded, StandardCharsets.US_ASCII)).isEqualTo(Vectors.text(vector, "encodedText"));
	}

	@TestFactory
	Stream<DynamicTest> valuesAreLookedUp() {
		return Vectors.list(FILE, "decode")
			.map((vector) -> DynamicTest.dynamicTest(Vectors.text(vector, "description"), () -> {
				Dictionary dictionary = Dictionary.parse(Vectors.bytes(vector, "dictHex"));
				String key = Vectors.text(vector, "key");
				assertThat(dictionary.contains(key)).isEqualTo(vector.get("found").asBoolean());
				assertThat(dictionary.get(key))
					.isEqualTo(vector.has("valueHex") ? Vectors.bytes(vector, "valueHex") : null);
				assertThat(dictionary.getBoolean(key, false)).isEqualTo(vector.get("asBool").asBoolean());
				assertThat(dictionary.getLong(key, 0xdead))
					.isEqualTo(Long.parseUnsignedLong(Vectors.text(vector, "asUI"), 16));
			}));
	}

	@Test
	void entriesThatDoNotFitAreLeftOut() {
		List<JsonNode> vectors = Vectors.list(FILE, "capacity").toList();
		Dictionary.Builder first = Dictionary.builder(16).put("abc", "0123456789");
		check(first, vectors.get(0));
		check(first.put("z", ""), vectors.get(1));
		check(Dictionary.builder(16).put("a", "0123456789012"), vectors.get(2));
		check(Dictionary.builder(16).put("a", "01234567890123"), vectors.get(3));
	}

	private static void check(Dictionary.Builder builder, JsonNode vector) {
		assertThat(builder.overflowed()).isNotEqualTo(vector.get("ok").asBoolean());
		assertThat(builder.toByteArray()).hasSize(vector.get("size").asInt());
	}

	@Test
	void anyBytesSurviveEncodingAndDecoding() {
		long seed = System.nanoTime();
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		for (int i = 0; i < 2000; i++) {
			byte[] value = new byte[random.nextInt(200)];
			random.nextBytes(value);
			byte[] encoded = Dictionary.builder(4096).put("x", "1").put("k", value).put("y", "2").toByteArray();
			Dictionary dictionary = Dictionary.parse(encoded);
			assertThat(dictionary.get("k")).isEqualTo(value);
			assertThat(dictionary.getString("y", "")).isEqualTo("2");
			assertThat(dictionary.keys()).containsExactly("x", "k", "y");
		}
	}

	@Test
	void keysThatCannotBeWrittenAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Dictionary.builder(100).put("a=b", "c"))
			.withMessageContaining("ASCII");
	}

}
