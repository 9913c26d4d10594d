package io.zt4j.stack.ip;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.IpRoute;
import org.jspecify.annotations.Nullable;

/**
 * Routes implied by addresses and those set, longest prefix first. Immutable; any thread
 * may ask.
 */
final class RouteTable {

	private final List<IpRoute> routes;

	private final boolean version4;

	private final boolean version6;

	private final List<InterfaceAddress> addresses;

	RouteTable(List<InterfaceAddress> addresses, List<IpRoute> more) {
		List<IpRoute> all = new ArrayList<>();
		for (InterfaceAddress address : addresses) {
			all.add(new IpRoute(address.address(), address.prefixLength(), null));
		}
		all.addAll(more);
		// the sort is stable, so on-link prefixes win over equally long routes
		all.sort(Comparator.comparingInt(IpRoute::prefixLength).reversed());
		this.routes = List.copyOf(all);
		this.addresses = addresses;
		this.version4 = addresses.stream().anyMatch((address) -> IpAddresses.version(address.address()) == 4);
		this.version6 = addresses.stream().anyMatch((address) -> IpAddresses.version(address.address()) == 6);
	}

	/**
	 * Find the route to a unicast destination.
	 * @param destination the destination
	 * @return the route with the longest prefix, or null
	 */
	@Nullable IpRoute find(InetAddress destination) {
		if (!hasVersion(destination)) {
			return null;
		}
		for (IpRoute route : this.routes) {
			if (route.contains(destination)) {
				return route;
			}
		}
		return null;
	}

	boolean reaches(InetAddress destination) {
		if (destination.isAnyLocalAddress() || destination.isLoopbackAddress()) {
			return false;
		}
		if (destination.isMulticastAddress()
				|| IpAddresses.version(destination) == 4 && IpAddresses.low(destination) == 0xffff_ffffL) {
			return hasVersion(destination);
		}
		return find(destination) != null;
	}

	private boolean hasVersion(InetAddress destination) {
		return (IpAddresses.version(destination) == 4) ? this.version4 : this.version6;
	}

	List<InterfaceAddress> addresses() {
		return this.addresses;
	}

}
