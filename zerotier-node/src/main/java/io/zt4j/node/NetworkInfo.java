package io.zt4j.node;

import java.util.List;

import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of a joined network at one moment.
 *
 * @param id the network
 * @param status the state of the membership
 * @param name the network's name as its controller gives it, or null before there is a
 * configuration
 * @param mtu the MTU of the virtual interface in bytes
 * @param assignedAddresses the addresses the controller assigned, as
 * {@code address/prefix length}
 * @param routes the routes the controller announces, as {@code target} or
 * {@code target via gateway}
 */
public record NetworkInfo(NetworkId id, NetworkStatus status, @Nullable String name, int mtu,
		List<String> assignedAddresses, List<String> routes) {

	public NetworkInfo {
		assignedAddresses = List.copyOf(assignedAddresses);
		routes = List.copyOf(routes);
	}

}
