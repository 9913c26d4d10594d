package io.zt4j.sockets;

import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.packet.IpScope;

/**
 * Which of the addresses and routes that a controller sends are used (VL2 16.3).
 *
 * @param allowManaged whether any are
 * @param allowGlobal whether addresses and routes of the public Internet are
 * @param allowDefault whether a default route is
 */
public record ManagedAddressPolicy(boolean allowManaged, boolean allowGlobal, boolean allowDefault) {

	/** Private addresses and routes, no public ones, no default route. */
	public static final ManagedAddressPolicy DEFAULT = new ManagedAddressPolicy(true, false, false);

	/**
	 * Whether an address or a route target is used.
	 * @param prefix the address or target with its prefix length
	 * @return true if it is
	 */
	public boolean admits(InetPrefix prefix) {
		if (!this.allowManaged) {
			return false;
		}
		if (prefix.prefixLength() == 0) {
			return this.allowDefault;
		}
		return switch (IpScope.of(prefix.address())) {
			case NONE, MULTICAST, LOOPBACK, LINK_LOCAL -> false;
			case GLOBAL -> this.allowGlobal;
			case PRIVATE, PSEUDOPRIVATE, SHARED -> true;
		};
	}

}
