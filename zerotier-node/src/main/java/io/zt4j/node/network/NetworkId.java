package io.zt4j.node.network;

import io.zt4j.node.identity.Address;

/**
 * A network ID: the controller's address (40 bits) and the number of the network on that
 * controller (24 bits); written as sixteen lower-case hex digits (VL2 1.1).
 *
 * @param value the ID as an unsigned 64-bit integer
 */
public record NetworkId(long value) implements Comparable<NetworkId> {

	/**
	 * Parse the text form.
	 * @param text sixteen hex digits
	 * @return the ID
	 * @throws IllegalArgumentException if the text is not sixteen hex digits
	 */
	public static NetworkId parse(String text) {
		if (text.length() != 16 || !text.chars().allMatch((c) -> Character.digit(c, 16) >= 0 && c < 128)) {
			throw new IllegalArgumentException("A ZeroTier network ID is 16 hex digits, not '" + text + "'");
		}
		return new NetworkId(Long.parseUnsignedLong(text, 16));
	}

	/**
	 * Return the address of the controller that owns this network.
	 * @return the top 40 bits
	 */
	public Address controller() {
		return new Address(this.value >>> 24);
	}

	/**
	 * Whether this is an ad-hoc network, one without controller (VL2 14).
	 * @return true if the first byte is {@code 0xff}
	 */
	public boolean isAdHoc() {
		return (this.value >>> 56) == 0xff;
	}

	@Override
	public int compareTo(NetworkId other) {
		return Long.compareUnsigned(this.value, other.value);
	}

	@Override
	public String toString() {
		String hex = Long.toHexString(this.value);
		return "0".repeat(16 - hex.length()) + hex;
	}

}
