package io.zt4j.node.controller;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.LenientJson;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkDns;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkRoute;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.network.rule.RuleJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The record of a network (VL2 17.1): typed access to its JSON.
 */
final class NetworkRecord {

	private static final int DEFAULT_MULTICAST_LIMIT = 32;

	private static final long MIN_WINDOW = 300_000;

	private static final long DEFAULT_WINDOW = 1_800_000;

	private static final long MAX_WINDOW = 7_200_000;

	private static final List<String> TRANSIENT = List.of("clock", "authorizedMemberCount", "activeMemberCount",
			"totalMemberCount", "lastModified");

	private final NetworkId id;

	private final ObjectNode json;

	NetworkRecord(NetworkId id, ObjectNode json, long now) {
		this.id = id;
		this.json = json;
		defaults(now);
	}

	private void defaults(long now) {
		ObjectNode record = this.json;
		record.put("id", this.id.toString()).put("nwid", this.id.toString()).put("objtype", "network");
		Records.ensure(record, "name", Records.text(""));
		Records.ensure(record, "private", Records.bool(true));
		Records.ensure(record, "creationTime", Records.number(now));
		Records.ensure(record, "mtu", Records.number(NetworkConfig.DEFAULT_MTU));
		Records.ensure(record, "multicastLimit", Records.number(DEFAULT_MULTICAST_LIMIT));
		Records.ensure(record, "enableBroadcast", Records.bool(true));
		Records.ensure(record, "v4AssignMode", Records.object().put("zt", false));
		Records.ensure(record, "v6AssignMode",
				Records.object().put("rfc4193", false).put("zt", false).put("6plane", false));
		Records.ensure(record, "routes", Records.array());
		Records.ensure(record, "ipAssignmentPools", Records.array());
		Records.ensure(record, "rules", Records.array().add(acceptAll()));
		Records.ensure(record, "capabilities", Records.array());
		Records.ensure(record, "tags", Records.array());
		// the reference's default values are arrays, which it then cannot read (VL2 25)
		Records.ensureObject(record, "authTokens");
		Records.ensureObject(record, "dns");
		Records.ensure(record, "remoteTraceTarget", Records.nothing());
		Records.ensure(record, "remoteTraceLevel", Records.number(0));
		Records.ensure(record, "rulesSource", Records.text(""));
		Records.ensure(record, "ssoEnabled", Records.bool(false));
		Records.ensure(record, "clientId", Records.text(""));
		Records.ensure(record, "authorizationEndpoint", Records.text(""));
		TRANSIENT.forEach(record::remove);
	}

	private static ObjectNode acceptAll() {
		return Records.object().put("type", "ACTION_ACCEPT").put("not", false).put("or", false);
	}

	/*
	 * Take over the settable fields of a body (VL2 20.2). Fields of the wrong kind stay
	 * as they were.
	 */
	void update(JsonNode body) {
		ObjectNode record = this.json;
		Records.copyString(body, record, "name");
		Records.copyBoolean(body, record, "private");
		Records.copyBoolean(body, record, "enableBroadcast");
		Records.copyInteger(body, record, "multicastLimit");
		if (body.has("mtu")) {
			record.put("mtu", clampMtu(LenientJson.integer(body.get("mtu"), NetworkConfig.DEFAULT_MTU)));
		}
		Records.copyTrace(body, record);
		updateAssignModes(body);
		updateArray(body, "routes", NetworkRecord::route);
		updateArray(body, "ipAssignmentPools", NetworkRecord::pool);
		if (isArray(body, "rules")) {
			record.set("rules", RuleJson.writeAll(RuleJson.readAll(body.get("rules"), Records.MAX_ENTRIES)));
		}
		if (body.has("authTokens")) {
			record.set("authTokens", tokens(body.get("authTokens")));
		}
		if (isArray(body, "capabilities")) {
			record.set("capabilities", byId(body.get("capabilities"), NetworkRecord::capability));
		}
		if (isArray(body, "tags")) {
			record.set("tags", byId(body.get("tags"), NetworkRecord::tag));
		}
		JsonNode dns = body.get("dns");
		if (dns != null && dns.isObject()) {
			record.set("dns",
					Records.object()
						.put("domain", LenientJson.string(dns.get("domain"), ""))
						.set("servers", isArray(dns, "servers") ? dns.get("servers").deepCopy() : Records.array()));
		}
	}

	private static boolean isArray(JsonNode body, String field) {
		JsonNode value = body.get(field);
		return value != null && value.isArray();
	}

	private static long clampMtu(long mtu) {
		return Math.max(NetworkConfig.MIN_MTU, Math.min(NetworkConfig.MAX_MTU, mtu));
	}

