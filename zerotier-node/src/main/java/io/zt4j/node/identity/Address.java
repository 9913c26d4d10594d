package io.zt4j.node.identity;

import io.netty.buffer.ByteBuf;

/**
 * A ZeroTier address: 40 bits, written as exactly ten lower-case hex digits (VL1 1.1).
 *
 * @param value the address as an unsigned 40-bit integer
 */
public record Address(long value) implements Comparable<Address> {

	/** Bytes an address takes on the wire. */
	public static final int LENGTH = 5;

	private static final long MASK = 0xff_ffff_ffffL;

	public Address {
		if ((value & ~MASK) != 0) {
			throw new IllegalArgumentException(
					"A ZeroTier address has 40 bits, but 0x" + Long.toHexString(value) + " has more");
		}
	}

	/**
	 * Parse the text form.
	 * @param text ten hex digits
	 * @return the address
	 * @throws IllegalArgumentException if the text is not ten hex digits
	 */
	public static Address parse(String text) {
		if (text.length() != 2 * LENGTH || !text.chars().allMatch((c) -> Character.digit(c, 16) >= 0 && c < 128)) {
			throw new IllegalArgumentException("A ZeroTier address is 10 hex digits, not '" + text + "'");
		}
		return new Address(Long.parseLong(text, 16));
	}

	/**
	 * Read five big-endian bytes at the reader index.
	 * @param in the buffer
	 * @return the address
	 */
	public static Address read(ByteBuf in) {
		return new Address((in.readUnsignedByte() & 0xffL) << 32 | in.readUnsignedInt());
	}

	/**
	 * Get the address at an absolute index without moving the reader index.
	 * @param in the buffer
	 * @param index where the five bytes begin
	 * @return the address
	 */
	public static Address get(ByteBuf in, int index) {
		return new Address((in.getUnsignedByte(index) & 0xffL) << 32 | in.getUnsignedInt(index + 1));
	}

	/**
	 * Write five big-endian bytes.
	 * @param out the buffer
	 */
	public void write(ByteBuf out) {
		out.writeByte((int) (this.value >>> 32));
		out.writeInt((int) this.value);
	}

	/**
	 * Whether this address can never belong to a node: zero, or first byte {@code 0xff}.
	 * @return true if reserved
	 */
	public boolean isReserved() {
		return this.value == 0 || (this.value >>> 32) == 0xff;
	}

	@Override
	public int compareTo(Address other) {
		return Long.compare(this.value, other.value);
	}

	@Override
	public String toString() {
		String hex = Long.toHexString(this.value);
		return "0".repeat(2 * LENGTH - hex.length()) + hex;
	}

}
