package io.zt4j.node.peer;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.Verb;

/**
 * The authenticated packet being dispatched: one object, reused. What handlers see of it
 * is {@link InboundPacket}.
 */
final class InboundView implements InboundPacket {

	Peer peer;

	Path path;

	/** The whole packet, reader index at its first byte. */
	ByteBuf packet;

	private ByteBuf payload;

	private Verb verb;

	private long packetId;

	private int hops;

	private boolean retry;

	/** Whether this OK came from the very endpoint its request was sent to. */
	boolean confirmed;

	@SuppressWarnings("NullAway.Init")
	InboundView() {
	}

	void set(Peer peer, Path path, ByteBuf packet, ByteBuf payload, Verb verb, long packetId, int hops, boolean retry) {
		this.peer = peer;
		this.path = path;
		this.packet = packet;
		this.payload = payload;
		this.verb = verb;
		this.packetId = packetId;
		this.hops = hops;
		this.retry = retry;
		this.confirmed = false;
	}

	@Override
	public Verb verb() {
		return this.verb;
	}

	@Override
	public Identity source() {
		return this.peer.identity;
	}

	@Override
	public long packetId() {
		return this.packetId;
	}

	@Override
	public int hops() {
		return this.hops;
	}

	@Override
	public boolean isRetry() {
		return this.retry;
	}

	@Override
	public ByteBuf payload() {
		return this.payload;
	}

}
