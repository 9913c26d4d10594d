package io.zt4j.node.network.rule;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of rules (VL2 9.1). Names are those of the JSON form.
 */
public enum RuleType {

	ACTION_DROP(0, 0), ACTION_ACCEPT(1, 0), ACTION_TEE(2, 14), ACTION_WATCH(3, 14), ACTION_REDIRECT(4, 14),
	ACTION_BREAK(5, 0), ACTION_PRIORITY(6, 0), MATCH_SOURCE_ZEROTIER_ADDRESS(24, 5), MATCH_DEST_ZEROTIER_ADDRESS(25, 5),
	MATCH_VLAN_ID(26, 2), MATCH_VLAN_PCP(27, 1), MATCH_VLAN_DEI(28, 1), MATCH_MAC_SOURCE(29, 6), MATCH_MAC_DEST(30, 6),
	MATCH_IPV4_SOURCE(31, 5), MATCH_IPV4_DEST(32, 5), MATCH_IPV6_SOURCE(33, 17), MATCH_IPV6_DEST(34, 17),
	MATCH_IP_TOS(35, 3), MATCH_IP_PROTOCOL(36, 1), MATCH_ETHERTYPE(37, 2), MATCH_ICMP(38, 3),
	MATCH_IP_SOURCE_PORT_RANGE(39, 4), MATCH_IP_DEST_PORT_RANGE(40, 4), MATCH_CHARACTERISTICS(41, 8),
	MATCH_FRAME_SIZE_RANGE(42, 4), MATCH_RANDOM(43, 4), MATCH_TAGS_DIFFERENCE(44, 8), MATCH_TAGS_BITWISE_AND(45, 8),
	MATCH_TAGS_BITWISE_OR(46, 8), MATCH_TAGS_BITWISE_XOR(47, 8), MATCH_TAGS_EQUAL(48, 8), MATCH_TAG_SENDER(49, 8),
	MATCH_TAG_RECEIVER(50, 8), MATCH_INTEGER_RANGE(51, 19);

	/** The first code that is a match rather than an action. */
	static final int FIRST_MATCH = 16;

	private static final @Nullable RuleType[] BY_CODE = new RuleType[64];

	static {
		for (RuleType type : values()) {
			BY_CODE[type.code] = type;
		}
	}

	private final int code;

	private final int length;

	RuleType(int code, int length) {
		this.code = code;
		this.length = length;
	}

	/**
	 * Return the number on the wire.
	 * @return 0..63
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Return the length of the data on the wire.
	 * @return bytes
	 */
	public int length() {
		return this.length;
	}

	/**
	 * Whether rules of this kind decide, rather than match.
	 * @return true for actions
	 */
	public boolean isAction() {
		return this.code < FIRST_MATCH;
	}

	/**
	 * Return the kind of a number.
	 * @param code the low six bits count
	 * @return the kind, or null if the number is not in use
	 */
	public static @Nullable RuleType of(int code) {
		return BY_CODE[code & 0x3f];
	}

}
