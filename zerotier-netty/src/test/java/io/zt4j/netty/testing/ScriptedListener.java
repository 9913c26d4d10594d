package io.zt4j.netty.testing;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;

/**
 * A listening port of a {@link ScriptedStack}.
 */
final class ScriptedListener implements TcpListener {

	private final InetSocketAddress local;

	private final int backlog;

	private final TcpOptions options;

	private final Acceptor acceptor;

	private final Runnable onClose;

	private final Deque<ScriptedConnection> waiting = new ArrayDeque<>();

	private boolean paused;

	private boolean closed;

	ScriptedListener(InetSocketAddress local, int backlog, TcpOptions options, Acceptor acceptor, Runnable onClose) {
		this.local = local;
		this.backlog = backlog;
		this.options = options;
		this.acceptor = acceptor;
		this.onClose = onClose;
	}

	boolean admits(ScriptedConnection client) {
		if (this.closed || this.waiting.size() >= this.backlog) {
			return false;
		}
		this.waiting.add(client.establish(this.options));
		handOut();
		return true;
	}

	private void handOut() {
		while (!this.paused && !this.closed && !this.waiting.isEmpty()) {
			ScriptedConnection connection = this.waiting.poll();
			connection.handler(this.acceptor.accept(connection));
		}
	}

	@Override
	public InetSocketAddress localAddress() {
		return this.local;
	}

	@Override
	public void pause(boolean paused) {
		this.paused = paused;
		handOut();
	}

	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			this.onClose.run();
			this.waiting.forEach(ScriptedConnection::abort);
			this.waiting.clear();
		}
	}

}
