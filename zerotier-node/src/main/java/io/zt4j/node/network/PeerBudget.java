package io.zt4j.node.network;

import java.util.Iterator;

import io.netty.util.collection.LongObjectHashMap;

/**
 * A token bucket per peer: {@code burst} events at once, one more per {@code interval}.
 * Peers whose bucket is full again are forgotten, so memory is bounded by the peers of
 * the last {@code burst * interval} and by {@link #MAX_PEERS}.
 */
final class PeerBudget {

	static final int MAX_PEERS = 16_384;

	private final int burst;

	private final long interval;

	private final LongObjectHashMap<Bucket> buckets = new LongObjectHashMap<>();

	/**
	 * Create a budget.
	 * @param burst events allowed at once, at least 1
	 * @param interval milliseconds until one more is allowed
	 */
	PeerBudget(int burst, long interval) {
		this.burst = burst;
		this.interval = interval;
	}

	/**
	 * Take one event from the budget of a peer.
	 * @param peer the peer's address
	 * @param now epoch milliseconds
	 * @return false if the budget is spent, or if there are too many peers
	 */
	boolean take(long peer, long now) {
		Bucket bucket = this.buckets.get(peer);
		if (bucket == null) {
			if (this.buckets.size() >= MAX_PEERS) {
				sweep(now);
				if (this.buckets.size() >= MAX_PEERS) {
					return false;
				}
			}
			bucket = new Bucket();
			bucket.emptyAt = now;
			this.buckets.put(peer, bucket);
		}
		// A generic cell rate: emptyAt is when the bucket would be full again.
		long emptyAt = Math.max(bucket.emptyAt, now);
		if (emptyAt > now + (this.burst - 1) * this.interval) {
			return false;
		}
		bucket.emptyAt = emptyAt + this.interval;
		return true;
	}

	void sweep(long now) {
		Iterator<Bucket> all = this.buckets.values().iterator();
		while (all.hasNext()) {
			if (all.next().emptyAt <= now) {
				all.remove();
			}
		}
	}

	int size() {
		return this.buckets.size();
	}

	private static final class Bucket {

		private long emptyAt;

	}

}
