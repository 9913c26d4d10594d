package io.zt4j.node.controller;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.LenientJson;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.RequestMetadata;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The record of a member (VL2 17.2): typed access to its JSON.
 */
final class MemberRecord {

	private static final List<String> TRANSIENT = List.of("clock", "physicalAddr", "recentLog", "lastModified",
			"lastRequestMetaData", "authenticationURL", "authenticationClientID");

	private static final long UNKNOWN = -1;

	private final NetworkId network;

	private final Address address;

	private final ObjectNode json;

	MemberRecord(NetworkId network, Address address, ObjectNode json, long now) {
		this.network = network;
		this.address = address;
		this.json = json;
		defaults(now);
	}

	private void defaults(long now) {
		ObjectNode record = this.json;
		record.put("id", this.address.toString()).put("address", this.address.toString());
		record.put("nwid", this.network.toString()).put("objtype", "member");
		Records.ensure(record, "authorized", Records.bool(false));
		Records.ensure(record, "activeBridge", Records.bool(false));
		Records.ensure(record, "noAutoAssignIps", Records.bool(false));
		Records.ensure(record, "ssoExempt", Records.bool(false));
		Records.ensure(record, "ipAssignments", Records.array());
		Records.ensure(record, "tags", Records.array());
		Records.ensure(record, "capabilities", Records.array());
		Records.ensure(record, "creationTime", Records.number(now));
		Records.ensure(record, "lastAuthorizedTime", Records.number(0));
		Records.ensure(record, "lastDeauthorizedTime", Records.number(0));
		Records.ensure(record, "lastAuthorizedCredentialType", Records.nothing());
		Records.ensure(record, "lastAuthorizedCredential", Records.nothing());
		Records.ensure(record, "authenticationExpiryTime", Records.number(0));
		for (String version : List.of("vMajor", "vMinor", "vRev", "vProto")) {
			Records.ensure(record, version, Records.number(UNKNOWN));
		}
		Records.ensure(record, "remoteTraceTarget", Records.nothing());
		Records.ensure(record, "remoteTraceLevel", Records.number(0));
		TRANSIENT.forEach(record::remove);
	}

	/*
	 * Take over the settable fields of a body (VL2 20.2).
	 */
	void update(JsonNode body, long now) {
		ObjectNode record = this.json;
		if (body.has("authorized")) {
			authorize(LenientJson.bool(body.get("authorized"), false), "api", null, now);
		}
		Records.copyBoolean(body, record, "activeBridge");
		Records.copyBoolean(body, record, "noAutoAssignIps");
		Records.copyString(body, record, "name");
		Records.copyInteger(body, record, "authenticationExpiryTime");
		Records.copyTrace(body, record);
		JsonNode addresses = body.get("ipAssignments");
		if (addresses != null && addresses.isArray()) {
			ArrayNode array = Records.array();
			Records.addresses(addresses).forEach((each) -> array.add(Records.string(each)));
			record.set("ipAssignments", array);
		}
		JsonNode tags = body.get("tags");
		if (tags != null && tags.isArray()) {
			record.set("tags", Records.tags(Records.tags(tags)));
		}
		JsonNode capabilities = body.get("capabilities");
		if (capabilities != null && capabilities.isArray()) {
			record.set("capabilities", Records.ids(capabilities));
		}
	}

	/*
	 * Authorise or not, noting by what; nothing changes if it is so already.
	 */
	void authorize(boolean authorized, String credentialType, @Nullable String credential, long now) {
		if (authorized == isAuthorized()) {
			return;
		}
		this.json.put("authorized", authorized);
		if (authorized) {
			this.json.put("lastAuthorizedTime", now)
				.put("lastAuthorizedCredentialType", credentialType)
				.put("lastAuthorizedCredential", credential);
		}
		else {
			this.json.put("lastDeauthorizedTime", now);
		}
	}

	void version(RequestMetadata metadata) {
		this.json.put("vMajor", metadata.majorVersion())
			.put("vMinor", metadata.minorVersion())
			.put("vRev", metadata.revision())
			.put("vProto", metadata.protocolVersion());
	}

	void identity(Identity identity) {
		this.json.put("identity", identity.publicString());
	}

	void addAddress(InetAddress address) {
		array("ipAssignments").add(Records.string(address));
	}

	void addTag(int id, int value) {
		array("tags").add(Records.array().add(Integer.toUnsignedLong(id)).add(Integer.toUnsignedLong(value)));
	}

	void addCapability(int id) {
		array("capabilities").add(Integer.toUnsignedLong(id));
	}

	/* a field of another kind was put there by hand: it gives way */
	private ArrayNode array(String field) {
		return (this.json.get(field) instanceof ArrayNode array) ? array : this.json.putArray(field);
	}

	MemberRecord copy() {
		return new MemberRecord(this.network, this.address, this.json.deepCopy(), creationTime());
	}

	NetworkId network() {
		return this.network;
	}

	Address address() {
		return this.address;
	}

	ObjectNode json() {
		return this.json;
	}

	/* The pinned identity's text, null if none was seen yet. */
	@Nullable String identity() {
		JsonNode identity = this.json.get("identity");
		return (identity != null && !identity.isNull()) ? LenientJson.string(identity, "") : null;
	}

	boolean isAuthorized() {
		return LenientJson.bool(this.json.get("authorized"), false);
	}

	boolean isActiveBridge() {
		return LenientJson.bool(this.json.get("activeBridge"), false);
	}

	boolean noAutoAssign() {
		return LenientJson.bool(this.json.get("noAutoAssignIps"), false);
	}

	boolean isSsoExempt() {
		return LenientJson.bool(this.json.get("ssoExempt"), false);
	}

	long authenticationExpiry() {
		return integer("authenticationExpiryTime");
	}

	String name() {
		return LenientJson.string(this.json.get("name"), "");
	}

	Set<InetAddress> addresses() {
		return Records.addresses(this.json.get("ipAssignments"));
	}

	Map<Integer, Integer> tags() {
		return Records.tags(this.json.get("tags"));
	}

	List<Integer> capabilities() {
		List<Integer> ids = new ArrayList<>();
		Records.entries(this.json.get("capabilities")).forEach((entry) -> ids.add(LenientJson.integer32(entry)));
		return ids;
	}

	long creationTime() {
		return integer("creationTime");
	}

	long integer(String field) {
		return LenientJson.integer(this.json.get(field), 0);
	}

	@Nullable String credentialType() {
		JsonNode type = this.json.get("lastAuthorizedCredentialType");
		return (type != null && type.isString()) ? type.stringValue() : null;
	}

	@Nullable Address remoteTraceTarget() {
		return NetworkRecord.traceTarget(this.json);
	}

	/* Nobody ever cared for this member: a record its own request made. */
	boolean isStranger() {
		return !isAuthorized() && integer("lastAuthorizedTime") == 0 && name().isEmpty() && addresses().isEmpty()
				&& !isActiveBridge() && identity() != null && tags().isEmpty() && capabilities().isEmpty();
	}

}
