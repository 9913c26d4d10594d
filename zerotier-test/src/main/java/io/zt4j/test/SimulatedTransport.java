package io.zt4j.test;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.zt4j.node.transport.PhysicalTransport;
import org.jspecify.annotations.Nullable;

/**
 * One UDP socket of a simulated host. Like a kernel it takes datagrams at flush and
 * delivers all that is due at one moment as one batch.
 */
final class SimulatedTransport implements PhysicalTransport {

	private static final int USUAL_TTL = 64;

	private final SimulatedInternet internet;

	private final SimulatedHost host;

	private final int wantedPort;

	private final ArrayDeque<Queued> outgoing = new ArrayDeque<>();

	private final ArrayDeque<Arrived> arrived = new ArrayDeque<>();

	private @Nullable Socket socket;

	private @Nullable Receiver receiver;

	private boolean draining;

	SimulatedTransport(SimulatedInternet internet, SimulatedHost host, int port) {
		this.internet = internet;
		this.host = host;
		this.wantedPort = port;
	}

	@Override
	public CompletionStage<Void> open(Receiver receiver) {
		int port = this.host.bind(this.wantedPort, this);
		if (port == 0) {
			return CompletableFuture
				.failedFuture(new BindException("Port " + this.wantedPort + " of " + this.host + " is in use"));
		}
		this.receiver = receiver;
		this.socket = new Socket(this.host.endpoint(port));
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public List<LocalSocket> sockets() {
		return (this.socket != null) ? List.of(this.socket) : List.of();
	}

	@Override
	public void send(@Nullable LocalSocket socket, InetSocketAddress destination, ByteBuf datagram) {
		this.outgoing.add(new Queued(destination, datagram, USUAL_TTL));
	}

	@Override
	public void sendWithTtl(LocalSocket socket, InetSocketAddress destination, ByteBuf datagram, int ttl) {
		this.outgoing.add(new Queued(destination, datagram, ttl));
	}

	@Override
	public void flush() {
		Queued queued = this.outgoing.poll();
		while (queued != null) {
			byte[] payload = ByteBufUtil.getBytes(queued.datagram);
			queued.datagram.release();
			if (this.socket != null) {
				this.internet.send(this.host, this.socket.address, queued.destination, payload, queued.ttl);
			}
			queued = this.outgoing.poll();
		}
	}

	@Override
	public CompletionStage<Void> close() {
		flush();
		if (this.socket != null) {
			this.host.unbind(this.socket.address.getPort());
			this.socket = null;
			this.receiver = null;
		}
		return CompletableFuture.completedFuture(null);
	}

	void arrive(InetSocketAddress source, byte[] payload) {
		this.arrived.add(new Arrived(source, payload));
		if (!this.draining) {
			this.draining = true;
			this.internet.time().eventLoop().execute(this::drain);
		}
	}

	private void drain() {
		this.draining = false;
		Arrived next = this.arrived.poll();
		while (next != null) {
			Receiver to = this.receiver;
			if (to != null && this.socket != null) {
				ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer(Math.max(1, next.payload.length));
				to.receive(this.socket, next.source, buffer.writeBytes(next.payload));
			}
			next = this.arrived.poll();
		}
		if (this.receiver != null) {
			this.receiver.receiveComplete();
		}
	}

	private record Queued(InetSocketAddress destination, ByteBuf datagram, int ttl) {
	}

	private record Arrived(InetSocketAddress source, byte[] payload) {
	}

	private static final class Socket implements LocalSocket {

		private final InetSocketAddress address;

		Socket(InetSocketAddress address) {
			this.address = address;
		}

		@Override
		public InetSocketAddress address() {
			return this.address;
		}

		@Override
		public String toString() {
			return this.address.toString();
		}

	}

}
