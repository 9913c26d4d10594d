package io.zt4j.node.network.rule;

import java.net.InetAddress;
import java.util.random.RandomGenerator;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.credential.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The matches of the rules engine (VL2 9.3), but for characteristics.
 */
final class RuleMatcher {

	private static final int ICMP = 1;

	private static final int TCP = 6;

	private static final int UDP = 17;

	private static final int ICMPV6 = 58;

	private static final int SCTP = 132;

	private static final int UDP_LITE = 136;

	private final RandomGenerator random;

	private final Characteristics characteristics;

	RuleMatcher(Address self, RandomGenerator random) {
		this.random = random;
		this.characteristics = new Characteristics(self);
	}

	/**
	 * Result of a match before NOT; the hard ones are not subject to it.
	 */
	enum Match {

		FALSE, TRUE, HARD_NO, HARD_YES,

		/** A tag of the other side is not known: the next DROP is disarmed. */
		HARD_YES_SKIP_DROP;

		static Match of(boolean value) {
			return value ? TRUE : FALSE;
		}

	}

	Match match(Rule rule, NetworkConfig config, FilteredFrame frame, boolean superAccept) {
		RuleType type = rule.type();
		if (type == null) {
			return Match.of(config.hasFlag(NetworkConfig.UNKNOWN_MATCH));
		}
		return switch (type) {
			case MATCH_SOURCE_ZEROTIER_ADDRESS -> Match.of(((Rule.MemberMatch) rule).member().value() == frame.source);
			case MATCH_DEST_ZEROTIER_ADDRESS ->
				Match.of(((Rule.MemberMatch) rule).member().value() == frame.destination);
			case MATCH_VLAN_ID, MATCH_VLAN_PCP, MATCH_VLAN_DEI -> Match.of(((Rule.NumberMatch) rule).value() == 0);
			case MATCH_MAC_SOURCE -> Match.of(((Rule.MacMatch) rule).mac().value() == frame.sourceMac);
			case MATCH_MAC_DEST -> Match.of(((Rule.MacMatch) rule).mac().value() == frame.destinationMac);
			case MATCH_IPV4_SOURCE -> ipv4((Rule.PrefixMatch) rule, frame, 12);
			case MATCH_IPV4_DEST -> ipv4((Rule.PrefixMatch) rule, frame, 16);
			case MATCH_IPV6_SOURCE -> ipv6((Rule.PrefixMatch) rule, frame, 8);
			case MATCH_IPV6_DEST -> ipv6((Rule.PrefixMatch) rule, frame, 24);
			case MATCH_IP_TOS -> tos((Rule.TosMatch) rule, frame);
			case MATCH_IP_PROTOCOL -> protocol((Rule.NumberMatch) rule, frame);
			case MATCH_ETHERTYPE -> Match.of(((Rule.NumberMatch) rule).value() == frame.etherType);
			case MATCH_ICMP -> icmp((Rule.IcmpMatch) rule, frame);
			case MATCH_IP_SOURCE_PORT_RANGE -> port((Rule.RangeMatch) rule, frame, 0);
			case MATCH_IP_DEST_PORT_RANGE -> port((Rule.RangeMatch) rule, frame, 2);
			case MATCH_CHARACTERISTICS ->
				Match.of(this.characteristics.any(((Rule.CharacteristicsMatch) rule).mask(), config, frame));
			case MATCH_FRAME_SIZE_RANGE -> Match.of(inRange((Rule.RangeMatch) rule, frame.length));
			case MATCH_RANDOM ->
				Match.of(Integer.compareUnsigned(this.random.nextInt(), ((Rule.RandomMatch) rule).probability()) <= 0);
			case MATCH_TAGS_DIFFERENCE, MATCH_TAGS_BITWISE_AND, MATCH_TAGS_BITWISE_OR, MATCH_TAGS_BITWISE_XOR,
					MATCH_TAGS_EQUAL ->
				tags((Rule.TagMatch) rule, config, frame, superAccept);
			case MATCH_TAG_SENDER, MATCH_TAG_RECEIVER -> tag((Rule.TagMatch) rule, config, frame, superAccept);
			case MATCH_INTEGER_RANGE -> Match.of(integer((Rule.IntegerRangeMatch) rule, frame));
			default -> Match.FALSE;
		};
	}

	private static boolean inRange(Rule.RangeMatch rule, int value) {
		return value >= rule.start() && value <= rule.end();
	}

	private static Match ipv4(Rule.PrefixMatch rule, FilteredFrame frame, int offset) {
		if (!frame.isIpv4()) {
			return Match.HARD_NO;
		}
		byte[] address = rule.address().getAddress();
		for (int i = 0; i < 4; i++) {
			if (((address[i] ^ frame.u8(offset + i)) & mask(rule, i)) != 0) {
				return Match.FALSE;
			}
		}
		return Match.TRUE;
	}

	/* the rule's address is compared unmasked: host bits never match (VL2 9.3) */
	private static Match ipv6(Rule.PrefixMatch rule, FilteredFrame frame, int offset) {
		if (!frame.isIpv6()) {
			return Match.HARD_NO;
		}
		InetAddress address = rule.address();
		byte[] bytes = address.getAddress();
		for (int i = 0; i < 16; i++) {
			if ((frame.u8(offset + i) & mask(rule, i)) != (bytes[i] & 0xff)) {
				return Match.FALSE;
			}
		}
		return Match.TRUE;
	}

	private static int mask(Rule.PrefixMatch rule, int index) {
		int bits = Math.max(0, Math.min(8, rule.prefixLength() - 8 * index));
		return 0xff00 >> bits & 0xff;
	}

