package io.zt4j.node.controller;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.netty.util.NetUtil;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkDns;
import io.zt4j.node.network.NetworkRoute;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.network.rule.RuleJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What can be set of a network (VL2 17.1). Immutable.
 *
 * @param name the name, at most 127 bytes
 * @param isPrivate whether members must be authorised
 * @param mtu the largest payload of an Ethernet frame, 1280..10000
 * @param multicastLimit the most recipients of a multicast; 0 = none, not even ARP
 * @param broadcast whether broadcasts other than ARP are carried
 * @param assignIpv4 whether members get IPv4 addresses from the pools
 * @param assignIpv6 whether members get IPv6 addresses from the pools
 * @param rfc4193 whether members get an RFC 4193 address
 * @param sixPlane whether members get a 6PLANE address
 * @param routes the managed routes; addresses are given away only where a route leads
 * @param pools where addresses come from
 * @param rules the rules
 * @param capabilities the capabilities
 * @param tags the tags
 * @param dns the name servers
 * @param joinTokens secrets that let members in, and when they expire: milliseconds since
 * the epoch, 0 = never
 */
public record NetworkSettings(String name, boolean isPrivate, int mtu, int multicastLimit, boolean broadcast,
		boolean assignIpv4, boolean assignIpv6, boolean rfc4193, boolean sixPlane, List<NetworkRoute> routes,
		List<AddressPool> pools, List<Rule> rules, List<CapabilitySettings> capabilities, List<TagSettings> tags,
		NetworkDns dns, Map<String, Long> joinTokens) {

	private static final int DEFAULT_MULTICAST_LIMIT = 32;

	public NetworkSettings {
		routes = List.copyOf(routes);
		pools = List.copyOf(pools);
		rules = List.copyOf(rules);
		capabilities = List.copyOf(capabilities);
		tags = List.copyOf(tags);
		joinTokens = Map.copyOf(joinTokens);
		if (mtu < NetworkConfig.MIN_MTU || mtu > NetworkConfig.MAX_MTU) {
			throw new IllegalArgumentException("The MTU of a network must be 1280..10000, not " + mtu);
		}
		if (multicastLimit < 0) {
			throw new IllegalArgumentException("The multicast limit must not be negative, but is " + multicastLimit);
		}
		if (rules.size() > NetworkConfig.MAX_RULES) {
			throw new IllegalArgumentException("A network has at most 1024 rules, not " + rules.size());
		}
		if (routes.size() > NetworkConfig.MAX_ROUTES) {
			throw new IllegalArgumentException("A network has at most 128 routes, not " + routes.size());
		}
		routes.forEach(NetworkSettings::check);
	}

	private static void check(NetworkRoute route) {
		InetAddress via = route.via();
		if (via != null && via.getClass() != route.target().address().getClass()) {
			throw new IllegalArgumentException("The gateway of the route to " + route.target()
					+ " must be of the same address family, but is " + NetUtil.toAddressString(via));
		}
	}

	/**
	 * Begin with the defaults of zerotier-one: a private network without addresses that
	 * accepts every frame.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Begin with these settings.
	 * @return a builder
	 */
	public Builder toBuilder() {
		Builder builder = new Builder();
		builder.name = this.name;
		builder.isPrivate = this.isPrivate;
		builder.mtu = this.mtu;
		builder.multicastLimit = this.multicastLimit;
		builder.broadcast = this.broadcast;
		builder.assignIpv4 = this.assignIpv4;
		builder.assignIpv6 = this.assignIpv6;
		builder.rfc4193 = this.rfc4193;
		builder.sixPlane = this.sixPlane;
		builder.routes.addAll(this.routes);
		builder.pools.addAll(this.pools);
		builder.rules = this.rules;
		builder.capabilities.addAll(this.capabilities);
		builder.tags.addAll(this.tags);
		builder.dns = this.dns;
		builder.joinTokens.putAll(this.joinTokens);
		return builder;
	}

	static NetworkSettings of(NetworkRecord record) {
		return new NetworkSettings(record.name(), record.isPrivate(), record.mtu(), record.multicastLimit(),
				record.enablesBroadcast(), record.assigns("v4AssignMode", "zt"), record.assigns("v6AssignMode", "zt"),
				record.assigns("v6AssignMode", "rfc4193"), record.assigns("v6AssignMode", "6plane"), record.routes(),
				record.pools(), record.rules(), record.capabilities(), record.tags(), record.dns(), record.tokens());
	}

	/** The body that sets all of this (VL2 20.2). */
	ObjectNode toJson() {
		ObjectNode json = Records.object()
			.put("name", this.name)
			.put("private", this.isPrivate)
			.put("mtu", this.mtu)
			.put("multicastLimit", this.multicastLimit)
			.put("enableBroadcast", this.broadcast);
		json.set("v4AssignMode", Records.object().put("zt", this.assignIpv4));
		json.set("v6AssignMode",
				Records.object().put("zt", this.assignIpv6).put("rfc4193", this.rfc4193).put("6plane", this.sixPlane));
		ArrayNode routeArray = json.putArray("routes");
		this.routes.forEach((route) -> routeArray.add(Records.object()
			.put("target", route.target().network().toString())
			.put("via", (route.via() != null) ? Records.string(route.via()) : null)));
		ArrayNode poolArray = json.putArray("ipAssignmentPools");
		this.pools.forEach((pool) -> poolArray.add(Records.object()
			.put("ipRangeStart", Records.string(pool.start()))
			.put("ipRangeEnd", Records.string(pool.end()))));
		json.set("rules", RuleJson.writeAll(this.rules));
		ArrayNode capabilityArray = json.putArray("capabilities");
		this.capabilities.forEach((capability) -> capabilityArray.add(Records.object()
			.put("id", Integer.toUnsignedLong(capability.id()))
			.put("default", capability.assignedByDefault())
			.set("rules", RuleJson.writeAll(capability.rules()))));
		ArrayNode tagArray = json.putArray("tags");
		this.tags.forEach((tag) -> {
			Integer value = tag.defaultValue();
			tagArray.add(Records.object()
				.put("id", Integer.toUnsignedLong(tag.id()))
				.set("default", (value != null) ? Records.number(Integer.toUnsignedLong(value)) : Records.nothing()));
		});
		ArrayNode servers = Records.array();
		this.dns.servers().forEach((server) -> servers.add(Records.string(server)));
		json.set("dns", this.dns.equals(NetworkDns.NONE) ? Records.object()
				: Records.object().put("domain", this.dns.domain()).set("servers", servers));
		ObjectNode tokens = json.putObject("authTokens");
		this.joinTokens.forEach(tokens::put);
		return json;
	}

	/**
	 * Builds {@link NetworkSettings}. Not thread-safe.
	 */
	public static final class Builder {

		private String name = "";

		private boolean isPrivate = true;

		private int mtu = NetworkConfig.DEFAULT_MTU;

		private int multicastLimit = DEFAULT_MULTICAST_LIMIT;

		private boolean broadcast = true;

		private boolean assignIpv4;

		private boolean assignIpv6;

		private boolean rfc4193;

		private boolean sixPlane;

		private final List<NetworkRoute> routes = new ArrayList<>();

		private final List<AddressPool> pools = new ArrayList<>();

		private List<Rule> rules = List.of(Rule.ACCEPT);

		private final List<CapabilitySettings> capabilities = new ArrayList<>();

		private final List<TagSettings> tags = new ArrayList<>();

		private NetworkDns dns = NetworkDns.NONE;

		private final Map<String, Long> joinTokens = new LinkedHashMap<>();

		private Builder() {
		}

		private Builder with(Consumer<Builder> change) {
			change.accept(this);
			return this;
		}

		/**
		 * Set the name.
		 * @param name at most 127 bytes; longer names reach members cut off
		 * @return this
		 */
		public Builder name(String name) {
			return with((builder) -> builder.name = name);
		}

		/**
		 * Let anybody in, or only authorised members.
		 * @param isPrivate false to let anybody in
		 * @return this
		 */
		public Builder isPrivate(boolean isPrivate) {
			return with((builder) -> builder.isPrivate = isPrivate);
		}

		/**
		 * Set the MTU.
		 * @param mtu 1280..10000 bytes
		 * @return this
		 */
		public Builder mtu(int mtu) {
			return with((builder) -> builder.mtu = mtu);
		}

		/**
		 * Set the multicast limit.
		 * @param recipients the most recipients of a multicast
		 * @return this
		 */
		public Builder multicastLimit(int recipients) {
			return with((builder) -> builder.multicastLimit = recipients);
		}

		/**
		 * Carry broadcasts.
		 * @param enabled whether broadcasts other than ARP are carried
		 * @return this
		 */
		public Builder broadcast(boolean enabled) {
			return with((builder) -> builder.broadcast = enabled);
		}

		/**
		 * Give members addresses of a subnet: a route to it, a pool of it, and the mode
		 * of its family.
		 * @param subnet the subnet, such as {@code 10.147.20.0/24}
		 * @return this
		 */
		public Builder subnet(InetPrefix subnet) {
			route(new NetworkRoute(subnet.network(), null));
			pool(AddressPool.of(subnet));
			return subnet.isIpv6() ? assignIpv6(true) : assignIpv4(true);
		}

		/**
		 * Give members IPv4 addresses from the pools.
		 * @param enabled whether to
		 * @return this
		 */
		public Builder assignIpv4(boolean enabled) {
			return with((builder) -> builder.assignIpv4 = enabled);
		}

		/**
		 * Give members IPv6 addresses from the pools.
		 * @param enabled whether to
		 * @return this
		 */
		public Builder assignIpv6(boolean enabled) {
			return with((builder) -> builder.assignIpv6 = enabled);
		}

		/**
		 * Give members an RFC 4193 address.
		 * @param enabled whether to
		 * @return this
		 */
		public Builder rfc4193(boolean enabled) {
			return with((builder) -> builder.rfc4193 = enabled);
		}

		/**
		 * Give members a 6PLANE address.
		 * @param enabled whether to
		 * @return this
		 */
		public Builder sixPlane(boolean enabled) {
			return with((builder) -> builder.sixPlane = enabled);
		}

		/**
		 * Add a route.
		 * @param route the route
		 * @return this
		 */
		public Builder route(NetworkRoute route) {
			return with((builder) -> builder.routes.add(route));
		}

		/**
		 * Add a pool.
		 * @param pool the pool
		 * @return this
		 */
		public Builder pool(AddressPool pool) {
			return with((builder) -> builder.pools.add(pool));
		}

		/**
		 * Replace the rules.
		 * @param rules the rules; an empty list drops every frame
		 * @return this
		 */
		public Builder rules(List<Rule> rules) {
			return with((builder) -> builder.rules = List.copyOf(rules));
		}

		/**
		 * Add a capability.
		 * @param capability the capability
		 * @return this
		 */
		public Builder capability(CapabilitySettings capability) {
			return with((builder) -> builder.capabilities.add(capability));
		}

		/**
		 * Add a tag.
		 * @param id the ID
		 * @param defaultValue what members get that have no other value, or null
		 * @return this
		 */
		public Builder tag(int id, @Nullable Integer defaultValue) {
			return with((builder) -> builder.tags.add(new TagSettings(id, defaultValue)));
		}

		/**
		 * Set the name servers.
		 * @param dns the name servers
		 * @return this
		 */
		public Builder dns(NetworkDns dns) {
			return with((builder) -> builder.dns = dns);
		}

		/**
		 * Add a secret that lets members in.
		 * @param token the secret
		 * @param expiry when it expires, milliseconds since the epoch; 0 = never
		 * @return this
		 */
		public Builder joinToken(String token, long expiry) {
			return with((builder) -> builder.joinTokens.put(token, expiry));
		}

		/**
		 * Build the settings.
		 * @return the settings
		 * @throws IllegalArgumentException if a value is out of range
		 */
		public NetworkSettings build() {
			return new NetworkSettings(this.name, this.isPrivate, this.mtu, this.multicastLimit, this.broadcast,
					this.assignIpv4, this.assignIpv6, this.rfc4193, this.sixPlane, this.routes, this.pools, this.rules,
					this.capabilities, this.tags, this.dns, this.joinTokens);
		}

	}

}
