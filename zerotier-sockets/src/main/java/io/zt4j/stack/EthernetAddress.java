package io.zt4j.stack;

import java.util.HexFormat;

import io.netty.buffer.ByteBuf;

/**
 * A 48-bit Ethernet hardware address (IEEE 802 MAC).
 *
 * @param value the address as an unsigned integer, first octet most significant
 */
public record EthernetAddress(long value) {

	/** The broadcast address. */
	public static final EthernetAddress BROADCAST = new EthernetAddress(0xffff_ffff_ffffL);

	/**
	 * Get the address at an absolute index.
	 * @param in the buffer
	 * @param index where the six bytes begin
	 * @return the address
	 */
	public static EthernetAddress get(ByteBuf in, int index) {
		return new EthernetAddress((long) in.getUnsignedShort(index) << 32 | in.getUnsignedInt(index + 2));
	}

	/**
	 * Set the six bytes at an absolute index.
	 * @param out the buffer
	 * @param index where they begin
	 */
	public void set(ByteBuf out, int index) {
		out.setShort(index, (int) (this.value >>> 32));
		out.setInt(index + 2, (int) this.value);
	}

	/**
	 * Whether this is a group address; broadcast is one.
	 * @return true if multicast
	 */
	public boolean isMulticast() {
		return (this.value & 0x0100_0000_0000L) != 0;
	}

	@Override
	public String toString() {
		byte[] octets = new byte[6];
		for (int i = 0; i < 6; i++) {
			octets[i] = (byte) (this.value >>> (40 - 8 * i));
		}
		return HexFormat.ofDelimiter(":").formatHex(octets);
	}

}
