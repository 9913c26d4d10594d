package io.zt4j.stack.ethernet;

/**
 * Why a packet was dropped. The names, in lower case with dashes, are the keys of
 * {@link io.zt4j.stack.StackStatistics#drops()}.
 */
public enum DropReason {

	/** A frame without a complete Ethernet header. */
	FRAME_TOO_SHORT,

	/** A frame to another host. */
	FRAME_NOT_FOR_US,

	/** A frame from a group address or from our own address. */
	FRAME_BAD_SOURCE,

	/** Neither ARP nor IP. */
	UNKNOWN_ETHERTYPE,

	/** An ARP packet that makes no sense. */
	ARP_MALFORMED,

	/** Another host claims one of our addresses. */
	ADDRESS_CONFLICT,

	/** A malformed IP header. */
	IP_BAD_HEADER,

	/** A wrong IPv4 header checksum. */
	IP_BAD_CHECKSUM,

	/** A source address no packet may have. */
	IP_BAD_SOURCE,

	/** An IP packet to another host. */
	IP_NOT_FOR_US,

	/** A transport protocol the stack does not speak. */
	IP_UNKNOWN_PROTOCOL,

	/** A malformed or refused IPv6 extension header. */
	IP_BAD_EXTENSION_HEADER,

	/** A fragment of impossible length or offset. */
	FRAGMENT_MALFORMED,

	/** A fragment that overlaps another (RFC 5722). */
	FRAGMENT_OVERLAP,

	/** A fragment received twice. */
	FRAGMENT_DUPLICATE,

	/** A fragment forgotten to bound memory. */
	FRAGMENT_LIMIT,

	/** A packet whose fragments did not all arrive in time. */
	REASSEMBLY_TIMEOUT,

	/** A packet to send without a route. */
	NO_ROUTE,

	/** A packet to send from an address that is no longer ours. */
	SOURCE_NOT_OURS,

	/** Too many packets wait for address resolution. */
	NEIGHBOUR_QUEUE_FULL,

	/** The neighbour did not answer. */
	NEIGHBOUR_UNREACHABLE,

	/** A packet to send exceeds 65,535 bytes. */
	PACKET_TOO_BIG,

	/** Too many packets to ourselves. */
	LOOPBACK_QUEUE_FULL,

	/** A malformed ICMP message. */
	ICMP_MALFORMED,

	/** A wrong ICMP checksum. */
	ICMP_BAD_CHECKSUM,

	/** An ICMP message nobody waits for or whose type the stack does not serve. */
	ICMP_UNEXPECTED,

	/** An ICMP message not answered or not sent because of the rate limit. */
	ICMP_RATE_LIMITED,

	/** A malformed neighbour discovery message (RFC 4861 7.1). */
	NDP_MALFORMED,

	/** A malformed UDP header. */
	UDP_MALFORMED,

	/** A wrong UDP checksum. */
	UDP_BAD_CHECKSUM,

	/** Nobody is bound to the UDP port. */
	UDP_NO_PORT,

	/** A defect of the stack; logged. */
	INTERNAL_ERROR

}
