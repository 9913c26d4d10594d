package io.zt4j.node.peer;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.Verb;

/**
 * An authenticated, decrypted, decompressed packet on its way to a {@link VerbHandler}.
 */
public interface InboundPacket {

	/**
	 * Return the verb.
	 * @return the verb
	 */
	Verb verb();

	/**
	 * Return the sender, proved by the packet's MAC.
	 * @return the sender's identity
	 */
	Identity source();

	/**
	 * Return the packet ID as seen on the wire, which replies quote.
	 * @return the ID
	 */
	long packetId();

	/**
	 * Return how many relays the packet crossed.
	 * @return 0..7
	 */
	int hops();

	/**
	 * Whether this is a deferred packet offered again.
	 * @return true on every delivery but the first
	 */
	boolean isRetry();

	/**
	 * Return the payload: reader index at the first payload byte (packet offset 28), at
	 * least 28 writable bytes of the same buffer in front of it. Retain it (or a slice)
	 * to keep it beyond the call.
	 * @return the payload
	 */
	ByteBuf payload();

}
