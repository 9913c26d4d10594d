package io.zt4j.netty.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.Deque;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpInfo;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.TcpState;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection of {@link ScriptedStack}s: a bounded send queue and a bounded
 * receive queue, moved from one end's to the other's in a task of their own.
 */
final class ScriptedConnection implements TcpConnection {

	private final EventLoop loop;

	private final InetSocketAddress local;

	private final InetSocketAddress remote;

	private final Deque<ByteBuf> sending = new ArrayDeque<>();

	private final Deque<ByteBuf> received = new ArrayDeque<>();

	private @Nullable Handler handler;

	private @Nullable ScriptedConnection peer;

	private TcpOptions options;

	private int sendingBytes;

	private int receivedBytes;

	private boolean scheduled;

	private boolean writerWaits;

	private boolean finQueued;

	private boolean finSent;

	private boolean finReceived;

	private boolean inputShutdown;

	private boolean applicationClosed;

	private boolean over;

	private @Nullable IOException cause;

	ScriptedConnection(EventLoop loop, InetSocketAddress local, InetSocketAddress remote, TcpOptions options,
			@Nullable Handler handler) {
		this.loop = loop;
		this.local = local;
		this.remote = remote;
		this.options = options;
		this.handler = handler;
	}

	// The server's end of a connection whose handshake completes now.
	ScriptedConnection establish(TcpOptions serverOptions) {
		ScriptedConnection server = new ScriptedConnection(this.loop, this.remote, this.local, serverOptions, null);
		if (this.over) {
			server.over = true;
			return server;
		}
		server.peer = this;
		this.peer = server;
		if (this.handler != null) {
			this.handler.connected(this);
		}
		return server;
	}

	void handler(Handler handler) {
		this.handler = handler;
		if (this.over) {
			handler.closed(this, this.cause);
		}
		else if (this.receivedBytes > 0 || this.finReceived) {
			handler.readable(this);
		}
	}

	void fail(@Nullable IOException failure) {
		if (this.over) {
			return;
		}
		this.over = true;
		this.cause = failure;
		this.sending.forEach(ByteBuf::release);
		this.sending.clear();
		if (this.applicationClosed) {
			this.received.forEach(ByteBuf::release);
			this.received.clear();
		}
		if (this.handler != null) {
			this.handler.closed(this, failure);
		}
	}

	@Override
	public InetSocketAddress localAddress() {
		return this.local;
	}

	@Override
	public InetSocketAddress remoteAddress() {
		return this.remote;
	}

	@Override
	public TcpState state() {
		return this.over ? TcpState.CLOSED : (this.peer != null) ? TcpState.ESTABLISHED : TcpState.SYN_SENT;
	}

	@Override
	public int writableBytes() {
		return Math.max(0, this.options.sendBufferSize() - this.sendingBytes);
	}

	@Override
	public int write(ByteBuf data) throws IOException {
		if (this.over) {
			throw (this.cause != null) ? this.cause : new SocketException("Connection closed");
		}
		if (this.finQueued) {
			throw new SocketException("Broken pipe");
		}
		int length = Math.min(writableBytes(), data.readableBytes());
		if (length > 0) {
			this.sending.add(data.readRetainedSlice(length));
			this.sendingBytes += length;
			schedule();
		}
		this.writerWaits = data.isReadable();
		return length;
	}

	@Override
	public void flush() {
		schedule();
	}

	private void schedule() {
		if (!this.scheduled) {
			this.scheduled = true;
			this.loop.execute(this::transfer);
		}
	}

	private void transfer() {
		this.scheduled = false;
		ScriptedConnection to = this.peer;
		if (to == null || this.over) {
			return;
		}
		boolean moved = false;
		while (!this.sending.isEmpty() && (to.inputShutdown || to.receivedBytes < to.options.receiveBufferSize())) {
			ByteBuf data = this.sending.poll();
			int length = data.readableBytes();
			this.sendingBytes -= length;
			moved = true;
			if (to.applicationClosed) {
				data.release();
				to.fail(null);
				fail(new SocketException("Connection reset"));
				return;
			}
			if (to.inputShutdown) {
				data.release();
				continue;
			}
			to.receivedBytes += length;
			to.received.add(data);
		}
		if (this.sending.isEmpty() && this.finQueued && !this.finSent) {
			this.finSent = true;
			to.finReceived = true;
			moved = true;
		}
		if (moved && to.handler != null && !to.applicationClosed) {
			to.handler.readable(to);
		}
		if (this.writerWaits && writableBytes() > 0 && this.handler != null && !this.over) {
			this.writerWaits = false;
			this.handler.writable(this);
		}
		endIfDone();
		to.endIfDone();
	}

	private void endIfDone() {
		if (this.finSent && (this.finReceived || this.applicationClosed)) {
			fail(null);
		}
	}

	@Override
	public int readableBytes() {
		return this.receivedBytes;
	}

	@Override
	public @Nullable ByteBuf read(int limit) {
		ByteBuf data = this.received.peek();
		if (data == null) {
			return null;
		}
		int length = Math.min(limit, data.readableBytes());
		this.receivedBytes -= length;
		if (this.peer != null) {
			this.peer.schedule();
		}
		if (length < data.readableBytes()) {
			return data.readRetainedSlice(length);
		}
		return this.received.poll();
	}

	@Override
	public boolean isInputClosed() {
		return this.finReceived && this.received.isEmpty();
	}

	@Override
	public void shutdownOutput() {
		this.finQueued = true;
		schedule();
	}

	@Override
	public void shutdownInput() {
		this.inputShutdown = true;
		this.received.forEach(ByteBuf::release);
		this.received.clear();
		this.receivedBytes = 0;
	}

	@Override
	public void close() {
		if (this.over || this.applicationClosed) {
			return;
		}
		if (!this.received.isEmpty() || this.options.lingerSeconds() == 0) {
			abort();
			return;
		}
		this.applicationClosed = true;
		shutdownOutput();
	}

	@Override
	public void abort() {
		transfer();
		this.applicationClosed = true;
		ScriptedConnection other = this.peer;
		fail(null);
		if (other != null) {
			this.loop.execute(() -> other.fail(new SocketException("Connection reset")));
		}
	}

	@Override
	public TcpOptions options() {
		return this.options;
	}

	@Override
	public void options(TcpOptions options) {
		this.options = options;
	}

	@Override
	public TcpInfo info() {
		return new TcpInfo(state(), 1460, 0, 0, 0, 0, 0, 0, this.options.receiveBufferSize() - this.receivedBytes,
				this.sendingBytes, 0, 0, 0, 0);
	}

}
