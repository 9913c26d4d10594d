package io.zt4j.stack.ip;

/**
 * What an ICMP (RFC 792) or ICMPv6 (RFC 4443) error, or a failed neighbour resolution,
 * says about a packet sent.
 */
public enum IcmpError {

	/** Nothing listens at the port, or the host does not speak the protocol. */
	PORT_UNREACHABLE,

	/** The host does not answer. */
	HOST_UNREACHABLE,

	/** There is no route to the network. */
	NETWORK_UNREACHABLE,

	/** A filter forbids it. */
	PROHIBITED,

	/** The hop limit ran out, or fragments went missing. */
	TIME_EXCEEDED,

	/**
	 * The packet exceeds the path MTU; {@link IpOutput#maximumPacket} already returns the
	 * new one.
	 */
	PACKET_TOO_BIG,

	/** The receiver did not understand the header. */
	PARAMETER_PROBLEM

}
