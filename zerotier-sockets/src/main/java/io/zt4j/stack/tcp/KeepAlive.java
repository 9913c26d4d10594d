package io.zt4j.stack.tcp;

import io.zt4j.stack.TcpOptions;

/**
 * Keep-alive probes of one connection (RFC 9293 3.8.4). Confined to the event loop.
 */
final class KeepAlive {

	private final Connection connection;

	private long heardAt;

	private int probes;

	KeepAlive(Connection connection) {
		this.connection = connection;
	}

	// A segment arrived.
	void heard(long now) {
		this.heardAt = now;
		this.probes = 0;
	}

	/** The connection was established or its options changed. */
	void restart() {
		TcpOptions options = this.connection.options();
		if (options.keepAlive()) {
			this.connection.timers()
				.set(ConnectionTimers.KEEP_ALIVE, this.connection.tcp().now() + options.keepAliveIdle().toNanos());
		}
		else {
			this.connection.timers().cancel(ConnectionTimers.KEEP_ALIVE);
		}
	}

	/**
	 * The timer expired.
	 * @param now the time
	 * @return false if the peer is gone
	 */
	boolean expired(long now) {
		TcpOptions options = this.connection.options();
		long idle = options.keepAliveIdle().toNanos();
		long next = this.heardAt + idle;
		if (next <= now) {
			if (this.probes >= options.keepAliveCount()) {
				return false;
			}
			next = now + options.keepAliveInterval().toNanos();
			if (this.connection.sender().bytesInFlight() == 0) {
				this.probes++;
				this.connection.sendKeepAlive();
			}
		}
		this.connection.timers().set(ConnectionTimers.KEEP_ALIVE, next);
		return true;
	}

}
