package io.zt4j.node.peer;

import java.util.Locale;

/**
 * Why VL1 dropped a datagram, a packet or one to be sent (VL1 16).
 */
public enum DropReason {

	/** A datagram too short to be a packet or a fragment. */
	TOO_SHORT,

	/** A datagram longer than the longest packet. */
	TOO_LONG,

	/** The source is this node's own address. */
	OWN_SOURCE,

	/** For somebody else, by a path this node does not relay for. */
	RELAY_UNTRUSTED,

	/** To be relayed, but it crossed three relays. */
	RELAY_HOPS,

	/** To be relayed, but there is neither path nor upstream. */
	RELAY_NO_PATH,

	/** A fragment whose numbers make no sense. */
	FRAGMENT_MALFORMED,

	/** A piece that was here before. */
	FRAGMENT_DUPLICATE,

	/** A packet of which pieces are missing after five seconds, or one too many. */
	FRAGMENT_INCOMPLETE,

	/** A cipher suite that is undefined, or a trusted path that is not configured. */
	CIPHER_REFUSED,

	/** The MAC is wrong. */
	BAD_MAC,

	/** The payload does not decompress. */
	BAD_COMPRESSION,

	/** The payload does not parse. */
	MALFORMED,

	/** From an unknown source, pushed out by newer ones before its identity arrived. */
	HELD_OVERFLOW,

	/** Waited five seconds for an identity or for what a handler needed. */
	HELD_EXPIRED,

	/** HELLO of a protocol version below 4. */
	HELLO_OLD,

	/** HELLO whose source is not the identity it pushes. */
	HELLO_MISMATCH,

	/** HELLO of an unknown identity beyond the rate, or while too many are checked. */
	IDENTITY_RATE,

	/** An identity whose address does not follow from its key. */
	IDENTITY_INVALID,

	/** HELLO that pushes another key for a known address. */
	IDENTITY_COLLISION,

	/** No room for another peer. */
	PEERS_FULL,

	/** ECHO beyond the rate. */
	ECHO_RATE,

	/** WHOIS beyond the rate. */
	WHOIS_RATE,

	/** PUSH_DIRECT_PATHS beyond the rate. */
	PUSH_RATE,

	/** OK to a packet this node did not send, or long ago. */
	OK_UNEXPECTED,

	/** A handler declined it. */
	REFUSED,

	/** A handler failed: a defect of this implementation. */
	FAILED,

	/** To be sent, but longer than what can be delivered. */
	SEND_TOO_LONG,

	/** To be sent, pushed out by newer packets before an identity or a path was found. */
	SEND_OVERFLOW,

	/** To be sent, but for five seconds there was neither identity nor path. */
	SEND_EXPIRED;

	/**
	 * Return the name used in statistics.
	 * @return lower case with hyphens
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
