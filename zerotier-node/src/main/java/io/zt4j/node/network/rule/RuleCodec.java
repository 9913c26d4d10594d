package io.zt4j.node.network.rule;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.MacAddress;

/**
 * The binary form of rules (VL2 9.1).
 */
public final class RuleCodec {

	private static final int NOT = 0x80;

	private static final int OR = 0x40;

	private RuleCodec() {
	}

	/**
	 * Read a number of rules. Fields of known kinds are read whatever the length byte
	 * says, then the length byte is obeyed.
	 * @param in the buffer
	 * @param count how many rules to read
	 * @return the rules
	 * @throws IndexOutOfBoundsException if they are cut off
	 */
	public static List<Rule> read(ByteBuf in, int count) {
		List<Rule> rules = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			rules.add(readOne(in));
		}
		return rules;
	}

	/**
	 * Read rules to the end of the buffer.
	 * @param in the buffer
	 * @param limit rules beyond this number are not read
	 * @return the rules
	 * @throws IndexOutOfBoundsException if they are cut off
	 */
	public static List<Rule> readAll(ByteBuf in, int limit) {
		List<Rule> rules = new ArrayList<>();
		while (in.isReadable() && rules.size() < limit) {
			rules.add(readOne(in));
		}
		return rules;
	}

	private static Rule readOne(ByteBuf in) {
		int head = in.readUnsignedByte();
		int length = in.readUnsignedByte();
		int at = in.readerIndex();
		boolean not = (head & NOT) != 0;
		boolean or = (head & OR) != 0;
		RuleType type = RuleType.of(head);
		Rule rule = (type != null) ? fields(type, not, or, in, at) : new Rule.Unknown(head & 0x3f, not, or);
		in.skipBytes(length);
		return rule;
	}

	private static Rule fields(RuleType type, boolean not, boolean or, ByteBuf in, int at) {
		if (at + type.length() > in.writerIndex()) {
			throw new IndexOutOfBoundsException("rule " + type + " cut off");
		}
		return switch (type) {
			case ACTION_DROP, ACTION_ACCEPT, ACTION_BREAK, ACTION_PRIORITY -> new Rule.Simple(type, not, or);
			case ACTION_TEE, ACTION_WATCH, ACTION_REDIRECT -> new Rule.Forward(type, not, or, Address.get(in, at + 3),
					in.getInt(at + 8), in.getUnsignedShort(at + 12));
			case MATCH_SOURCE_ZEROTIER_ADDRESS, MATCH_DEST_ZEROTIER_ADDRESS ->
				new Rule.MemberMatch(type, not, or, Address.get(in, at));
			case MATCH_VLAN_ID, MATCH_ETHERTYPE -> new Rule.NumberMatch(type, not, or, in.getUnsignedShort(at));
			case MATCH_VLAN_PCP, MATCH_VLAN_DEI, MATCH_IP_PROTOCOL ->
				new Rule.NumberMatch(type, not, or, in.getUnsignedByte(at));
			case MATCH_MAC_SOURCE, MATCH_MAC_DEST ->
				new Rule.MacMatch(type, not, or, new MacAddress(MacAddress.getValue(in, at)));
			case MATCH_IPV4_SOURCE, MATCH_IPV4_DEST, MATCH_IPV6_SOURCE, MATCH_IPV6_DEST -> {
				byte[] ip = new byte[type.length() - 1];
				in.getBytes(at, ip);
				yield new Rule.PrefixMatch(type, not, or, InetPrefix.addressOf(ip), in.getUnsignedByte(at + ip.length));
			}
			case MATCH_IP_TOS -> new Rule.TosMatch(not, or, in.getUnsignedByte(at), in.getUnsignedByte(at + 1),
					in.getUnsignedByte(at + 2));
			case MATCH_ICMP -> new Rule.IcmpMatch(not, or, in.getUnsignedByte(at), in.getUnsignedByte(at + 1),
					in.getUnsignedByte(at + 2));
			case MATCH_IP_SOURCE_PORT_RANGE, MATCH_IP_DEST_PORT_RANGE, MATCH_FRAME_SIZE_RANGE ->
				new Rule.RangeMatch(type, not, or, in.getUnsignedShort(at), in.getUnsignedShort(at + 2));
			case MATCH_CHARACTERISTICS -> new Rule.CharacteristicsMatch(not, or, in.getLong(at));
			case MATCH_RANDOM -> new Rule.RandomMatch(not, or, in.getInt(at));
			case MATCH_TAGS_DIFFERENCE, MATCH_TAGS_BITWISE_AND, MATCH_TAGS_BITWISE_OR, MATCH_TAGS_BITWISE_XOR,
					MATCH_TAGS_EQUAL, MATCH_TAG_SENDER, MATCH_TAG_RECEIVER ->
				new Rule.TagMatch(type, not, or, in.getInt(at), in.getInt(at + 4));
			case MATCH_INTEGER_RANGE -> new Rule.IntegerRangeMatch(not, or, in.getLong(at), in.getLong(at + 8),
					in.getUnsignedShort(at + 16), in.getUnsignedByte(at + 18));
		};
	}

	/**
	 * Write rules one after the other.
	 * @param out the buffer
	 * @param rules the rules
	 */
	public static void write(ByteBuf out, List<Rule> rules) {
		rules.forEach((rule) -> writeOne(out, rule));
	}

	private static void writeOne(ByteBuf out, Rule rule) {
		RuleType type = rule.type();
		out.writeByte(rule.code() | (rule.not() ? NOT : 0) | (rule.or() ? OR : 0));
		out.writeByte((type != null) ? type.length() : 0);
		if (rule instanceof Rule.Forward forward) {
			out.writeLong(forward.target().value()).writeInt(forward.flags()).writeShort(forward.length());
		}
		else if (rule instanceof Rule.MemberMatch match) {
			match.member().write(out);
		}
		else if (rule instanceof Rule.MacMatch match) {
			match.mac().write(out);
		}
		else if (rule instanceof Rule.NumberMatch match) {
			writeNumber(out, match);
		}
		else if (rule instanceof Rule.PrefixMatch match) {
			out.writeBytes(match.address().getAddress()).writeByte(match.prefixLength());
		}
		else if (rule instanceof Rule.TosMatch match) {
			out.writeByte(match.mask()).writeByte(match.start()).writeByte(match.end());
		}
		else if (rule instanceof Rule.IcmpMatch match) {
			out.writeByte(match.icmpType()).writeByte(match.icmpCode()).writeByte(match.flags());
		}
		else if (rule instanceof Rule.RangeMatch match) {
			out.writeShort(match.start()).writeShort(match.end());
		}
		else if (rule instanceof Rule.CharacteristicsMatch match) {
			out.writeLong(match.mask());
		}
		else if (rule instanceof Rule.RandomMatch match) {
			out.writeInt(match.probability());
		}
		else if (rule instanceof Rule.TagMatch match) {
			out.writeInt(match.id()).writeInt(match.value());
		}
		else if (rule instanceof Rule.IntegerRangeMatch match) {
			out.writeLong(match.start()).writeLong(match.end()).writeShort(match.index()).writeByte(match.format());
		}
	}

	private static void writeNumber(ByteBuf out, Rule.NumberMatch match) {
		if (match.type().length() == 1) {
			out.writeByte(match.value());
		}
		else {
			out.writeShort(match.value());
		}
	}

}