	private void updateAssignModes(JsonNode body) {
		JsonNode v4 = body.get("v4AssignMode");
		if (v4 != null && v4.isString()) {
			this.json.set("v4AssignMode", Records.object().put("zt", v4.stringValue().equals("zt")));
		}
		else if (v4 != null && v4.isObject()) {
			this.json.set("v4AssignMode", modes(v4, "zt"));
		}
		JsonNode v6 = body.get("v6AssignMode");
		if (v6 != null && v6.isString()) {
			List<String> modes = Arrays.asList(v6.stringValue().split(","));
			this.json.set("v6AssignMode",
					Records.object()
						.put("zt", modes.contains("zt"))
						.put("rfc4193", modes.contains("rfc4193"))
						.put("6plane", modes.contains("6plane")));
		}
		else if (v6 != null && v6.isObject()) {
			this.json.set("v6AssignMode", modes(v6, "zt", "rfc4193", "6plane"));
		}
	}

	private static ObjectNode modes(JsonNode body, String... names) {
		ObjectNode modes = Records.object();
		for (String name : names) {
			Records.copyBoolean(body, modes, name);
		}
		return modes;
	}

	private void updateArray(JsonNode body, String field, Normalizer normalizer) {
		if (isArray(body, field)) {
			ArrayNode array = Records.array();
			for (JsonNode entry : Records.entries(body.get(field))) {
				ObjectNode normalized = normalizer.normalize(entry);
				if (normalized != null) {
					array.add(normalized);
				}
			}
			this.json.set(field, array);
		}
	}

	private static @Nullable ObjectNode route(JsonNode entry) {
		InetPrefix target = Records.prefix(entry.get("target"));
		if (target == null) {
			return null;
		}
		InetAddress via = Records.address(entry.get("via"));
		boolean usable = via != null && via.getClass() == target.address().getClass();
		return Records.object().put("target", target.toString()).put("via", usable ? Records.string(via) : null);
	}

	private static @Nullable ObjectNode pool(JsonNode entry) {
		InetAddress start = Records.address(entry.get("ipRangeStart"));
		InetAddress end = Records.address(entry.get("ipRangeEnd"));
		if (start == null || end == null || start.getClass() != end.getClass()) {
			return null;
		}
		return Records.object().put("ipRangeStart", Records.string(start)).put("ipRangeEnd", Records.string(end));
	}

	private static ObjectNode tokens(JsonNode value) {
		ObjectNode tokens = Records.object();
		value.properties().forEach((entry) -> {
			if (entry.getValue().isNumber() && entry.getValue().longValue() >= 0) {
				tokens.put(entry.getKey(), entry.getValue().longValue());
			}
		});
		return tokens;
	}

	private static ArrayNode byId(JsonNode array, Normalizer normalizer) {
		Map<Long, ObjectNode> sorted = new TreeMap<>();
		for (JsonNode entry : Records.entries(array)) {
			ObjectNode normalized = entry.isObject() ? normalizer.normalize(entry) : null;
			if (normalized != null) {
				sorted.put(normalized.get("id").longValue(), normalized);
			}
		}
		ArrayNode result = Records.array();
		sorted.values().forEach(result::add);
		return result;
	}

	private static ObjectNode capability(JsonNode entry) {
		return Records.object()
			.put("id", Integer.toUnsignedLong(LenientJson.integer32(entry.get("id"))))
			.put("default", LenientJson.bool(entry.get("default"), false))
			.set("rules", RuleJson.writeAll(RuleJson.readAll(entry.get("rules"), Records.MAX_ENTRIES)));
	}

	private static ObjectNode tag(JsonNode entry) {
		JsonNode value = entry.get("default");
		return Records.object()
			.put("id", Integer.toUnsignedLong(LenientJson.integer32(entry.get("id"))))
			.set("default", (value != null && !value.isNull())
					? Records.number(Integer.toUnsignedLong(LenientJson.integer32(value))) : Records.nothing());
	}

	NetworkId id() {
		return this.id;
	}

	ObjectNode json() {
		return this.json;
	}

	long revision() {
		return LenientJson.integer(this.json.get("revision"), 0);
	}

	long creationTime() {
		return LenientJson.integer(this.json.get("creationTime"), 0);
	}

	String name() {
		return LenientJson.string(this.json.get("name"), "");
	}

	boolean isPrivate() {
		return LenientJson.bool(this.json.get("private"), true);
	}

	boolean enablesBroadcast() {
		return LenientJson.bool(this.json.get("enableBroadcast"), true);
	}

	int mtu() {
		return (int) clampMtu(LenientJson.integer(this.json.get("mtu"), NetworkConfig.DEFAULT_MTU));
	}

