package io.zt4j.stack.ip;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * IP addresses as two longs: IPv6 addresses fill both; IPv4 addresses sit in the low 32
 * bits of the low one while the high one is 0.
 */
public final class IpAddresses {

	private IpAddresses() {
	}

	/**
	 * Return the version of an address.
	 * @param address the address
	 * @return 4 or 6
	 */
	public static int version(InetAddress address) {
		return (address instanceof Inet4Address) ? 4 : 6;
	}

	/**
	 * Return the upper half.
	 * @param address the address
	 * @return the upper 64 bits, 0 for IPv4
	 */
	public static long high(InetAddress address) {
		return (address instanceof Inet4Address) ? 0 : longAt(address.getAddress(), 0);
	}

	/**
	 * Return the lower half.
	 * @param address the address
	 * @return the lower 64 bits, or the 32 bits of an IPv4 address
	 */
	public static long low(InetAddress address) {
		if (address instanceof Inet4Address) {
			byte[] octets = address.getAddress();
			return (octets[0] & 0xffL) << 24 | (octets[1] & 0xff) << 16 | (octets[2] & 0xff) << 8 | octets[3] & 0xff;
		}
		return longAt(address.getAddress(), 8);
	}

	/**
	 * Make an address object.
	 * @param version 4 or 6
	 * @param high the upper half
	 * @param low the lower half
	 * @return an {@link Inet4Address} for version 4, else an {@link Inet6Address} without
	 * scope, even if it is IPv4-mapped
	 */
	public static InetAddress of(int version, long high, long low) {
		try {
			if (version == 4) {
				return InetAddress.getByAddress(
						new byte[] { (byte) (low >>> 24), (byte) (low >>> 16), (byte) (low >>> 8), (byte) low });
			}
			byte[] octets = new byte[16];
			for (int i = 0; i < 8; i++) {
				octets[i] = (byte) (high >>> (56 - 8 * i));
				octets[i + 8] = (byte) (low >>> (56 - 8 * i));
			}
			return Inet6Address.getByAddress(null, octets, -1);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static long longAt(byte[] octets, int index) {
		long value = 0;
		for (int i = index; i < index + 8; i++) {
			value = value << 8 | octets[i] & 0xff;
		}
		return value;
	}

}
