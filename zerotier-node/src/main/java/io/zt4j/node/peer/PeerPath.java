package io.zt4j.node.peer;

/**
 * A path a peer is reached by, confirmed by a round trip this node began (VL1 12.1).
 */
final class PeerPath {

	final Path path;

	/** When a direct packet of the peer last arrived; 0 if the path is unusable. */
	long lastReceive;

	/** Grows by 2 with every cluster redirect (12.5). */
	int priority;

	PeerPath(Path path, long now, int priority) {
		this.path = path;
		this.lastReceive = now;
		this.priority = priority;
	}

	boolean isExpired(long now) {
		return now - this.lastReceive > Timing.PATH_EXPIRATION;
	}

	// Lower is better (12.4).
	long quality(long now) {
		long latency = (this.path.latency < 0) ? 65_535 : Math.max(1, this.path.latency);
		if (!this.path.isAlive(now)) {
			latency += 65_535 + Math.min(140_000, now - this.path.lastIn);
		}
		return latency * (8 - this.path.scope.value()) * 16 / this.priority;
	}

}