	private static Match tos(Rule.TosMatch rule, FilteredFrame frame) {
		int tos;
		if (frame.isIpv4()) {
			tos = frame.u8(1);
		}
		else if (frame.isIpv6()) {
			tos = frame.u16(0) >> 4 & 0xff;
		}
		else {
			return Match.HARD_NO;
		}
		tos &= rule.mask();
		return Match.of(tos >= rule.start() && tos <= rule.end());
	}

	private static Match protocol(Rule.NumberMatch rule, FilteredFrame frame) {
		if (frame.isIpv4()) {
			return Match.of(frame.u8(9) == rule.value());
		}
		int located = frame.isIpv6() ? frame.locateIpv6Payload() : -1;
		return (located < 0) ? Match.HARD_NO : Match.of((located & 0xff) == rule.value());
	}

	private static Match icmp(Rule.IcmpMatch rule, FilteredFrame frame) {
		int position = -1;
		if (frame.isIpv4()) {
			position = (frame.u8(9) == ICMP) ? frame.ipv4HeaderLength() : -1;
		}
		else if (frame.isIpv6()) {
			int located = frame.locateIpv6Payload();
			position = (located >= 0 && (located & 0xff) == ICMPV6) ? located >> 8 : -1;
		}
		if (position < 0 || position + 2 > frame.length || frame.u8(position) != rule.icmpType()) {
			return Match.HARD_NO;
		}
		return rule.comparesCode() ? Match.of(frame.u8(position + 1) == rule.icmpCode()) : Match.HARD_YES;
	}

	private static Match port(Rule.RangeMatch rule, FilteredFrame frame, int offset) {
		if (frame.isIpv4()) {
			int header = frame.ipv4HeaderLength();
			if (!hasPorts(frame.u8(9)) || frame.length <= header + 4) {
				return Match.FALSE;
			}
			return Match.of(inRange(rule, frame.u16(header + offset)));
		}
		int located = frame.isIpv6() ? frame.locateIpv6Payload() : -1;
		if (located < 0) {
			return Match.HARD_NO;
		}
		int position = located >> 8;
		if (!hasPorts(located & 0xff) || frame.length <= position + 4) {
			return Match.FALSE;
		}
		int port = frame.u16(position + offset);
		return Match.of(port != 0 && inRange(rule, port));
	}

	private static boolean hasPorts(int protocol) {
		return protocol == TCP || protocol == UDP || protocol == SCTP || protocol == UDP_LITE;
	}

	private static @Nullable Tag remoteTag(FilteredFrame frame, int id) {
		FilteredFrame.Remote remote = frame.remote;
		return (remote != null) ? remote.tag(id) : null;
	}

	private static Match tags(Rule.TagMatch rule, NetworkConfig config, FilteredFrame frame, boolean superAccept) {
		Tag local = config.tag(rule.id());
		if (local == null) {
			return Match.HARD_NO;
		}
		Tag remote = remoteTag(frame, rule.id());
		if (remote == null) {
			return (frame.inbound && !superAccept) ? Match.HARD_NO : Match.HARD_YES_SKIP_DROP;
		}
		int l = local.value();
		int r = remote.value();
		boolean matches = switch (rule.type()) {
			case MATCH_TAGS_DIFFERENCE ->
				Integer.compareUnsigned((Integer.compareUnsigned(l, r) > 0) ? l - r : r - l, rule.value()) <= 0;
			case MATCH_TAGS_BITWISE_AND -> (l & r) == rule.value();
			case MATCH_TAGS_BITWISE_OR -> (l | r) == rule.value();
			case MATCH_TAGS_BITWISE_XOR -> (l ^ r) == rule.value();
			default -> l == rule.value() && r == rule.value();
		};
		return Match.of(matches);
	}

	private static Match tag(Rule.TagMatch rule, NetworkConfig config, FilteredFrame frame, boolean superAccept) {
		if (superAccept) {
			return Match.HARD_YES_SKIP_DROP;
		}
		boolean sender = rule.type() == RuleType.MATCH_TAG_SENDER;
		if (sender != frame.inbound) {
			Tag local = config.tag(rule.id());
			return (local != null) ? Match.of(local.value() == rule.value()) : Match.HARD_NO;
		}
		Tag remote = remoteTag(frame, rule.id());
		if (remote == null) {
			return sender ? Match.HARD_NO : Match.HARD_YES_SKIP_DROP;
		}
		return Match.of(remote.value() == rule.value());
	}

	private static boolean integer(Rule.IntegerRangeMatch rule, FilteredFrame frame) {
		int bits = (rule.format() & 63) + 1;
		int bytes = (bits + 7) / 8;
		long value = 0;
		if ((rule.format() & 0x80) == 0) {
			int at = rule.index() + 8 - bytes;
			if (at + bytes <= frame.length) {
				for (int i = 0; i < bytes; i++) {
					value = value << 8 | frame.u8(at + i);
				}
				value &= -1L >>> 64 - bits;
			}
		}
		else if (rule.index() + bytes <= frame.length) {
			for (int i = 0; i < bytes; i++) {
				value |= (long) frame.u8(rule.index() + i) << 8 * (8 - bytes + i);
			}
			value >>>= 64 - bits;
		}
		long end = rule.start() + (rule.end() - rule.start() & 0xffff_ffffL);
		return Long.compareUnsigned(value, rule.start()) >= 0 && Long.compareUnsigned(value, end) <= 0;
	}

}
