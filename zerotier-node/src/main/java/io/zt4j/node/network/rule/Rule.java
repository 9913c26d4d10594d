package io.zt4j.node.network.rule;

import java.net.InetAddress;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * One rule: an action, or one match of the group that leads to the next action (VL2 9).
 * Rules are immutable values.
 */
public sealed interface Rule {

	/** The rule sets of open networks consist of: accept everything. */
	Rule ACCEPT = new Simple(RuleType.ACTION_ACCEPT);

	/** Drop the frame. */
	Rule DROP = new Simple(RuleType.ACTION_DROP);

	/**
	 * Return the kind.
	 * @return the kind, or null for {@link Unknown}
	 */
	@Nullable RuleType type();

	/**
	 * Whether the result of the match is inverted; no meaning on actions.
	 * @return the NOT flag
	 */
	boolean not();

	/**
	 * Whether the result is OR-ed, not AND-ed, to what the group gave so far; no meaning
	 * on actions.
	 * @return the OR flag
	 */
	boolean or();

	/**
	 * Return the number on the wire.
	 * @return 0..63
	 */
	default int code() {
		RuleType type = type();
		return (type != null) ? type.code() : 0;
	}

	private static void check(RuleType type, RuleType... allowed) {
		for (RuleType each : allowed) {
			if (type == each) {
				return;
			}
		}
		throw new IllegalArgumentException("A rule " + type + " has other fields");
	}

	private static void check(String field, int value, int bytes) {
		if (value < 0 || value >>> 8 * bytes != 0) {
			throw new IllegalArgumentException(
					"'" + field + "' must be 0.." + ((1 << 8 * bytes) - 1) + ", not " + value);
		}
	}

	/**
	 * DROP, ACCEPT, BREAK or PRIORITY.
	 */
	record Simple(RuleType type, boolean not, boolean or) implements Rule {

		public Simple {
			check(type, RuleType.ACTION_DROP, RuleType.ACTION_ACCEPT, RuleType.ACTION_BREAK, RuleType.ACTION_PRIORITY);
		}

		public Simple(RuleType type) {
			this(type, false, false);
		}

	}

	/**
	 * TEE, WATCH or REDIRECT.
	 *
	 * @param target the member to send to
	 * @param flags none defined
	 * @param length how many bytes of the payload to send, 0 = all; 0..65535
	 */
	record Forward(RuleType type, boolean not, boolean or, Address target, int flags, int length) implements Rule {

		public Forward {
			check(type, RuleType.ACTION_TEE, RuleType.ACTION_WATCH, RuleType.ACTION_REDIRECT);
			check("length", length, 2);
		}

	}

	/**
	 * MATCH_SOURCE_ZEROTIER_ADDRESS, MATCH_DEST_ZEROTIER_ADDRESS.
	 */
	record MemberMatch(RuleType type, boolean not, boolean or, Address member) implements Rule {

		public MemberMatch {
			check(type, RuleType.MATCH_SOURCE_ZEROTIER_ADDRESS, RuleType.MATCH_DEST_ZEROTIER_ADDRESS);
		}

	}

	/**
	 * MATCH_MAC_SOURCE, MATCH_MAC_DEST.
	 */
	record MacMatch(RuleType type, boolean not, boolean or, MacAddress mac) implements Rule {

		public MacMatch {
			check(type, RuleType.MATCH_MAC_SOURCE, RuleType.MATCH_MAC_DEST);
		}

	}

	/**
	 * MATCH_VLAN_ID, MATCH_VLAN_PCP, MATCH_VLAN_DEI, MATCH_IP_PROTOCOL, MATCH_ETHERTYPE.
	 *
	 * @param value one or two bytes, according to the type
	 */
	record NumberMatch(RuleType type, boolean not, boolean or, int value) implements Rule {

		public NumberMatch {
			check(type, RuleType.MATCH_VLAN_ID, RuleType.MATCH_VLAN_PCP, RuleType.MATCH_VLAN_DEI,
					RuleType.MATCH_IP_PROTOCOL, RuleType.MATCH_ETHERTYPE);
			check("value", value, type.length());
		}

	}

	/**
	 * MATCH_IPV4_SOURCE, MATCH_IPV4_DEST, MATCH_IPV6_SOURCE, MATCH_IPV6_DEST.
	 *
	 * @param prefixLength 0..255; more than the address has bits counts as all
	 */
	record PrefixMatch(RuleType type, boolean not, boolean or, InetAddress address, int prefixLength) implements Rule {

