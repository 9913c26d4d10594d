package io.zt4j.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;

import io.netty.channel.EventLoop;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.stack.NetworkStack;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import org.jspecify.annotations.Nullable;

/**
 * The stack's side of a {@link ZeroTierServerSocketChannel}. Hands over connections while
 * the channel wants them; otherwise they wait in the backlog. Members say which side may
 * call them: C for the channel's loop, S for the stack's.
 */
final class ListenerPort implements StackSockets.Opener<TcpListener> {

	/** Accepted connections on their way to the channel. */
	private static final int QUEUE = 16;

	private final EventLoop stackLoop;

	private final LoopLink link;

	private final StackSockets<TcpListener> listeners;

	private final HandoffQueue<ConnectionPort> accepted = new HandoffQueue<>(QUEUE);

	/** C. */
	private Runnable onSignal = () -> {
	};

	/** The channel took from the queue, so that paused listeners may go on. */
	private volatile boolean paused;

	private volatile boolean wanted;

	/**
	 * S: connections the stack had already set about to hand out when it was paused; no
	 * more than arrive in one batch, or were in the backlog.
	 */
	private final Deque<ConnectionPort> overflow = new ArrayDeque<>();

	/** S. */
	private int backlog = 1;

	/** S. */
	private TcpOptions options = TcpOptions.DEFAULT;

	/** S. */
	private boolean closed;

	ListenerPort(SocketDomain domain) {
		this.stackLoop = domain.eventLoop();
		this.link = new LoopLink(this.stackLoop, this::work, () -> this.onSignal.run(), this::closeNow);
		this.listeners = new StackSockets<>(domain, this, TcpListener::close);
	}

	// C, before {@link #attach}: what to do when a connection waits.
	void onSignal(Runnable task) {
		this.onSignal = task;
	}

	// C.
	void attach(@Nullable EventLoop loop) {
		this.link.attach(loop);
	}

	// C: listen; the outcome is told on the stack's loop.
	void bind(InetSocketAddress local, int backlog, TcpOptions options, Bound bound) {
		this.link.onStack(() -> {
			if (this.closed) {
				bound.bound(null, new ClosedChannelException());
				return;
			}
			this.backlog = backlog;
			this.options = options;
			this.paused = true;
			try {
				bound.bound(this.listeners.bind(local), null);
			}
			catch (IOException ex) {
				bound.bound(null, ex);
			}
		});
	}

	// C: whether a connection waits to be taken.
	boolean isEmpty() {
		return this.accepted.isEmpty();
	}

	// C: take a connection.
	@Nullable ConnectionPort poll() {
		return this.accepted.poll();
	}

	// C: whether connections are wanted.
	void want(boolean wanted) {
		this.wanted = wanted;
		if (wanted && this.paused) {
			this.link.wakeStack();
		}
	}

	// C: stop listening and reset what waits.
	void close(Runnable done) {
		this.link.onStack(() -> {
			closeNow();
			done.run();
		});
	}

	private void closeNow() {
		this.closed = true;
		this.listeners.close();
		for (ConnectionPort port = this.accepted.poll(); port != null; port = this.accepted.poll()) {
			port.abort();
		}
		this.overflow.forEach(ConnectionPort::abort);
		this.overflow.clear();
	}

	private void work() {
		boolean moved = false;
		while (!this.overflow.isEmpty() && this.accepted.offer(this.overflow.peek())) {
			this.overflow.poll();
			moved = true;
		}
		if (moved) {
			this.link.wakeChannel();
		}
		if (!this.closed && this.paused && this.wanted && this.overflow.isEmpty() && !this.accepted.isFull()) {
			pause(false);
		}
	}

	private void pause(boolean pause) {
		this.paused = pause;
		for (TcpListener listener : this.listeners.sockets()) {
			// To resume may hand over so many connections that it is paused again.
			listener.pause(this.paused);
		}
	}

	@Override
	public TcpListener open(NetworkStack stack, InetSocketAddress local) throws IOException {
		TcpListener listener = stack.listen(local, this.backlog, this.options, this::accept);
		listener.pause(this.paused);
		return listener;
	}

	@Override
	public InetSocketAddress localAddress(TcpListener listener) {
		return listener.localAddress();
	}

	private TcpConnection.Handler accept(TcpConnection connection) {
		ConnectionPort port = new ConnectionPort(this.stackLoop, connection.options());
		port.accepted(connection);
		if (this.closed) {
			port.abort();
			return port;
		}
		if (!this.overflow.isEmpty() || !this.accepted.offer(port)) {
			this.overflow.add(port);
		}
		if (!this.overflow.isEmpty() || this.accepted.isFull() || !this.wanted) {
			pause(true);
			work();
		}
		this.link.wakeChannel();
		return port;
	}

	/**
	 * Learns the outcome of binding, on the stack's loop.
	 */
	@FunctionalInterface
	interface Bound {

		/**
		 * Binding ended.
		 * @param local the address in use, or null
		 * @param cause why it failed, or null
		 */
		void bound(@Nullable InetSocketAddress local, @Nullable Throwable cause);

	}

}
