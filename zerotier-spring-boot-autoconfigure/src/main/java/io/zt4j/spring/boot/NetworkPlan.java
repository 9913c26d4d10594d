package io.zt4j.spring.boot;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.netty.util.NetUtil;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.NetworkId;
import io.zt4j.spring.boot.ZeroTierProperties.ControlledNetwork;
import org.jspecify.annotations.Nullable;

/**
 * What the properties of one network of the controller mean, checked as a whole.
 *
 * @param name name of the network
 * @param suffix last 24 bits of its ID
 * @param isPrivate whether members must be authorised
 * @param pools ranges addresses are taken from, without the fixed ones
 * @param routes routes, the subnets of the pools first
 * @param rfc4193 whether members get RFC 4193 addresses
 * @param sixPlane whether members get 6PLANE addresses
 * @param mtu Ethernet payload in bytes
 * @param members members by name
 */
record NetworkPlan(String name, int suffix, boolean isPrivate, List<AddressRange> pools, List<Route> routes,
		boolean rfc4193, boolean sixPlane, int mtu, Map<String, Member> members) {

	NetworkId id(Address controller) {
		return new NetworkId(controller.value() << 24 | this.suffix);
	}

	/**
	 * Return a host name for every member with fixed addresses.
	 * @return {@code member.network.zt} to its addresses
	 */
	Map<String, List<InetAddress>> hosts() {
		Map<String, List<InetAddress>> hosts = new TreeMap<>();
		this.members.forEach((member, settings) -> {
			if (!settings.addresses().isEmpty()) {
				hosts.put(member + "." + this.name + ".zt", settings.addresses());
			}
		});
		return hosts;
	}

	static NetworkPlan of(String name, ControlledNetwork network) {
		String prefix = "zerotier.controller.networks." + name;
		List<AddressRange> pools = new ArrayList<>();
		List<Route> routes = new ArrayList<>();
		for (String pool : network.pools()) {
			pools.add(check(prefix + ".pools", pool, () -> AddressRange.parse(pool)));
			if (pool.indexOf('-') < 0) {
				routes.add(new Route(Subnet.parse(pool), null));
			}
		}
		for (String route : network.routes()) {
			routes.add(check(prefix + ".routes", route, () -> route(route)));
		}
		for (AddressRange pool : pools) {
			checkRoute(prefix + ".pools", routes, pool.start());
			checkRoute(prefix + ".pools", routes, pool.end());
		}
		Map<String, Member> members = new TreeMap<>();
		network.members()
			.forEach((key, member) -> members.put(key, member(prefix + ".members." + key, member, routes)));
		List<InetAddress> fixed = members.values().stream().flatMap((member) -> member.addresses().stream()).toList();
		// a fixed address is nobody else's, even before its owner ever came
		List<AddressRange> free = pools.stream().flatMap((pool) -> pool.without(fixed).stream()).toList();
		if (network.mtu() < 1280 || network.mtu() > 10000) {
			throw new InvalidZeroTierPropertyException(prefix + ".mtu", network.mtu(),
					"The MTU of a network is from 1280 to 10000 bytes.", "Leave it out to use 2800.");
		}
		return new NetworkPlan(name, suffix(prefix + ".suffix", name, network.suffix()), network.isPrivate(), free,
				routes, network.rfc4193(), network.sixPlane(), network.mtu(), members);
	}

	private static Member member(String property, ZeroTierProperties.Member member, List<Route> routes) {
		String node = member.node();
		String identity = member.identity();
		if ((node == null) == (identity == null)) {
			throw new InvalidZeroTierPropertyException(property, null,
					"A member is named by its node or by its identity, and by one of them only.",
					"Give node: with the ten hex digits the member prints at its start, or identity: with its identity.public.");
		}
		member.addresses().forEach((address) -> checkRoute(property + ".addresses", routes, address));
		if (node != null) {
			Address address = check(property + ".node", node, () -> Address.parse(node));
			return new Member(address, null, null, member.addresses());
		}
		if (identity.matches("(?s)[0-9a-fA-F]{10}:0:.*")) {
			Identity parsed = check(property + ".identity", identity, () -> Identity.parse(identity).withoutSecret());
			return new Member(null, parsed, null, member.addresses());
		}
		return new Member(null, null, identity, member.addresses());
	}

	private static Route route(String text) {
		int via = text.indexOf(" via ");
		if (via < 0) {
			return new Route(Subnet.parse(text.strip()), null);
		}
		InetAddress gateway = NetUtil.createInetAddressFromIpAddressString(text.substring(via + 5).strip());
		Subnet target = Subnet.parse(text.substring(0, via).strip());
		if (gateway == null || gateway.getClass() != target.address().getClass()) {
			throw new IllegalArgumentException(
					"The gateway after 'via' is an address of the same family as the target");
		}
		return new Route(target, gateway);
	}

	private static void checkRoute(String property, List<Route> routes, InetAddress address) {
		if (routes.stream().noneMatch((route) -> route.via() == null && route.target().contains(address))) {
			throw new InvalidZeroTierPropertyException(property, address.getHostAddress(),
					"No route of the network contains this address, so nobody could reach it.",
					"Write a subnet such as 10.147.17.0/24 into the pools or the routes of the network.");
		}
	}

	private static int suffix(String property, String name, @Nullable String suffix) {
		if (suffix == null) {
			try {
				byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
				int value = (digest[0] & 0xff) << 16 | (digest[1] & 0xff) << 8 | digest[2] & 0xff;
				return Math.max(1, value);
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException(ex);
			}
		}
		if (!suffix.matches("[0-9a-fA-F]{6}") || suffix.equals("000000")) {
			throw new InvalidZeroTierPropertyException(property, suffix,
					"The suffix of a network ID is six hex digits other than 000000.",
					"Write six digits in quotes, or leave it out: it then follows from the network's name.");
		}
		return Integer.parseInt(suffix, 16);
	}

	private static <T> T check(String property, String value, Parser<T> parser) {
		try {
			return parser.parse();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidZeroTierPropertyException(property, value, ex.getMessage() + ".", "Correct the value.");
		}
	}

	/**
	 * Parses or throws.
	 */
	private interface Parser<T> {

		T parse();

	}

	/**
	 * A route.
	 *
	 * @param target where it leads
	 * @param via gateway, null if on-link
	 */
	record Route(Subnet target, @Nullable InetAddress via) {
	}

	/**
	 * A member, known by exactly one of the three.
	 *
	 * @param node its address
	 * @param identity its identity
	 * @param file location of its public identity
	 * @param addresses its fixed addresses
	 */
	record Member(@Nullable Address node, @Nullable Identity identity, @Nullable String file,
			List<InetAddress> addresses) {
	}

}
