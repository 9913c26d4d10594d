package io.zt4j.spring.boot.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.zt4j.node.ZeroTierNode;
import io.zt4j.spring.boot.NetworkReadiness;
import io.zt4j.spring.boot.ZeroTierProperties;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * UP when the node is online and is a member, with an address, of every required network.
 * Reads snapshots only, so it never blocks.
 */
public class ZeroTierHealthIndicator extends AbstractHealthIndicator {

	private final ZeroTierNode node;

	private final ZeroTierProperties properties;

	/**
	 * Create the indicator.
	 * @param node the node
	 * @param properties says which networks are required
	 */
	public ZeroTierHealthIndicator(ZeroTierNode node, ZeroTierProperties properties) {
		super("ZeroTier health check failed");
		this.node = node;
		this.properties = properties;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		boolean online = this.node.isOnline();
		List<NetworkReadiness> networks = NetworkReadiness.of(this.node, this.properties);
		boolean ready = networks.stream().allMatch((network) -> network.isReady() || !network.required());
		Health.Builder result = (online && ready) ? builder.up() : builder.down();
		result.withDetail("node", this.node.address().toString()).withDetail("online", online);
		Map<String, Object> details = new LinkedHashMap<>();
		networks.forEach((network) -> details.put(network.network().toString(), describe(network)));
		result.withDetail("networks", details);
	}

	private static Map<String, Object> describe(NetworkReadiness network) {
		Map<String, Object> details = new LinkedHashMap<>();
		if (network.name() != null) {
			details.put("name", network.name());
		}
		details.put("status", network.status().name());
		details.put("required", network.required());
		details.put("addresses", network.addresses());
		return details;
	}

}
