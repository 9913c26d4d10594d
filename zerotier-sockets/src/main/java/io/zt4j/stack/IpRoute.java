package io.zt4j.stack;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

/**
 * A route. The longest matching prefix wins.
 *
 * @param target the network
 * @param prefixLength 0..32 for IPv4, 0..128 for IPv6
 * @param via gateway of the same family, or null if the target is on-link
 */
public record IpRoute(InetAddress target, int prefixLength, @Nullable InetAddress via) {

	public IpRoute {
		checkPrefixLength(target, prefixLength);
		if (via != null && via.getClass() != target.getClass()) {
			throw new IllegalArgumentException("Gateway " + via + " is not of the address family of " + target);
		}
	}

	/**
	 * Whether the target contains an address.
	 * @param address the address
	 * @return true if it is of the same family and shares the prefix
	 */
	public boolean contains(InetAddress address) {
		return contains(this.target, this.prefixLength, address);
	}

	static boolean contains(InetAddress network, int prefixLength, InetAddress address) {
		byte[] a = network.getAddress();
		byte[] b = address.getAddress();
		if (a.length != b.length) {
			return false;
		}
		int whole = prefixLength / 8;
		for (int i = 0; i < whole; i++) {
			if (a[i] != b[i]) {
				return false;
			}
		}
		int rest = prefixLength % 8;
		return rest == 0 || ((a[whole] ^ b[whole]) & (0xff00 >> rest) & 0xff) == 0;
	}

	static void checkPrefixLength(InetAddress address, int prefixLength) {
		int bits = address.getAddress().length * 8;
		if (prefixLength < 0 || prefixLength > bits) {
			throw new IllegalArgumentException(
					"Prefix length of " + address.getHostAddress() + " must be 0.." + bits + ", not " + prefixLength);
		}
	}

}
