package io.zt4j.node.controller;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.netty.util.NetUtil;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.LenientJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What network and member records have in common (VL2 17): JSON objects of which fields
 * unknown to us survive.
 */
final class Records {

	static final int MAX_ENTRIES = 16_384;

	private static final int ADDRESS_DIGITS = 10;

	private Records() {
	}

	static ObjectNode object() {
		return JsonNodeFactory.instance.objectNode();
	}

	static ArrayNode array() {
		return JsonNodeFactory.instance.arrayNode();
	}

	/* Set a field that is missing. */
	static void ensure(ObjectNode record, String field, JsonNode value) {
		if (!record.has(field)) {
			record.set(field, value);
		}
	}

	/* Set a field that is missing or not an object. */
	static void ensureObject(ObjectNode record, String field) {
		JsonNode value = record.get(field);
		if (value == null || !value.isObject()) {
			record.set(field, object());
		}
	}

	static JsonNode text(String value) {
		return JsonNodeFactory.instance.stringNode(value);
	}

	static JsonNode bool(boolean value) {
		return JsonNodeFactory.instance.booleanNode(value);
	}

	static JsonNode number(long value) {
		return JsonNodeFactory.instance.numberNode(value);
	}

	static JsonNode nothing() {
		return JsonNodeFactory.instance.nullNode();
	}

	static void copyBoolean(JsonNode body, ObjectNode record, String field) {
		if (body.has(field)) {
			record.put(field, LenientJson.bool(body.get(field), false));
		}
	}

	static void copyInteger(JsonNode body, ObjectNode record, String field) {
		if (body.has(field)) {
			record.put(field, LenientJson.integer(body.get(field), 0));
		}
	}

	static void copyString(JsonNode body, ObjectNode record, String field) {
		if (body.has(field)) {
			record.put(field, LenientJson.string(body.get(field), ""));
		}
	}

	/* Unlike the reference, keep the level when only other fields are changed. */
	static void copyTrace(JsonNode body, ObjectNode record) {
		if (body.has("remoteTraceTarget")) {
			String target = LenientJson.string(body.get("remoteTraceTarget"), "");
			record.put("remoteTraceTarget", (target.length() == ADDRESS_DIGITS) ? target : null);
		}
		copyInteger(body, record, "remoteTraceLevel");
	}

	/*
	 * Parse an IP address, or return null: unlike the reference, malformed ones are never
	 * taken for zeros.
	 */
	static @Nullable InetAddress address(@Nullable JsonNode node) {
		String text = LenientJson.string(node, "");
		int slash = text.indexOf('/');
		try {
			return InetPrefix.parseAddress((slash < 0) ? text : text.substring(0, slash));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	static @Nullable InetPrefix prefix(@Nullable JsonNode node) {
		String text = LenientJson.string(node, "");
		try {
			return (text.indexOf('/') > 0) ? InetPrefix.parse(text) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	static String string(InetAddress address) {
		return NetUtil.toAddressString(address);
	}

	static List<JsonNode> entries(@Nullable JsonNode array) {
		List<JsonNode> entries = new ArrayList<>();
		if (array != null && array.isArray()) {
			for (JsonNode entry : array) {
				if (entries.size() == MAX_ENTRIES) {
					break;
				}
				entries.add(entry);
			}
		}
		return entries;
	}

	/* Addresses without bits, malformed ones left out. */
	static Set<InetAddress> addresses(@Nullable JsonNode array) {
		Set<InetAddress> addresses = new LinkedHashSet<>();
		for (JsonNode entry : entries(array)) {
			InetAddress address = address(entry);
			if (address != null) {
				addresses.add(address);
			}
		}
		return addresses;
	}

	/* Tag pairs by ascending unsigned ID, the last of an ID counts. */
	static Map<Integer, Integer> tags(@Nullable JsonNode array) {
		Map<Integer, Integer> tags = new TreeMap<>(Integer::compareUnsigned);
		for (JsonNode entry : entries(array)) {
			if (entry.isArray() && entry.size() == 2) {
				tags.put(LenientJson.integer32(entry.get(0)), LenientJson.integer32(entry.get(1)));
			}
		}
		return tags;
	}

	static ArrayNode tags(Map<Integer, Integer> tags) {
		ArrayNode array = array();
		tags.forEach(
				(id, value) -> array.add(array().add(Integer.toUnsignedLong(id)).add(Integer.toUnsignedLong(value))));
		return array;
	}

	/* IDs ascending and unique. */
	static ArrayNode ids(@Nullable JsonNode array) {
		Set<Long> ids = new TreeSet<>();
		for (JsonNode entry : entries(array)) {
			ids.add(Integer.toUnsignedLong(LenientJson.integer32(entry)));
		}
		ArrayNode result = array();
		ids.forEach(result::add);
		return result;
	}

}
