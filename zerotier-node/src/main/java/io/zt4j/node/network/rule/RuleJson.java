package io.zt4j.node.network.rule;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

import io.netty.util.NetUtil;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.LenientJson;
import io.zt4j.node.network.MacAddress;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of rules that controllers store (VL2 18.8). Unlike the reference.s, this
 * one knows INTEGER_RANGE and ACTION_PRIORITY.
 */
public final class RuleJson {

	private static final String INTEGER_RANGE = "INTEGER_RANGE";

	private RuleJson() {
	}

	/**
	 * Read an array of rules; those that are no rules are left out.
	 * @param array the array; anything else counts as empty
	 * @param limit the most rules to read
	 * @return the rules
	 */
	public static List<Rule> readAll(@Nullable JsonNode array, int limit) {
		List<Rule> rules = new ArrayList<>();
		if (array != null && array.isArray()) {
			for (JsonNode node : array) {
				Rule rule = (rules.size() < limit) ? read(node) : null;
				if (rule != null) {
					rules.add(rule);
				}
			}
		}
		return rules;
	}

	/**
	 * Write an array of rules.
	 * @param rules the rules
	 * @return the array
	 */
	public static ArrayNode writeAll(List<Rule> rules) {
		ArrayNode array = JsonNodeFactory.instance.arrayNode();
		rules.forEach((rule) -> array.add(write(rule)));
		return array;
	}

