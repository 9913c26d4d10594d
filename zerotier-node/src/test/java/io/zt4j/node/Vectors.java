package io.zt4j.node;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the vector files of {@code src/test/resources/vectors} and their hex strings.
 */
public final class Vectors {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private Vectors() {
	}

	/**
	 * Read a vector file.
	 * @param name file name without {@code .json}
	 * @return its root object
	 */
	public static JsonNode load(String name) {
		try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name + ".json")) {
			if (in == null) {
				throw new IllegalStateException("No vector file src/test/resources/vectors/" + name + ".json");
			}
			return MAPPER.readTree(in.readAllBytes());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Read the {@code cases} of a vector file.
	 * @param name file name without {@code .json}
	 * @return the cases in order
	 */
	public static Stream<JsonNode> cases(String name) {
		return list(load(name), "cases");
	}

	/**
	 * Make one test of each case of a vector file.
	 * @param name file name without {@code .json}
	 * @param field the array of cases
	 * @param test the test of one case
	 * @return the tests, named by the descriptions of the cases
	 */
	public static Stream<DynamicTest> tests(String name, String field, Consumer<JsonNode> test) {
		AtomicInteger number = new AtomicInteger();
		return list(load(name), field).map((node) -> DynamicTest.dynamicTest(
				number.incrementAndGet() + ": " + node.path("description").asString(""), () -> test.accept(node)));
	}

	/**
	 * Return the elements of an array in an object.
	 * @param node the object
	 * @param field the array's field
	 * @return the elements in order, at least one
	 */
	public static Stream<JsonNode> list(JsonNode node, String field) {
		JsonNode array = node.get(field);
		if (array == null || !array.isArray() || array.isEmpty()) {
			throw new IllegalStateException("No elements in '" + field + "'");
		}
		return array.valueStream();
	}

	/**
	 * Return a text field, which must exist.
	 * @param node the object
	 * @param field the field
	 * @return its text
	 */
	public static String text(JsonNode node, String field) {
		return node.required(field).asString();
	}

	/**
	 * Return the bytes of a field of hex digits, which must exist.
	 * @param node the object
	 * @param field the field
	 * @return its bytes
	 */
	public static byte[] bytes(JsonNode node, String field) {
		return bytes(text(node, field));
	}

	/**
	 * Return the bytes of a hex string.
	 * @param hex hex digits
	 * @return the bytes
	 */
	public static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex);
	}

	/**
	 * Return a heap buffer with the bytes of a field of hex digits.
	 * @param node the object
	 * @param field the field
	 * @return a new buffer, readable from its start
	 */
	public static ByteBuf buffer(JsonNode node, String field) {
		return Unpooled.wrappedBuffer(bytes(node, field));
	}

	/**
	 * Return bytes as lower-case hex digits.
	 * @param bytes the bytes
	 * @return hex digits
	 */
	public static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Return the readable bytes of a buffer as lower-case hex digits, moving no index.
	 * @param buffer the buffer
	 * @return hex digits
	 */
	public static String hex(ByteBuf buffer) {
		return ByteBufUtil.hexDump(buffer);
	}

}
