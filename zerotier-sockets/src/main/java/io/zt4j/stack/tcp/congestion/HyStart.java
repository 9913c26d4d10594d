package io.zt4j.stack.tcp.congestion;

/**
 * HyStart++ (RFC 9406): leaves slow start when the round-trip time grows, before losses.
 */
final class HyStart {

	static final int CSS_GROWTH_DIVISOR = 4;

	private static final long MIN_RTT_THRESHOLD = 4_000_000L;

	private static final long MAX_RTT_THRESHOLD = 16_000_000L;

	private static final int MIN_RTT_DIVISOR = 8;

	private static final int RTT_SAMPLES = 8;

	private static final int CSS_ROUNDS = 5;

	private static final long NONE = Long.MAX_VALUE;

	private long windowEnd;

	private long lastRoundMinimum = NONE;

	private long currentRoundMinimum = NONE;

	private int samples;

	/** Least RTT before conservative slow start, {@link #NONE} outside of it. */
	private long baseline = NONE;

	private int conservativeRounds;

	// Whether the window shall grow more slowly.
	boolean isConservative() {
		return this.baseline != NONE;
	}

	/**
	 * Take an acknowledgement of new data in slow start.
	 * @param acknowledged the SND.UNA
	 * @param next the SND.NXT
	 * @param rtt the sample, 0 for none
	 * @return true if slow start should end
	 */
	boolean acknowledged(long acknowledged, long next, long rtt) {
		boolean roundOver = acknowledged >= this.windowEnd;
		if (rtt > 0) {
			this.currentRoundMinimum = Math.min(this.currentRoundMinimum, rtt);
			this.samples++;
		}
		if (isConservative()) {
			if (this.samples >= RTT_SAMPLES && this.currentRoundMinimum < this.baseline) {
				// the growth was spurious
				this.baseline = NONE;
			}
			else if (roundOver && ++this.conservativeRounds >= CSS_ROUNDS) {
				return true;
			}
		}
		else if (this.samples >= RTT_SAMPLES && this.currentRoundMinimum != NONE && this.lastRoundMinimum != NONE) {
			long threshold = Math.max(MIN_RTT_THRESHOLD,
					Math.min(this.lastRoundMinimum / MIN_RTT_DIVISOR, MAX_RTT_THRESHOLD));
			if (this.currentRoundMinimum >= this.lastRoundMinimum + threshold) {
				this.baseline = this.currentRoundMinimum;
				this.conservativeRounds = 0;
			}
		}
		if (roundOver) {
			this.windowEnd = next;
			this.lastRoundMinimum = this.currentRoundMinimum;
			this.currentRoundMinimum = NONE;
			this.samples = 0;
		}
		return false;
	}

}
