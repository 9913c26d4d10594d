package io.zt4j.spring.boot;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.zt4j.node.network.NetworkId;
import io.zt4j.node.world.World;
import org.jspecify.annotations.Nullable;

/**
 * What another application needs to join a network, as yaml for
 * {@code spring.config.import}. Holds no secret.
 *
 * @param network the network
 * @param name its name
 * @param planet the planet, null if it is the public one
 * @param hosts addresses by host name
 */
record Invitation(NetworkId network, String name, @Nullable World planet, Map<String, List<InetAddress>> hosts) {

	byte[] toYaml() {
		StringBuilder yaml = new StringBuilder();
		yaml.append("# Invitation to the ZeroTier network \"").append(this.name).append("\" of controller ");
		yaml.append(this.network.controller()).append(", which rewrites this file.\n");
		yaml.append("# In another application: spring.config.import: file:<this file>\n");
		yaml.append("zerotier:\n");
		yaml.append("  networks: \"").append(this.network).append("\"\n");
		if (this.planet != null) {
			yaml.append("  planet: base64:");
			yaml.append(Base64.getEncoder().encodeToString(this.planet.toBytes())).append('\n');
		}
		if (!this.hosts.isEmpty()) {
			yaml.append("  client:\n    hosts:\n");
			new TreeMap<>(this.hosts).forEach((host, addresses) -> yaml.append("      \"[")
				.append(host)
				.append("]\": \"")
				.append(String.join(",", addresses.stream().map(InetAddress::getHostAddress).toList()))
				.append("\"\n"));
		}
		return yaml.toString().getBytes(StandardCharsets.UTF_8);
	}

}