	int multicastLimit() {
		long limit = LenientJson.integer(this.json.get("multicastLimit"), DEFAULT_MULTICAST_LIMIT);
		return (int) Math.max(0, Math.min(Integer.MAX_VALUE, limit));
	}

	boolean assigns(String family, String mode) {
		JsonNode modes = this.json.get(family);
		return modes != null && LenientJson.bool(modes.get(mode), false);
	}

	boolean ssoEnabled() {
		return LenientJson.bool(this.json.get("ssoEnabled"), false);
	}

	/* Milliseconds two certificates may be apart (VL2 18.6). */
	long certificateWindow() {
		long window = LenientJson.integer(this.json.get("certificateTimeoutWindowSize"), DEFAULT_WINDOW);
		return Math.max(MIN_WINDOW, Math.min(MAX_WINDOW, window));
	}

	/* When a token expires: 0 never, null if there is no such token. */
	@Nullable Long tokenExpiry(String token) {
		JsonNode tokens = this.json.get("authTokens");
		JsonNode expiry = (tokens != null && tokens.isObject()) ? tokens.get(token) : null;
		return (expiry != null && expiry.isNumber()) ? Long.valueOf(expiry.longValue()) : null;
	}

	Map<String, Long> tokens() {
		Map<String, Long> tokens = new TreeMap<>();
		this.json.get("authTokens").properties().forEach((entry) -> {
			if (entry.getValue().isNumber()) {
				tokens.put(entry.getKey(), entry.getValue().longValue());
			}
		});
		return tokens;
	}

	List<NetworkRoute> routes() {
		List<NetworkRoute> routes = new ArrayList<>();
		for (JsonNode entry : Records.entries(this.json.get("routes"))) {
			InetPrefix target = Records.prefix(entry.get("target"));
			if (target != null && routes.size() < NetworkConfig.MAX_ROUTES) {
				InetAddress via = Records.address(entry.get("via"));
				boolean usable = via != null && via.getClass() == target.address().getClass();
				routes.add(new NetworkRoute(target, usable ? via : null));
			}
		}
		return routes;
	}

	List<AddressPool> pools() {
		List<AddressPool> pools = new ArrayList<>();
		for (JsonNode entry : Records.entries(this.json.get("ipAssignmentPools"))) {
			InetAddress start = Records.address(entry.get("ipRangeStart"));
			InetAddress end = Records.address(entry.get("ipRangeEnd"));
			if (start != null && end != null && start.getClass() == end.getClass()
					&& Arrays.compareUnsigned(start.getAddress(), end.getAddress()) <= 0) {
				pools.add(new AddressPool(start, end));
			}
		}
		return pools;
	}

	List<Rule> rules() {
		return RuleJson.readAll(this.json.get("rules"), NetworkConfig.MAX_RULES);
	}

	List<CapabilitySettings> capabilities() {
		List<CapabilitySettings> capabilities = new ArrayList<>();
		for (JsonNode entry : Records.entries(this.json.get("capabilities"))) {
			capabilities.add(new CapabilitySettings(LenientJson.integer32(entry.get("id")),
					LenientJson.bool(entry.get("default"), false),
					RuleJson.readAll(entry.get("rules"), Capability.MAX_RULES)));
		}
		return capabilities;
	}

	List<TagSettings> tags() {
		List<TagSettings> tags = new ArrayList<>();
		for (JsonNode entry : Records.entries(this.json.get("tags"))) {
			JsonNode value = entry.get("default");
			tags.add(new TagSettings(LenientJson.integer32(entry.get("id")),
					(value != null && value.isNumber()) ? Integer.valueOf(LenientJson.integer32(value)) : null));
		}
		return tags;
	}

	NetworkDns dns() {
		JsonNode dns = this.json.get("dns");
		if (dns == null || !dns.isObject()) {
			return NetworkDns.NONE;
		}
		List<InetAddress> servers = Records.addresses(dns.get("servers"))
			.stream()
			.limit(NetworkDns.MAX_SERVERS)
			.toList();
		return NetworkDns.of(LenientJson.string(dns.get("domain"), ""), servers);
	}

	@Nullable Address remoteTraceTarget() {
		return traceTarget(this.json);
	}

	long remoteTraceLevel() {
		return LenientJson.integer(this.json.get("remoteTraceLevel"), 0);
	}

	static @Nullable Address traceTarget(ObjectNode record) {
		try {
			return Address.parse(LenientJson.string(record.get("remoteTraceTarget"), ""));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private interface Normalizer {

		@Nullable ObjectNode normalize(JsonNode entry);

	}

}
