package io.zt4j.stack.tcp;

/**
 * Round-trip time and retransmission time-out (RFC 6298), in nanoseconds.
 */
final class RttEstimator {

	static final long INITIAL_RTO = 1_000_000_000L;

	/** Below RFC 6298's second, like other stacks of today. */
	static final long MIN_RTO = 200_000_000L;

	static final long MAX_RTO = 60_000_000_000L;

	/** Time over which the minimum is kept (RFC 8985 6.2 step 1 asks for a window). */
	private static final long MINIMUM_WINDOW = 300_000_000_000L;

	private long smoothed;

	private long variation;

	private long minimum = Long.MAX_VALUE;

	private long minimumAt;

	private long base = INITIAL_RTO;

	private int backoff;

	/**
	 * Take a sample from a segment that was sent once (Karn's algorithm).
	 * @param sample nanoseconds
	 * @param now when
	 */
	void sample(long sample, long now) {
		long rtt = Math.max(1, sample);
		if (this.smoothed == 0) {
			this.smoothed = rtt;
			this.variation = rtt / 2;
		}
		else {
			this.variation += (Math.abs(this.smoothed - rtt) - this.variation) / 4;
			this.smoothed += (rtt - this.smoothed) / 8;
		}
		if (rtt <= this.minimum || now - this.minimumAt > MINIMUM_WINDOW) {
			this.minimum = rtt;
			this.minimumAt = now;
		}
		this.base = Math.min(MAX_RTO, Math.max(MIN_RTO, this.smoothed + 4 * this.variation));
		this.backoff = 0;
	}

	/**
	 * The timer expired (RFC 6298 5.5).
	 */
	void backOff() {
		this.backoff = Math.min(this.backoff + 1, 16);
	}

	int backoff() {
		return this.backoff;
	}

	/**
	 * The SYN had to be sent again: begin with three seconds (RFC 6298 5.7).
	 */
	void handshakeWasRetransmitted() {
		this.base = Math.max(this.base, 3 * INITIAL_RTO);
		this.backoff = 0;
	}

	long timeout() {
		return Math.min(MAX_RTO, this.base << this.backoff);
	}

	// Smoothed RTT, 0 if there is no sample.
	long smoothed() {
		return this.smoothed;
	}

	long variation() {
		return this.variation;
	}

	// Least RTT, {@link Long#MAX_VALUE} if there is no sample.
	long minimum() {
		return this.minimum;
	}

}
