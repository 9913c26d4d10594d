package io.zt4j.stack.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.TcpState;
import io.zt4j.stack.ip.IpAddresses;

/**
 * A listening port (RFC 9293 3.10.7.2). Half-open connections are bounded: under a flood
 * the oldest makes place (RFC 4987 3.4). Confined to the event loop.
 */
final class Listener implements TcpListener {

	private static final int MAX_HALF_OPEN = 1024;

	private final TcpProtocol tcp;

	private final InetSocketAddress local;

	private final int backlog;

	private final TcpOptions options;

	private final Acceptor acceptor;

	private final Set<Connection> halfOpen = new LinkedHashSet<>();

	private final Deque<Connection> waiting = new ArrayDeque<>();

	private boolean paused;

	private boolean closed;

	Listener(TcpProtocol tcp, InetSocketAddress local, int backlog, TcpOptions options, Acceptor acceptor) {
		this.tcp = tcp;
		this.local = local;
		this.backlog = backlog;
		this.options = options;
		this.acceptor = acceptor;
	}

	TcpOptions options() {
		return this.options;
	}

	/**
	 * Whether it takes connections to an address.
	 * @param version 4 or 6
	 * @param high upper half of the address
	 * @param low lower half of the address
	 * @return true for its address, or any of its family; the IPv6 wildcard takes both
	 */
	boolean accepts(int version, long high, long low) {
		InetAddress address = this.local.getAddress();
		if (address.isAnyLocalAddress()) {
			return IpAddresses.version(address) == 6 || version == 4;
		}
		return IpAddresses.version(address) == version && IpAddresses.low(address) == low
				&& IpAddresses.high(address) == high;
	}

	boolean isWildcard() {
		return this.local.getAddress().isAnyLocalAddress();
	}

	/**
	 * Whether two listeners would compete.
	 * @param other an address to listen at
	 * @return true if a connection could belong to both
	 */
	boolean conflictsWith(InetAddress other) {
		InetAddress address = this.local.getAddress();
		if (address.equals(other)) {
			return true;
		}
		boolean sameFamily = address.getClass() == other.getClass();
		return address.isAnyLocalAddress() && (sameFamily || IpAddresses.version(address) == 6)
				|| other.isAnyLocalAddress() && (sameFamily || IpAddresses.version(other) == 6);
	}

	// Whether the backlog has room for one more.
	boolean hasRoom() {
		return !this.closed && this.waiting.size() < this.backlog;
	}

	void halfOpen(Connection connection) {
		if (this.halfOpen.size() >= MAX_HALF_OPEN) {
			Connection oldest = this.halfOpen.iterator().next();
			this.tcp.counters().dropped(TcpCounters.Drop.HALF_OPEN_EVICTED);
			oldest.terminate(null);
		}
		this.halfOpen.add(connection);
	}

	void established(Connection connection) {
		this.halfOpen.remove(connection);
		this.waiting.add(connection);
		handOut();
	}

	void terminated(Connection connection, TcpState before) {
		if (before == TcpState.SYN_RECEIVED) {
			this.halfOpen.remove(connection);
		}
		else {
			this.waiting.remove(connection);
		}
	}

	private void handOut() {
		while (!this.paused) {
			Connection connection = this.waiting.poll();
			if (connection == null) {
				return;
			}
			connection.accepted(this.acceptor);
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
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.tcp.remove(this);
		for (Connection connection : List.copyOf(this.waiting)) {
			connection.abort();
		}
		for (Connection connection : List.copyOf(this.halfOpen)) {
			connection.abort();
		}
	}

}
