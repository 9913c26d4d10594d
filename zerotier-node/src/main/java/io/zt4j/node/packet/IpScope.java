package io.zt4j.node.packet;

import java.net.InetAddress;

/**
 * How far an IP address reaches (VL1 9.1). The number matters: a higher one makes a
 * better path.
 */
public enum IpScope {

	NONE, MULTICAST, LOOPBACK, PSEUDOPRIVATE, GLOBAL, LINK_LOCAL, SHARED, PRIVATE;

	/**
	 * Return the number used in path quality (VL1 12.4).
	 * @return 0..7
	 */
	public int value() {
		return ordinal();
	}

	/**
	 * Whether a physical path may use an address of this scope (VL1 12.6).
	 * @return true for PSEUDOPRIVATE, GLOBAL, SHARED and PRIVATE
	 */
	public boolean isUsable() {
		return this == PRIVATE || this == PSEUDOPRIVATE || this == SHARED || this == GLOBAL;
	}

	/**
	 * Return the scope of an address.
	 * @param address IPv4 or IPv6
	 * @return its scope
	 */
	public static IpScope of(InetAddress address) {
		throw new UnsupportedOperationException();
	}

}
