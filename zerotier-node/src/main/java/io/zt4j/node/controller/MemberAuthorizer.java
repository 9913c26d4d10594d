package io.zt4j.node.controller;

import io.zt4j.node.network.RequestMetadata;

/**
 * Decides whether a member may have a configuration (VL2 18.3).
 */
final class MemberAuthorizer {

	private static final String TOKEN = "token:";

	private MemberAuthorizer() {
	}

	/**
	 * What was decided.
	 */
	enum Decision {

		AUTHORIZED, DENIED, LOGIN_REQUIRED

	}

	/**
	 * Decide, and note an authorisation that came of itself in the member's record.
	 * @param network the network
	 * @param member the member's record, to be changed
	 * @param metadata what the member says of itself
	 * @param now milliseconds since the epoch
	 * @return the decision
	 */
	static Decision authorize(NetworkRecord network, MemberRecord member, RequestMetadata metadata, long now) {
		if (!member.isAuthorized()) {
			String authorization = metadata.authorization();
			if (!network.isPrivate()) {
				member.authorize(true, "public", null, now);
			}
			else if (authorization.startsWith(TOKEN)) {
				String token = authorization.substring(TOKEN.length());
				Long expiry = network.tokenExpiry(token);
				if (expiry != null && (expiry == 0 || expiry > now)) {
					member.authorize(true, "token", token, now);
				}
			}
		}
		if (network.ssoEnabled() && !member.isSsoExempt() && member.authenticationExpiry() <= now) {
			return Decision.LOGIN_REQUIRED;
		}
		return member.isAuthorized() ? Decision.AUTHORIZED : Decision.DENIED;
	}

}
