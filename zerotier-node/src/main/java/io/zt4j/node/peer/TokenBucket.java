package io.zt4j.node.peer;

/**
 * Limits a rate over all senders together.
 */
final class TokenBucket {

	private final long interval;

	private final long burst;

	private long used;

	/**
	 * Create a bucket.
	 * @param perSecond grants per second, at most 1000
	 * @param burst grants saved up
	 */
	TokenBucket(int perSecond, int burst) {
		this.interval = 1000 / perSecond;
		this.burst = this.interval * burst;
	}

	boolean pass(long now) {
		long since = Math.max(this.used, now - this.burst);
		if (since + this.interval > now) {
			return false;
		}
		this.used = since + this.interval;
		return true;
	}

}
