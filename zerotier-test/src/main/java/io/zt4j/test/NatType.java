package io.zt4j.test;

/**
 * How a NAT maps and filters (RFC 3489 5).
 */
public enum NatType {

	/** One external port per internal endpoint; anybody may send to it. */
	FULL_CONE,

	/** As before; only addresses the inside sent to may send to it. */
	ADDRESS_RESTRICTED,

	/** As before; only endpoints the inside sent to may send to it. */
	PORT_RESTRICTED,

	/** An external port for each internal endpoint and destination; filters like that. */
	SYMMETRIC

}
