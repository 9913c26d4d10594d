package io.zt4j.node.network;

import java.math.BigInteger;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads JSON values as loosely as zerotier-one does (VL2 17.3).
 */
public final class LenientJson {

	private LenientJson() {
	}

	/**
	 * Read an integer: a number, a decimal string, or a boolean as 1 or 0.
	 * @param node the value, or null if there is none
	 * @param missing the value for anything else
	 * @return the integer
	 */
	public static long integer(@Nullable JsonNode node, long missing) {
		if (node == null) {
			return missing;
		}
		if (node.isNumber()) {
			return node.isIntegralNumber() ? node.bigIntegerValue().longValue() : (long) node.doubleValue();
		}
		if (node.isString() && node.stringValue().matches("\\s*[+-]?[0-9]{1,20}")) {
			return new BigInteger(node.stringValue().strip().replace("+", "")).longValue();
		}
		return node.isBoolean() ? (node.booleanValue() ? 1 : 0) : missing;
	}

	/**
	 * Read an unsigned 32-bit integer, cut to its low bits.
	 * @param node the value, or null if there is none
	 * @return the integer, 0 if there is none
	 */
	public static int integer32(@Nullable JsonNode node) {
		return (int) integer(node, 0);
	}

	/**
	 * Read a boolean: a boolean, a number above 0, or a string that begins with
	 * {@code t}, {@code T} or {@code 1}.
	 * @param node the value, or null if there is none
	 * @param missing the value for anything else
	 * @return the boolean
	 */
	public static boolean bool(@Nullable JsonNode node, boolean missing) {
		if (node == null) {
			return missing;
		}
		if (node.isBoolean()) {
			return node.booleanValue();
		}
		if (node.isNumber()) {
			return node.doubleValue() > 0;
		}
		if (node.isString()) {
			String text = node.stringValue();
			return !text.isEmpty() && "tT1".indexOf(text.charAt(0)) >= 0;
		}
		return missing;
	}

	/**
	 * Read a string: a string, a number in decimal, or a boolean as {@code 1} or
	 * {@code 0}.
	 * @param node the value, or null if there is none
	 * @param missing the value for anything else
	 * @return the string
	 */
	public static String string(@Nullable JsonNode node, String missing) {
		if (node == null) {
			return missing;
		}
		if (node.isString()) {
			return node.stringValue();
		}
		if (node.isNumber()) {
			return node.asString();
		}
		return node.isBoolean() ? (node.booleanValue() ? "1" : "0") : missing;
	}

}
