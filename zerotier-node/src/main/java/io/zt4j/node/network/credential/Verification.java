package io.zt4j.node.network.credential;

/**
 * What became of checking a credential's signature (VL2 7.1).
 */
public enum Verification {

	/** Signed by the controller of its network. */
	GOOD,

	/** Not signed, signed by somebody else, or altered. */
	BAD,

	/** The signer's identity is not known: WHOIS it and check again. */
	UNKNOWN_SIGNER

}
