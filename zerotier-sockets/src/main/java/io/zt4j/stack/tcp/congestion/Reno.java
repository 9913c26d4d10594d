package io.zt4j.stack.tcp.congestion;

/**
 * Reno congestion avoidance (RFC 5681), counting bytes (RFC 3465).
 */
public final class Reno extends LossBased {

	private int counted;

	/**
	 * Create one with the initial window.
	 * @param maximumSegmentSize bytes of payload per segment
	 */
	public Reno(int maximumSegmentSize) {
		super(maximumSegmentSize);
	}

	@Override
	void avoidCongestion(int bytes, long smoothedRtt, long now) {
		this.counted += bytes;
		if (this.counted >= this.window) {
			this.counted -= this.window;
			this.window += this.maximumSegmentSize;
		}
	}

	@Override
	void notLimited(long now) {
	}

	@Override
	int reduced(int flight) {
		this.counted = 0;
		return flight / 2;
	}

}
