package io.zt4j.spring.boot;

import java.math.BigInteger;
import java.net.InetAddress;

import io.netty.util.NetUtil;

/**
 * An IP address range given by prefix.
 *
 * @param address an address inside
 * @param prefixLength bits, 0..32 or 0..128
 */
public record Subnet(InetAddress address, int prefixLength) {

	/**
	 * Parse {@code address/bits}.
	 * @param text the text; no name is looked up
	 * @return the subnet
	 * @throws IllegalArgumentException if the text is malformed
	 */
	public static Subnet parse(String text) {
		int slash = text.indexOf('/');
		InetAddress address = (slash > 0) ? NetUtil.createInetAddressFromIpAddressString(text.substring(0, slash))
				: null;
		if (address != null) {
			try {
				int bits = Integer.parseInt(text.substring(slash + 1));
				if (bits >= 0 && bits <= 8 * address.getAddress().length) {
					return new Subnet(address, bits);
				}
			}
			catch (NumberFormatException ex) {
				// falls through to the one message
			}
		}
		throw new IllegalArgumentException(
				"A subnet is an address and a prefix length, such as 10.147.17.0/24, not '" + text + "'");
	}

	static boolean isValid(String text) {
		try {
			parse(text);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * Whether an address lies in this subnet.
	 * @param other the address
	 * @return true if the family and the first bits are equal
	 */
	public boolean contains(InetAddress other) {
		byte[] mine = this.address.getAddress();
		byte[] theirs = other.getAddress();
		int rest = 8 * mine.length - this.prefixLength;
		return mine.length == theirs.length
				&& new BigInteger(1, mine).shiftRight(rest).equals(new BigInteger(1, theirs).shiftRight(rest));
	}

}