		public PrefixMatch {
			check(type, RuleType.MATCH_IPV4_SOURCE, RuleType.MATCH_IPV4_DEST, RuleType.MATCH_IPV6_SOURCE,
					RuleType.MATCH_IPV6_DEST);
			check("prefix length", prefixLength, 1);
			if (address.getAddress().length != type.length() - 1) {
				throw new IllegalArgumentException(address.getHostAddress() + " is of the wrong family for " + type);
			}
		}

	}

	/**
	 * MATCH_IP_TOS.
	 */
	record TosMatch(boolean not, boolean or, int mask, int start, int end) implements Rule {

		public TosMatch {
			check("mask", mask, 1);
			check("start", start, 1);
			check("end", end, 1);
		}

		@Override
		public RuleType type() {
			return RuleType.MATCH_IP_TOS;
		}

	}

	/**
	 * MATCH_ICMP.
	 *
	 * @param flags bit 0: the code is compared too
	 */
	record IcmpMatch(boolean not, boolean or, int icmpType, int icmpCode, int flags) implements Rule {

		public IcmpMatch {
			check("ICMP type", icmpType, 1);
			check("ICMP code", icmpCode, 1);
			check("flags", flags, 1);
		}

		@Override
		public RuleType type() {
			return RuleType.MATCH_ICMP;
		}

		boolean comparesCode() {
			return (this.flags & 1) != 0;
		}

	}

	/**
	 * MATCH_IP_SOURCE_PORT_RANGE, MATCH_IP_DEST_PORT_RANGE, MATCH_FRAME_SIZE_RANGE.
	 *
	 * @param end inclusive
	 */
	record RangeMatch(RuleType type, boolean not, boolean or, int start, int end) implements Rule {

		public RangeMatch {
			check(type, RuleType.MATCH_IP_SOURCE_PORT_RANGE, RuleType.MATCH_IP_DEST_PORT_RANGE,
					RuleType.MATCH_FRAME_SIZE_RANGE);
			check("start", start, 2);
			check("end", end, 2);
		}

	}

	/**
	 * MATCH_CHARACTERISTICS.
	 *
	 * @param mask bits of which one at least must be present (VL2 9.3)
	 */
	record CharacteristicsMatch(boolean not, boolean or, long mask) implements Rule {

		@Override
		public RuleType type() {
			return RuleType.MATCH_CHARACTERISTICS;
		}

	}

	/**
	 * MATCH_RANDOM.
	 *
	 * @param probability unsigned; {@code ffffffff} = always
	 */
	record RandomMatch(boolean not, boolean or, int probability) implements Rule {

		@Override
		public RuleType type() {
			return RuleType.MATCH_RANDOM;
		}

	}

	/**
	 * MATCH_TAGS_DIFFERENCE, _BITWISE_AND, _OR, _XOR, MATCH_TAGS_EQUAL, MATCH_TAG_SENDER,
	 * MATCH_TAG_RECEIVER.
	 *
	 * @param id the tag's ID, unsigned
	 * @param value what to compare with, unsigned
	 */
	record TagMatch(RuleType type, boolean not, boolean or, int id, int value) implements Rule {

		public TagMatch {
			check(type, RuleType.MATCH_TAGS_DIFFERENCE, RuleType.MATCH_TAGS_BITWISE_AND, RuleType.MATCH_TAGS_BITWISE_OR,
					RuleType.MATCH_TAGS_BITWISE_XOR, RuleType.MATCH_TAGS_EQUAL, RuleType.MATCH_TAG_SENDER,
					RuleType.MATCH_TAG_RECEIVER);
		}

	}

	/**
	 * MATCH_INTEGER_RANGE.
	 *
	 * @param start unsigned
	 * @param end unsigned, inclusive; only the distance to start modulo 2^32 counts
	 * @param index byte index, 0..65535
	 * @param format 0x80 little-endian, low six bits = bits - 1
	 */
	record IntegerRangeMatch(boolean not, boolean or, long start, long end, int index, int format) implements Rule {

		public IntegerRangeMatch {
			check("index", index, 2);
			check("format", format, 1);
		}

		@Override
		public RuleType type() {
			return RuleType.MATCH_INTEGER_RANGE;
		}

	}

	/**
	 * A rule of a kind unknown to us. Its data is not kept, as the signed form of a
	 * capability has none (VL2 7.1, 9.1).
	 *
	 * @param code 0..63
	 */
	record Unknown(int code, boolean not, boolean or) implements Rule {

		public Unknown {
			if (code < 0 || code > 0x3f || RuleType.of(code) != null) {
				throw new IllegalArgumentException("Rule code " + code + " is not unknown");
			}
		}

		@Override
		public @Nullable RuleType type() {
			return null;
		}

	}

}
