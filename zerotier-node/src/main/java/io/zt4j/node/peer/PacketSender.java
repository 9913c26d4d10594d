package io.zt4j.node.peer;

import java.util.Collection;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.Verb;
import org.jspecify.annotations.Nullable;

/**
 * What VL2 may ask of VL1. Confined to the node's event loop.
 */
public interface PacketSender {

	/**
	 * Return this node's identity.
	 * @return the identity with its secret
	 */
	Identity identity();

	/**
	 * Return the time.
	 * @return milliseconds since the Unix epoch
	 */
	long now();

	/**
	 * Return the identity of a peer if it is known.
	 * @param address the peer
	 * @return the identity, or null
	 */
	@Nullable Identity identityOf(Address address);

	/**
	 * Ask the roots for an identity, unless it is known or was asked for within 500 ms.
	 * @param address whose
	 */
	void whois(Address address);

	/**
	 * Allocate a packet buffer: reader index at packet offset 0, writer index at 28,
	 * ready for the payload.
	 * @param payloadCapacity expected payload bytes
	 * @return the buffer
	 */
	ByteBuf newPacket(int payloadCapacity);

	/**
	 * Send a packet by the best path, through a root if there is no direct one; queued up
	 * to 5 s while the identity is looked up (VL1 7.3). Fragmented as needed. Its ID is
	 * registered, so that an OK to it is accepted.
	 * @param destination where to; sending to oneself is ignored
	 * @param verb the verb
	 * @param packet from {@link #newPacket}, or any buffer whose reader index is at
	 * packet offset 0 and whose payload begins at offset 28; ownership passes
	 * @param compress whether to compress the payload if that helps
	 */
	void send(Address destination, Verb verb, ByteBuf packet, boolean compress);

	/**
	 * Reply OK to a packet.
	 * @param request the packet replied to
	 * @param inReVerb the verb to quote, usually that of the request
	 * @param payload writes what follows the nine-byte OK header
	 */
	void replyOk(InboundPacket request, Verb inReVerb, Consumer<ByteBuf> payload);

	/**
	 * Reply ERROR to a packet.
	 * @param request the packet replied to
	 * @param code the error code
	 * @param payload writes what follows the error code
	 */
	void replyError(InboundPacket request, ErrorCode code, Consumer<ByteBuf> payload);

	/**
	 * Return the upstreams: the roots of the planet and of all orbited moons.
	 * @return their addresses
	 */
	Collection<Address> upstreams();

	/**
	 * Return the upstream packets are relayed through now (VL1 11.1).
	 * @return its address, or null if there is none
	 */
	@Nullable Address bestUpstream();

	/**
	 * Whether this node is itself an upstream in its own planet or moons.
	 * @return true if it is a root
	 */
	boolean isUpstream();

	/**
	 * Return the latency of the direct path to a peer.
	 * @param address the peer
	 * @return milliseconds, or -1 if there is no direct path or it was not measured
	 */
	int latency(Address address);

	/**
	 * Offer the deferred packets again ({@link VerbHandler.Verdict#DEFERRED}) once the
	 * packet being handled is done: what they were waiting for has arrived.
	 */
	default void retryDeferred() {
	}

	/**
	 * Hand queued datagrams to the transport: called at the end of a batch of sends.
	 */
	void flush();

}