	/**
	 * Read one rule.
	 * @param node the JSON object
	 * @return the rule, or null if it is not one
	 */
	public static @Nullable Rule read(JsonNode node) {
		RuleType type = type(LenientJson.string(node.get("type"), ""));
		if (type == null) {
			return null;
		}
		try {
			boolean match = !type.isAction();
			return fields(type, node, match && LenientJson.bool(node.get("not"), false),
					match && LenientJson.bool(node.get("or"), false));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static @Nullable RuleType type(String name) {
		if (name.equals(INTEGER_RANGE)) {
			return RuleType.MATCH_INTEGER_RANGE;
		}
		for (RuleType type : RuleType.values()) {
			if (type.name().equals(name)) {
				return type;
			}
		}
		return null;
	}

	private static Rule fields(RuleType type, JsonNode node, boolean not, boolean or) {
		return switch (type) {
			case ACTION_DROP, ACTION_ACCEPT, ACTION_BREAK, ACTION_PRIORITY -> new Rule.Simple(type);
			case ACTION_TEE, ACTION_WATCH, ACTION_REDIRECT ->
				new Rule.Forward(type, false, false, address(node, "address"), LenientJson.integer32(node.get("flags")),
						(type == RuleType.ACTION_REDIRECT) ? 0 : number(node, "length", 0xffff));
			case MATCH_SOURCE_ZEROTIER_ADDRESS, MATCH_DEST_ZEROTIER_ADDRESS ->
				new Rule.MemberMatch(type, not, or, address(node, "zt"));
			case MATCH_VLAN_ID -> new Rule.NumberMatch(type, not, or, number(node, "vlanId", 0xffff));
			case MATCH_VLAN_PCP -> new Rule.NumberMatch(type, not, or, number(node, "vlanPcp", 0xff));
			case MATCH_VLAN_DEI -> new Rule.NumberMatch(type, not, or, number(node, "vlanDei", 0xff));
			case MATCH_IP_PROTOCOL -> new Rule.NumberMatch(type, not, or, number(node, "ipProtocol", 0xff));
			case MATCH_ETHERTYPE -> new Rule.NumberMatch(type, not, or, number(node, "etherType", 0xffff));
			case MATCH_MAC_SOURCE, MATCH_MAC_DEST ->
				new Rule.MacMatch(type, not, or, MacAddress.parse(LenientJson.string(node.get("mac"), "")));
			case MATCH_IPV4_SOURCE, MATCH_IPV4_DEST, MATCH_IPV6_SOURCE, MATCH_IPV6_DEST -> prefix(type, node, not, or);
			case MATCH_IP_TOS -> new Rule.TosMatch(not, or, number(node, "mask", 0xff), number(node, "start", 0xff),
					number(node, "end", 0xff));
			case MATCH_ICMP -> icmp(node, not, or);
			case MATCH_IP_SOURCE_PORT_RANGE, MATCH_IP_DEST_PORT_RANGE, MATCH_FRAME_SIZE_RANGE -> {
				int start = number(node, "start", 0xffff);
				int end = (int) LenientJson.integer(node.get("end"), start) & 0xffff;
				yield new Rule.RangeMatch(type, not, or, start, end);
			}
			case MATCH_CHARACTERISTICS -> new Rule.CharacteristicsMatch(not, or, mask(node.get("mask")));
			case MATCH_RANDOM -> new Rule.RandomMatch(not, or, LenientJson.integer32(node.get("probability")));
			case MATCH_TAGS_DIFFERENCE, MATCH_TAGS_BITWISE_AND, MATCH_TAGS_BITWISE_OR, MATCH_TAGS_BITWISE_XOR,
					MATCH_TAGS_EQUAL, MATCH_TAG_SENDER, MATCH_TAG_RECEIVER ->
				new Rule.TagMatch(type, not, or, LenientJson.integer32(node.get("id")),
						LenientJson.integer32(node.get("value")));
			case MATCH_INTEGER_RANGE -> integerRange(node, not, or);
		};
	}

	private static int number(JsonNode node, String field, int mask) {
		return (int) LenientJson.integer(node.get(field), 0) & mask;
	}

	private static Address address(JsonNode node, String field) {
		return Address.parse(LenientJson.string(node.get(field), ""));
	}

	private static Rule prefix(RuleType type, JsonNode node, boolean not, boolean or) {
		String text = LenientJson.string(node.get("ip"), "");
		int slash = text.indexOf('/');
		InetAddress address = InetPrefix.parseAddress((slash < 0) ? text : text.substring(0, slash));
		int bits = (slash < 0) ? 0 : Integer.parseUnsignedInt(text.substring(slash + 1));
		int most = 8 * address.getAddress().length;
		return new Rule.PrefixMatch(type, not, or, address, (bits < 0 || bits > most) ? most : bits);
	}

	private static Rule icmp(JsonNode node, boolean not, boolean or) {
		JsonNode code = node.get("icmpCode");
		boolean any = code == null || code.isNull();
		return new Rule.IcmpMatch(not, or, number(node, "icmpType", 0xff), any ? 0 : number(node, "icmpCode", 0xff),
				any ? 0 : 1);
	}

	private static long mask(@Nullable JsonNode node) {
		if (node != null && node.isString()) {
			return Long.parseUnsignedLong(node.stringValue(), 16);
		}
		return LenientJson.integer(node, 0);
	}

	private static Rule integerRange(JsonNode node, boolean not, boolean or) {
		long start = hex(node.get("start"));
		long end = (node.get("end") != null) ? hex(node.get("end")) : start;
		int bits = Math.max(1, Math.min(64, (int) LenientJson.integer(node.get("bits"), 64)));
		int format = bits - 1 | (LenientJson.bool(node.get("little"), false) ? 0x80 : 0);
		return new Rule.IntegerRangeMatch(not, or, start, end, number(node, "idx", 0xffff), format);
	}

	/* numbers are numbers, strings are hex: neither 64 bits nor their meaning get lost */
	private static long hex(@Nullable JsonNode node) {
		return (node != null && node.isString()) ? Long.parseUnsignedLong(node.stringValue(), 16)
				: LenientJson.integer(node, 0);
	}

	/**
	 * Write one rule.
	 * @param rule the rule, of a known kind
	 * @return the JSON object
	 */
	public static ObjectNode write(Rule rule) {
		ObjectNode node = JsonNodeFactory.instance.objectNode();
		RuleType type = rule.type();
		if (type == null) {
			throw new IllegalArgumentException("Rules of unknown kind have no JSON form");
		}
		node.put("type", type.name());
		if (!type.isAction()) {
			node.put("not", rule.not()).put("or", rule.or());
		}
		if (rule instanceof Rule.Forward forward) {
			node.put("address", forward.target().toString()).put("flags", Integer.toUnsignedLong(forward.flags()));
			if (type != RuleType.ACTION_REDIRECT) {
				node.put("length", forward.length());
			}
		}
		else if (rule instanceof Rule.MemberMatch match) {
			node.put("zt", match.member().toString());
		}
		else if (rule instanceof Rule.MacMatch match) {
			node.put("mac", match.mac().toString());
		}
		else if (rule instanceof Rule.NumberMatch match) {
			node.put(field(match.type()), match.value());
		}
		else if (rule instanceof Rule.PrefixMatch match) {
			node.put("ip", NetUtil.toAddressString(match.address()) + "/" + match.prefixLength());
		}
		else if (rule instanceof Rule.TosMatch match) {
			node.put("mask", match.mask()).put("start", match.start()).put("end", match.end());
		}
		else if (rule instanceof Rule.IcmpMatch match) {
			node.put("icmpType", match.icmpType());
			node.put("icmpCode", match.comparesCode() ? Integer.valueOf(match.icmpCode()) : null);
		}
		else if (rule instanceof Rule.RangeMatch match) {
			node.put("start", match.start()).put("end", match.end());
		}
		else if (rule instanceof Rule.CharacteristicsMatch match) {
			node.put("mask", hex(match.mask()));
		}
		else if (rule instanceof Rule.RandomMatch match) {
			node.put("probability", Integer.toUnsignedLong(match.probability()));
		}
		else if (rule instanceof Rule.TagMatch match) {
			node.put("id", Integer.toUnsignedLong(match.id())).put("value", Integer.toUnsignedLong(match.value()));
		}
		else if (rule instanceof Rule.IntegerRangeMatch match) {
			node.put("start", hex(match.start())).put("end", hex(match.end())).put("idx", match.index());
			node.put("little", (match.format() & 0x80) != 0).put("bits", (match.format() & 63) + 1);
		}
		return node;
	}

	private static String field(RuleType type) {
		return switch (type) {
			case MATCH_VLAN_ID -> "vlanId";
			case MATCH_VLAN_PCP -> "vlanPcp";
			case MATCH_VLAN_DEI -> "vlanDei";
			case MATCH_IP_PROTOCOL -> "ipProtocol";
			default -> "etherType";
		};
	}

	private static String hex(long value) {
		String digits = Long.toHexString(value);
		return "0".repeat(16 - digits.length()) + digits;
	}

}
