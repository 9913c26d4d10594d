package io.zt4j.node.network;

import java.util.Locale;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;

/**
 * An Ethernet MAC address and its derivation from a ZeroTier address (VL2 1.2).
 *
 * @param value the 48 bits, first octet most significant
 */
public record MacAddress(long value) implements Comparable<MacAddress> {

	/** Bytes of a MAC address. */
	public static final int LENGTH = 6;

	/** The broadcast address {@code ff:ff:ff:ff:ff:ff}. */
	public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

	private static final long MASK = 0xffff_ffff_ffffL;

	public MacAddress {
		if ((value & ~MASK) != 0) {
			throw new IllegalArgumentException(
					"A MAC address has 48 bits, but 0x" + Long.toHexString(value) + " has more");
		}
	}

	/**
	 * Derive the MAC address of a member.
	 * @param member the member's ZeroTier address
	 * @param network the network
	 * @return the MAC address all other members compute as well
	 */
	public static MacAddress of(Address member, NetworkId network) {
		return new MacAddress((long) firstOctet(network) << 40 | (member.value() ^ mask(network)));
	}

	/**
	 * Return the first octet all members of a network share.
	 * @param network the network
	 * @return 0..255
	 */
	public static int firstOctet(NetworkId network) {
		int octet = ((int) network.value() & 0xfe) | 0x02;
		// 0x52 is popular with hypervisors (VL2 1.2)
		return (octet == 0x52) ? 0x32 : octet;
	}

	/**
	 * Parse the text form.
	 * @param text twelve hex digits, in pairs separated by {@code :} or {@code -}, or not
	 * separated at all
	 * @return the MAC address
	 * @throws IllegalArgumentException if the text is not of that form
	 */
	public static MacAddress parse(String text) {
		String digits = text.matches("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}") ? text.replaceAll("[:-]", "") : text;
		if (!digits.matches("[0-9a-fA-F]{12}")) {
			throw new IllegalArgumentException(
					"A MAC address is six hex octets such as 02:3e:5c:9e:31:6a, not '" + text + "'");
		}
		return new MacAddress(Long.parseLong(digits, 16));
	}

	/**
	 * Read six bytes at the reader index.
	 * @param in the buffer
	 * @return the MAC address
	 */
	public static MacAddress read(ByteBuf in) {
		return new MacAddress((long) in.readUnsignedShort() << 32 | in.readUnsignedInt());
	}

	/**
	 * Get the 48-bit value at an absolute index, without an object.
	 * @param in the buffer
	 * @param index where the six bytes begin
	 * @return the value
	 */
	public static long getValue(ByteBuf in, int index) {
		return (long) in.getUnsignedShort(index) << 32 | in.getUnsignedInt(index + 2);
	}

	/**
	 * Set the 48-bit value at an absolute index.
	 * @param out the buffer
	 * @param index where the six bytes begin
	 * @param value the value
	 */
	public static void setValue(ByteBuf out, int index, long value) {
		out.setShort(index, (int) (value >>> 32));
		out.setInt(index + 2, (int) value);
	}

	/**
	 * Write six bytes.
	 * @param out the buffer
	 */
	public void write(ByteBuf out) {
		out.writeShort((int) (this.value >>> 32));
		out.writeInt((int) this.value);
	}

	/**
	 * Invert {@link #of}: the first octet is not checked.
	 * @param network the network
	 * @return the ZeroTier address of the member that has this MAC address
	 */
	public Address address(NetworkId network) {
		return new Address((this.value & 0xff_ffff_ffffL) ^ mask(network));
	}

	/**
	 * Whether the first octet is the one all members of a network share, so that
	 * {@link #address} names a member.
	 * @param network the network
	 * @return true if this can be a member's address
	 */
	public boolean isMemberOf(NetworkId network) {
		return (this.value >>> 40) == firstOctet(network);
	}

	/**
	 * Whether the group bit is set; true for broadcast too.
	 * @return true if multicast
	 */
	public boolean isMulticast() {
		return (this.value & 0x0100_0000_0000L) != 0;
	}

	/**
	 * Whether this is {@code ff:ff:ff:ff:ff:ff}.
	 * @return true if broadcast
	 */
	public boolean isBroadcast() {
		return this.value == MASK;
	}

	@Override
	public int compareTo(MacAddress other) {
		return Long.compare(this.value, other.value);
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(17);
		for (int shift = 40; shift >= 0; shift -= 8) {
			text.append((shift == 40) ? "" : ":")
				.append(String.format(Locale.ROOT, "%02x", this.value >>> shift & 0xff));
		}
		return text.toString();
	}

	/* bytes 7..2 of the network ID, last byte but one first, over octets 1..5 */
	private static long mask(NetworkId network) {
		return Long.reverseBytes(network.value()) >>> 16 & 0xff_ffff_ffffL;
	}

}
