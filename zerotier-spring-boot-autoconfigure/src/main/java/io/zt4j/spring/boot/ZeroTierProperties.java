package io.zt4j.spring.boot;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.core.io.Resource;

/**
 * Properties of the ZeroTier node inside this application. Immutable; every value is
 * checked while it is bound, so that a mistake ends the start with a message that names
 * the property.
 *
 * @param enabled Whether the application becomes a ZeroTier node.
 * @param storagePath Folder of the node's identity and state, laid out as zerotier-one
 * lays out its own; made if missing.
 * @param port UDP port of the node; 0 takes any free one.
 * @param bindAddresses Local addresses the UDP port is bound to; all if empty.
 * @param networks Networks to join, by ID or as blocks of id and required.
 * @param planet Planet file that names the roots; the public planet if unset.
 * @param startupTimeout Time the start waits for the required networks; 0 does not wait.
 * @param root Root role.
 * @param controller Controller role.
 * @param server Web server on the ZeroTier addresses.
 * @param client HTTP clients that reach the ZeroTier networks.
 */
@ConfigurationProperties("zerotier")
public record ZeroTierProperties(@DefaultValue("true") boolean enabled, @DefaultValue("zerotier") Path storagePath,
		@DefaultValue("9993") int port, @DefaultValue List<InetAddress> bindAddresses,
		@DefaultValue List<NetworkMembership> networks, @Nullable Resource planet,
		@DefaultValue("30s") Duration startupTimeout, @DefaultValue Root root, @DefaultValue Controller controller,
		@DefaultValue Server server, @DefaultValue Client client) {

	public ZeroTierProperties {
		bindAddresses = List.copyOf(bindAddresses);
		networks = List.copyOf(networks);
		checkPort("zerotier.port", port);
		for (int i = 0; i < networks.size(); i++) {
			networks.get(i).check("zerotier.networks[" + i + "]");
		}
		if (startupTimeout.isNegative()) {
			throw new InvalidZeroTierPropertyException("zerotier.startup-timeout", startupTimeout,
					"A time to wait cannot be negative.", "Write a duration such as 30s, or 0 not to wait at all.");
		}
		if (planet != null && root.isActive()) {
			throw new InvalidZeroTierPropertyException("zerotier.planet", planet,
					"A root makes the planet itself, from zerotier.root.endpoints.",
					"Remove zerotier.planet here, or remove zerotier.root.endpoints to be an ordinary node.");
		}
	}

	private static void checkPort(String property, int port) {
		if (port < 0 || port > 0xffff) {
			throw new InvalidZeroTierPropertyException(property, port, "A port is a number from 0 to 65535.",
					"Write a free port, or 0 to take any free one.");
		}
	}

	/**
	 * The root role: this node is the root of a planet of its own.
	 *
	 * @param enabled Whether this node is a root; by default it is one when endpoints are
	 * given.
	 * @param endpoints Where other nodes reach this one, as host:port or host; the port
	 * is zerotier.port if left out.
	 * @param planetOutput File the planet is written to, for other nodes to load.
	 */
	public record Root(@Nullable Boolean enabled, @DefaultValue List<String> endpoints, @Nullable Path planetOutput) {

		public Root {
			endpoints = List.copyOf(endpoints);
			if (Boolean.TRUE.equals(enabled) && endpoints.isEmpty()) {
				throw new InvalidZeroTierPropertyException("zerotier.root.endpoints", null,
						"A root must be reachable, but no endpoint is given.",
						"List at least one host:port under which other nodes reach this one, such as 203.0.113.7:9993.");
			}
			if (planetOutput != null && !isActive(enabled, endpoints)) {
				throw new InvalidZeroTierPropertyException("zerotier.root.planet-output", planetOutput,
						"Only a root writes a planet, but this node is none.",
						"Give zerotier.root.endpoints, or remove zerotier.root.planet-output.");
			}
		}

		/**
		 * Whether this node is a root.
		 * @return true if endpoints are given and the role is not switched off
		 */
		public boolean isActive() {
			return isActive(this.enabled, this.endpoints);
		}

		private static boolean isActive(@Nullable Boolean enabled, List<String> endpoints) {
			return (enabled != null) ? enabled : !endpoints.isEmpty();
		}

	}

	/**
	 * The controller role: this node defines networks and authorises their members.
	 *
	 * @param enabled Whether this node is a controller; by default it is one when
	 * networks are given.
	 * @param networks Networks of this controller by name.
	 */
	public record Controller(@Nullable Boolean enabled, @DefaultValue Map<String, ControlledNetwork> networks) {

		public Controller {
			networks = Map.copyOf(networks);
		}

		/**
		 * Whether this node is a controller.
		 * @return true if switched on, or networks are given and it is not switched off
		 */
		public boolean isActive() {
			return (this.enabled != null) ? this.enabled : !this.networks.isEmpty();
		}

	}

	/**
	 * A network of the controller.
	 *
	 * @param suffix Last six hex digits of the network ID; derived from the name if
	 * unset.
	 * @param isPrivate Whether only authorised nodes may join.
	 * @param pools Addresses members get, as 10.147.17.0/24 or 10.147.17.10-10.147.17.99.
	 * @param routes Routes of the network, as 10.147.17.0/24 or 192.168.1.0/24 via
	 * 10.147.17.1; the subnets of the pools need not be listed.
	 * @param rfc4193 Whether members get an IPv6 address in fd00::/8 derived from their
	 * node ID.
	 * @param sixPlane Whether members get an IPv6 /80 in fc00::/8 derived from their node
	 * ID.
	 * @param mtu Greatest Ethernet payload in bytes.
	 * @param members Members by name.
	 * @param invitation Yaml file with planet, network ID and member names, written for
	 * other applications to import with spring.config.import.
	 */
	public record ControlledNetwork(@Nullable String suffix, @Name("private") @DefaultValue("true") boolean isPrivate,
			@DefaultValue List<String> pools, @DefaultValue List<String> routes, @DefaultValue("false") boolean rfc4193,
			@DefaultValue("false") boolean sixPlane, @DefaultValue("2800") int mtu,
			@DefaultValue Map<String, Member> members, @Nullable Path invitation) {

		public ControlledNetwork {
			pools = List.copyOf(pools);
			routes = List.copyOf(routes);
			members = Map.copyOf(members);
		}

	}

	/**
	 * A node authorised on a network.
	 *
	 * @param node Node ID of the member, ten hex digits.
	 * @param identity Public identity of the member: a file such as
	 * file:orders/identity.public, which may appear later, or the text itself.
	 * @param addresses Fixed addresses of the member; from the pools if empty.
	 */
	public record Member(@Nullable String node, @Nullable String identity, @DefaultValue List<InetAddress> addresses) {

		public Member {
			addresses = List.copyOf(addresses);
		}

	}

	/**
	 * The web server on the node's ZeroTier addresses.
	 *
	 * @param enabled Whether the application is served on its ZeroTier addresses.
	 * @param port Port on the ZeroTier addresses; server.port, or 8080, if unset.
	 * @param mode Whether it is served there beside the host's server or instead of it.
	 */
	public record Server(@DefaultValue("true") boolean enabled, @Nullable Integer port,
			@DefaultValue("beside") Mode mode) {

		public Server {
			if (port != null) {
				checkPort("zerotier.server.port", port);
			}
		}

		/**
		 * Where the application is served.
		 */
		public enum Mode {

			/** On the host's addresses and on the ZeroTier addresses. */
			BESIDE,

			/** On the ZeroTier addresses only. */
			INSTEAD

		}

	}

	/**
	 * HTTP clients that reach the ZeroTier networks.
	 *
	 * @param enabled Whether WebClient and RestClient reach ZeroTier destinations through
	 * the node.
	 * @param suffixes Ends of host names that always belong to ZeroTier networks.
	 * @param subnets Subnets that always belong to ZeroTier networks, even while these
	 * are down; the subnets of joined networks need not be listed.
	 * @param hosts ZeroTier addresses by host name.
	 */
	public record Client(@DefaultValue("true") boolean enabled, @DefaultValue("zt") List<String> suffixes,
			@DefaultValue List<String> subnets, @DefaultValue Map<String, List<InetAddress>> hosts) {

		public Client {
			suffixes = List.copyOf(suffixes);
			subnets = List.copyOf(subnets);
			hosts = Map.copyOf(hosts);
			List<String> malformed = new ArrayList<>(subnets);
			malformed.removeIf(Subnet::isValid);
			if (!malformed.isEmpty()) {
				throw new InvalidZeroTierPropertyException("zerotier.client.subnets", malformed.get(0),
						"It is no subnet.", "Write an address and a prefix length, such as 10.147.17.0/24.");
			}
		}

	}

}
