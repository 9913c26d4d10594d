package io.zt4j.spring.boot.client;

import java.net.InetAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.netty.util.NetUtil;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.spring.boot.Subnet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which destinations lie in ZeroTier networks. No name is looked up on the way.
 * Thread-safe.
 */
public final class OverlayRoutes {

	private final SocketDomain domain;

	private final List<String> suffixes;

	private final List<Subnet> subnets;

	private final Map<String, List<InetAddress>> hosts = new HashMap<>();

	/**
	 * Create the routes.
	 * @param domain the stacks of the joined networks
	 * @param suffixes ends of names that always belong to the overlay, without the dot
	 * @param subnets subnets that always belong to the overlay
	 * @param hosts addresses by name
	 */
	public OverlayRoutes(SocketDomain domain, List<String> suffixes, List<Subnet> subnets,
			Map<String, List<InetAddress>> hosts) {
		this.domain = domain;
		this.suffixes = suffixes.stream().map(OverlayRoutes::normalize).toList();
		this.subnets = List.copyOf(subnets);
		hosts.forEach((name, addresses) -> this.hosts.put(normalize(name), List.copyOf(addresses)));
	}

	/**
	 * Whether a request goes through the overlay.
	 * @param uri where it goes
	 * @return true for overlay names, and for addresses reached through a joined network
	 */
	public boolean isOverlay(URI uri) {
		String host = uri.getHost();
		return host != null && isOverlay(host);
	}

	/**
	 * Whether a host lies in a ZeroTier network.
	 * @param host a name, an IPv4 address, or an IPv6 address with or without brackets
	 * @return true if it does
	 */
	public boolean isOverlay(String host) {
		InetAddress literal = literal(host);
		if (literal != null) {
			return !literal.isLoopbackAddress() && (this.subnets.stream().anyMatch((subnet) -> subnet.contains(literal))
					|| this.domain.route(literal) != null);
		}
		String name = normalize(host);
		return this.hosts.containsKey(name)
				|| this.suffixes.stream().anyMatch((suffix) -> name.equals(suffix) || name.endsWith("." + suffix));
	}

	/**
	 * Return the addresses configured for a name.
	 * @param name the name
	 * @return the addresses, empty if the name is unknown
	 */
	public List<InetAddress> addresses(String name) {
		return this.hosts.getOrDefault(normalize(name), List.of());
	}

	private static @Nullable InetAddress literal(String host) {
		return NetUtil
			.createInetAddressFromIpAddressString(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
	}

	private static String normalize(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		int begin = lower.startsWith(".") ? 1 : 0;
		int end = lower.endsWith(".") ? lower.length() - 1 : lower.length();
		return lower.substring(begin, Math.max(begin, end));
	}

}
