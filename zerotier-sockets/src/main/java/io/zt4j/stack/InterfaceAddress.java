package io.zt4j.stack;

import java.net.InetAddress;

/**
 * An address of the interface and the prefix that is on-link with it.
 *
 * @param address the address
 * @param prefixLength 0..32 for IPv4, 0..128 for IPv6
 */
public record InterfaceAddress(InetAddress address, int prefixLength) {

	public InterfaceAddress {
		IpRoute.checkPrefixLength(address, prefixLength);
	}

	/**
	 * Whether another address is on-link with this one.
	 * @param other the other address
	 * @return true if it is of the same family and shares the prefix
	 */
	public boolean contains(InetAddress other) {
		return IpRoute.contains(this.address, this.prefixLength, other);
	}

	@Override
	public String toString() {
		return this.address.getHostAddress() + "/" + this.prefixLength;
	}

}
