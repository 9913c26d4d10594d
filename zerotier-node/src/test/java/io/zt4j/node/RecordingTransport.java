package io.zt4j.node;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.transport.PhysicalTransport;
import org.jspecify.annotations.Nullable;

/**
 * A transport without a network: keeps what is sent, delivers what it is told.
 */
final class RecordingTransport implements PhysicalTransport {

	private final List<Sent> queued = new ArrayList<>();

	private final List<Sent> sent = new ArrayList<>();

	private final LocalSocket socket;

	private @Nullable Receiver receiver;

	RecordingTransport(InetSocketAddress local) {
		this.socket = new LocalSocket() {

			@Override
			public InetSocketAddress address() {
				return local;
			}

		};
	}

	/** Deliver a datagram as a batch of its own; returns its buffer. */
	ByteBuf deliver(InetSocketAddress source, byte[] datagram) {
		ByteBuf buffer = Unpooled.buffer(datagram.length).writeBytes(datagram);
		Receiver to = this.receiver;
		if (to == null) {
			throw new IllegalStateException("Not open");
		}
		to.receive(this.socket, source, buffer);
		to.receiveComplete();
		return buffer;
	}

	/** Return what was sent and flushed since the last call. */
	List<Sent> take() {
		List<Sent> all = new ArrayList<>(this.sent);
		this.sent.clear();
		return all;
	}

	@Override
	public CompletionStage<Void> open(Receiver receiver) {
		this.receiver = receiver;
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public List<LocalSocket> sockets() {
		return List.of(this.socket);
	}

	@Override
	public void send(@Nullable LocalSocket socket, InetSocketAddress destination, ByteBuf datagram) {
		add(destination, datagram, 64);
	}

	@Override
	public void sendWithTtl(LocalSocket socket, InetSocketAddress destination, ByteBuf datagram, int ttl) {
		add(destination, datagram, ttl);
	}

	private void add(InetSocketAddress destination, ByteBuf datagram, int ttl) {
		this.queued.add(new Sent(destination, ByteBufUtil.getBytes(datagram), ttl));
		datagram.release();
	}

	@Override
	public void flush() {
		this.sent.addAll(this.queued);
		this.queued.clear();
	}

	@Override
	public CompletionStage<Void> close() {
		this.receiver = null;
		return CompletableFuture.completedFuture(null);
	}

	record Sent(InetSocketAddress destination, byte[] datagram, int ttl) {
	}

}
