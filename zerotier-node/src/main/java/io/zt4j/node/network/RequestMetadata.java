package io.zt4j.node.network;

/**
 * The metadata of a NETWORK_CONFIG_REQUEST (VL2 3). All numbers are unsigned.
 *
 * @param configVersion key {@code v}: version of the configuration format understood
 * @param vendor key {@code vend}: 0 unspecified, 1 ZeroTier
 * @param protocolVersion key {@code pv}: VL1 protocol version
 * @param majorVersion key {@code majv}
 * @param minorVersion key {@code minv}
 * @param revision key {@code revv}
 * @param maxRules key {@code mr}
 * @param maxCapabilities key {@code mc}
 * @param maxCapabilityRules key {@code mcr}
 * @param maxTags key {@code mt}
 * @param flags key {@code f}
 * @param rulesEngineRevision key {@code revr}: 0 = no rules engine
 * @param platform key {@code o}: platform and architecture
 * @param authorization key {@code a}: {@code token:} and a secret, or empty
 */
public record RequestMetadata(long configVersion, long vendor, long protocolVersion, long majorVersion,
		long minorVersion, long revision, long maxRules, long maxCapabilities, long maxCapabilityRules, long maxTags,
		long flags, long rulesEngineRevision, String platform, String authorization) {

	private static final int MAX_AUTHORIZATION = 511;

	public RequestMetadata {
		if (Text.limit(authorization, MAX_AUTHORIZATION).length() != authorization.length()) {
			throw new IllegalArgumentException("A join authorisation has at most 511 bytes");
		}
	}

	/**
	 * Return what this implementation says of itself.
	 * @param protocolVersion the VL1 protocol version
	 * @param major major software version
	 * @param minor minor software version
	 * @param revision software revision
	 * @param platform platform and architecture, such as {@code linux/x86_64}
	 * @return the metadata
	 */
	public static RequestMetadata of(int protocolVersion, int major, int minor, int revision, String platform) {
		return new RequestMetadata(7, 1, protocolVersion, major, minor, revision, NetworkConfig.MAX_RULES,
				NetworkConfig.MAX_CAPABILITIES, 64, NetworkConfig.MAX_CAPABILITIES, 0, 1, platform, "");
	}

	/**
	 * Read metadata.
	 * @param in the dictionary
	 * @return the metadata, 0 and empty where a key is missing
	 */
	public static RequestMetadata read(Dictionary in) {
		return new RequestMetadata(in.getLong("v", 0), in.getLong("vend", 0), in.getLong("pv", 0),
				in.getLong("majv", 0), in.getLong("minv", 0), in.getLong("revv", 0), in.getLong("mr", 0),
				in.getLong("mc", 0), in.getLong("mcr", 0), in.getLong("mt", 0), in.getLong("f", 0),
				in.getLong("revr", 0), in.getString("o", ""), Text.limit(in.getString("a", ""), MAX_AUTHORIZATION));
	}

	/**
	 * Encode as dictionary.
	 * @return the bytes, at most 1,023
	 * @throws IllegalStateException if platform and authorisation are too long together
	 */
	public byte[] toDictionary() {
		Dictionary.Builder out = Dictionary.builder(Dictionary.METADATA_CAPACITY);
		out.put("v", this.configVersion)
			.put("vend", this.vendor)
			.put("pv", this.protocolVersion)
			.put("majv", this.majorVersion)
			.put("minv", this.minorVersion)
			.put("revv", this.revision)
			.put("mr", this.maxRules)
			.put("mc", this.maxCapabilities)
			.put("mcr", this.maxCapabilityRules)
			.put("mt", this.maxTags)
			.put("f", this.flags)
			.put("revr", this.rulesEngineRevision)
			.put("o", this.platform);
		if (!this.authorization.isEmpty()) {
			out.put("a", this.authorization);
		}
		if (out.overflowed()) {
			throw new IllegalStateException(
					"The request metadata has more than 1,023 bytes: shorten '" + this.platform + "'");
		}
		return out.toByteArray();
	}

}
