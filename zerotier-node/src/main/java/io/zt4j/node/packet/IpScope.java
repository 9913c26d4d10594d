package io.zt4j.node.packet;

import java.net.InetAddress;

/**
 * How far an IP address reaches (VL1 9.1). The number matters: a higher one makes a
 * better path.
 */
public enum IpScope {

	NONE, MULTICAST, LOOPBACK, PSEUDOPRIVATE, GLOBAL, LINK_LOCAL, SHARED, PRIVATE;

	private static final int IPV4_LENGTH = 4;

	/**
	 * Return the number used in path quality (VL1 12.4).
	 * @return 0..7
	 */
	public int value() {
		return ordinal();
	}

	/**
	 * Whether a physical path may use addresses of this scope.
	 * @return true for PSEUDOPRIVATE, GLOBAL, SHARED and PRIVATE
	 */
	public boolean isUsable() {
		return this == PRIVATE || this == PSEUDOPRIVATE || this == SHARED || this == GLOBAL;
	}

	/**
	 * Whether a physical path may use an address: its scope is usable and it is not in
	 * 2001:470::/32 (VL1 12.6, the part that depends on the address alone).
	 * @param address an IPv4 or IPv6 address
	 * @return true if it may
	 */
	public static boolean isUsable(InetAddress address) {
		byte[] ip = address.getAddress();
		boolean tunnelBroker = ip.length != IPV4_LENGTH && ip[0] == 0x20 && ip[1] == 0x01 && ip[2] == 0x04
				&& ip[3] == 0x70;
		return !tunnelBroker && of(ip).isUsable();
	}

	/**
	 * Return the scope of an address.
	 * @param address an IPv4 or IPv6 address
	 * @return its scope
	 */
	public static IpScope of(InetAddress address) {
		return of(address.getAddress());
	}

	private static IpScope of(byte[] ip) {
		return (ip.length == IPV4_LENGTH) ? ofIpv4(ip) : ofIpv6(ip);
	}

	private static IpScope ofIpv4(byte[] ip) {
		int a = ip[0] & 0xff;
		int b = ip[1] & 0xff;
		int c = ip[2] & 0xff;
		return switch (a) {
			case 0, 255 -> NONE;
			case 6, 11, 21, 22, 25, 26, 28, 29, 30, 51, 55, 56 -> PSEUDOPRIVATE;
			case 10 -> PRIVATE;
			case 100 -> (b >= 64 && b < 128) ? PRIVATE : GLOBAL;
			case 127 -> LOOPBACK;
			case 169 -> (b == 254) ? LINK_LOCAL : GLOBAL;
			case 172 -> (b >= 16 && b < 32) ? PRIVATE : GLOBAL;
			case 192 -> (b == 168 || (b == 0 && c == 2)) ? PRIVATE : GLOBAL;
			case 198 -> ((b & 0xfe) == 18 || (b == 51 && c == 100)) ? PRIVATE : GLOBAL;
			case 203 -> (b == 0 && c == 113) ? PRIVATE : GLOBAL;
			default -> (a >= 240) ? PSEUDOPRIVATE : (a >= 224) ? MULTICAST : GLOBAL;
		};
	}

	private static IpScope ofIpv6(byte[] ip) {
		int a = ip[0] & 0xff;
		if (a == 0xff) {
			return MULTICAST;
		}
		if (a == 0xfe && (ip[1] & 0xc0) == 0x80) {
			return (isZero(ip, 2, 15) && ip[15] == 1) ? LOOPBACK : LINK_LOCAL;
		}
		if ((a & 0xfe) == 0xfc) {
			return PRIVATE;
		}
		if (isZero(ip, 0, 10)) {
			if (isZero(ip, 10, 15) && ip[15] <= 1 && ip[15] >= 0) {
				return (ip[15] == 0) ? NONE : LOOPBACK;
			}
			if (ip[10] == -1 && ip[11] == -1 && ip[12] == 127) {
				return LOOPBACK;
			}
		}
		return GLOBAL;
	}

	private static boolean isZero(byte[] ip, int from, int to) {
		for (int i = from; i < to; i++) {
			if (ip[i] != 0) {
				return false;
			}
		}
		return true;
	}

}
