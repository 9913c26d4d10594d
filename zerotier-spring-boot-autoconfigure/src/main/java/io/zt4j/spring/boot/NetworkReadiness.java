package io.zt4j.spring.boot;

import java.util.ArrayList;
import java.util.List;

import io.zt4j.node.NetworkInfo;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkStatus;
import org.jspecify.annotations.Nullable;

/**
 * How far the membership of a network has come.
 *
 * @param network the network
 * @param name its name, null before there is a configuration
 * @param required whether the application depends on it
 * @param status the status of the membership
 * @param addresses the addresses assigned, as address/prefix length
 */
public record NetworkReadiness(NetworkId network, @Nullable String name, boolean required, NetworkStatus status,
		List<String> addresses) {

	public NetworkReadiness {
		addresses = List.copyOf(addresses);
	}

	/**
	 * Return the readiness of every network given in the properties, or joined otherwise.
	 * @param node the node
	 * @param properties the properties
	 * @return one entry for each network; those of the properties first
	 */
	public static List<NetworkReadiness> of(ZeroTierNode node, ZeroTierProperties properties) {
		List<NetworkInfo> joined = node.networks();
		List<NetworkReadiness> result = new ArrayList<>();
		for (NetworkMembership membership : properties.networks()) {
			NetworkId id = membership.network();
			result.add(joined.stream()
				.filter((info) -> info.id().equals(id))
				.findFirst()
				.map((info) -> of(info, membership.required()))
				.orElseGet(() -> new NetworkReadiness(id, null, membership.required(),
						NetworkStatus.REQUESTING_CONFIGURATION, List.of())));
		}
		for (NetworkInfo info : joined) {
			if (result.stream().noneMatch((readiness) -> readiness.network().equals(info.id()))) {
				result.add(of(info, false));
			}
		}
		return result;
	}

	private static NetworkReadiness of(NetworkInfo info, boolean required) {
		return new NetworkReadiness(info.id(), info.name(), required, info.status(), info.assignedAddresses());
	}

	/**
	 * Whether the network can be used.
	 * @return true if the node is a member and has an address
	 */
	public boolean isReady() {
		return this.status == NetworkStatus.OK && !this.addresses.isEmpty();
	}

}
