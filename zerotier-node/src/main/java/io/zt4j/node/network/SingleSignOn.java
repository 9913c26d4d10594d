package io.zt4j.node.network;

/**
 * What a network wants of an external login (VL2 5, 6). Texts are empty where unknown.
 *
 * @param version 0 or 1
 * @param enabled whether the network uses single sign-on
 * @param authenticationUrl version 0: where to log in
 * @param authenticationExpiry when the present login expires, milliseconds since the
 * epoch; 0 if unknown
 * @param issuerUrl version 1: the issuer
 * @param centralUrl version 1: the central end-point
 * @param nonce version 1: the nonce
 * @param state version 1: the state
 * @param clientId version 1: the client ID
 * @param provider version 1: the provider
 */
public record SingleSignOn(long version, boolean enabled, String authenticationUrl, long authenticationExpiry,
		String issuerUrl, String centralUrl, String nonce, String state, String clientId, String provider) {

	/** Version 0, not enabled. */
	public static final SingleSignOn NONE = new SingleSignOn(0, false, "", 0, "", "", "", "", "", "");

	/**
	 * Read the data of ERROR NETWORK_AUTHENTICATION_REQUIRED (VL2 5).
	 * @param dictionary the data
	 * @return what it says
	 */
	public static SingleSignOn ofError(Dictionary dictionary) {
		long version = dictionary.getLong("aV", 0);
		if (version == 1) {
			return new SingleSignOn(1, true, "", 0, dictionary.getString("iU", ""), dictionary.getString("aCU", ""),
					dictionary.getString("aN", ""), dictionary.getString("aS", ""), dictionary.getString("aCID", ""),
					dictionary.getString("aSSOp", "default"));
		}
		return new SingleSignOn(version, true, dictionary.getString("aU", ""), 0, "", "", "", "", "", "");
	}

	static SingleSignOn read(Dictionary dictionary) {
		long version = dictionary.getLong("ssov", 0);
		boolean enabled = dictionary.getBoolean("ssoe", false);
		if (!enabled) {
			return (version == 0) ? NONE : new SingleSignOn(version, false, "", 0, "", "", "", "", "", "");
		}
		if (version == 0) {
			return new SingleSignOn(0, true, dictionary.getString("aurl", ""), dictionary.getLong("aexpt", 0), "", "",
					"", "", "", "");
		}
		return new SingleSignOn(version, true, "", 0, dictionary.getString("iurl", ""),
				dictionary.getString("ssoce", ""), dictionary.getString("sson", ""), dictionary.getString("ssos", ""),
				dictionary.getString("ssocid", ""), dictionary.getString("ssop", ""));
	}

	void write(Dictionary.Builder out) {
		out.put("ssov", this.version).put("ssoe", this.enabled);
		if (!this.enabled) {
			return;
		}
		if (this.version == 0) {
			if (!this.authenticationUrl.isEmpty()) {
				out.put("aurl", this.authenticationUrl);
			}
			out.put("aexpt", this.authenticationExpiry);
			return;
		}
		out.put("iurl", this.issuerUrl).put("ssoce", this.centralUrl).put("sson", this.nonce);
		out.put("ssos", this.state).put("ssocid", this.clientId).put("ssop", this.provider);
	}

}
