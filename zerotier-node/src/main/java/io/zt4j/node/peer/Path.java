package io.zt4j.node.peer;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.zt4j.node.packet.IpScope;
import io.zt4j.node.transport.PhysicalTransport.LocalSocket;
import org.jspecify.annotations.Nullable;

/**
 * A local socket and a remote endpoint (VL1 12.1), shared by the peers behind it. Unlike
 * the reference, only authentic packets refresh {@link #lastIn}. Equality is that of
 * socket and endpoint.
 */
final class Path {

	final LocalSocket socket;

	final InetSocketAddress endpoint;

	final IpScope scope;

	/** When something authentic last arrived; 0 if never. */
	long lastIn;

	long lastOut;

	long trusted;

	/** When a HELLO was last sent to confirm this path. */
	long lastConfirm;

	/** When an ECHO that came in this way was last answered. */
	long lastEchoAnswered;

	/** When the oldest probe without answer was sent; 0 if there is none. */
	long unansweredSince;

	long lastProbe;

	/** Round-trip time in milliseconds, -1 if not measured. */
	int latency = -1;

	Path(LocalSocket socket, InetSocketAddress endpoint) {
		this.socket = socket;
		this.endpoint = endpoint;
		this.scope = IpScope.of(endpoint.getAddress());
	}

	InetAddress ip() {
		return this.endpoint.getAddress();
	}

	void received(long now) {
		this.lastIn = now;
		this.unansweredSince = 0;
	}

	void probed(long now) {
		this.lastProbe = now;
		if (this.unansweredSince == 0) {
			this.unansweredSince = now;
		}
	}

	// Treat the path as unanswered until something arrives on it.
	void distrust(long now) {
		long suspectSince = now - Math.max(Timing.SUSPECT, 3L * this.latency);
		if (this.unansweredSince == 0 || this.unansweredSince > suspectSince) {
			this.unansweredSince = suspectSince;
		}
	}

	boolean isAlive(long now) {
		return now - this.lastIn < Timing.PATH_ALIVE;
	}

	boolean isSuspect(long now) {
		return this.unansweredSince != 0 && now - this.unansweredSince >= Math.max(Timing.SUSPECT, 3L * this.latency);
	}

	boolean isTrusted(long now) {
		return this.trusted != 0 && now - this.trusted < Timing.TRUST;
	}

	// A new sample of the round-trip time (12.4).
	void measured(long sample) {
		if (sample >= 0 && sample <= 65_535) {
			this.latency = (int) ((this.latency < 0) ? sample : (this.latency + sample) / 2);
		}
	}

	// What can tell one endpoint from another in an integer that is never 0.
	static int fingerprint(InetSocketAddress endpoint) {
		int hash = endpoint.hashCode();
		return (hash != 0) ? hash : 1;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other
				|| (other instanceof Path path && this.socket == path.socket && this.endpoint.equals(path.endpoint));
	}

	@Override
	public int hashCode() {
		return 31 * System.identityHashCode(this.socket) + this.endpoint.hashCode();
	}

	@Override
	public String toString() {
		return this.socket.address() + " -> " + this.endpoint;
	}

}
