package io.zt4j.stack.tcp.congestion;

/**
 * What loss-based algorithms share: slow start with HyStart++, time-outs, undo, restart
 * after idleness (RFC 5681).
 */
abstract sealed class LossBased implements CongestionControl permits Cubic, Reno {

	static final int MAX_WINDOW = 1 << 30;

	int maximumSegmentSize;

	int window;

	int threshold = Integer.MAX_VALUE;

	private int priorWindow;

	private int priorThreshold;

	private final HyStart hyStart = new HyStart();

	LossBased(int maximumSegmentSize) {
		this.maximumSegmentSize = maximumSegmentSize;
		this.window = CongestionControl.initialWindow(maximumSegmentSize);
	}

	@Override
	public int window() {
		return this.window;
	}

	@Override
	public int slowStartThreshold() {
		return this.threshold;
	}

	@Override
	public void acknowledged(int bytes, long acknowledged, long next, long rtt, long smoothedRtt, boolean limited,
			long now) {
		boolean slowStart = this.window < this.threshold;
		if (slowStart && this.threshold == Integer.MAX_VALUE) {
			// RFC 9406 4.3: HyStart++ only in the initial slow start
			if (this.hyStart.acknowledged(acknowledged, next, rtt)) {
				this.threshold = this.window;
				slowStart = false;
			}
		}
		if (!limited) {
			notLimited(now);
			return;
		}
		if (slowStart) {
			boolean conservative = this.hyStart.isConservative() && this.threshold == Integer.MAX_VALUE;
			int growth = conservative ? bytes / HyStart.CSS_GROWTH_DIVISOR : bytes;
			int room = Math.min(this.threshold, MAX_WINDOW) - this.window;
			this.window += Math.min(growth, room);
			return;
		}
		avoidCongestion(bytes, smoothedRtt, now);
		this.window = Math.min(this.window, MAX_WINDOW);
	}

	// Grow the window in congestion avoidance.
	abstract void avoidCongestion(int bytes, long smoothedRtt, long now);

	// Acknowledgements came while the application limited sending.
	abstract void notLimited(long now);

	// Return the threshold after a loss.
	abstract int reduced(int flight);

	@Override
	public void lost(int flight) {
		reduce(flight);
		this.window = this.threshold;
	}

	@Override
	public void timedOut(int flight) {
		reduce(flight);
		collapse();
	}

	private void reduce(int flight) {
		this.priorWindow = this.window;
		this.priorThreshold = this.threshold;
		this.threshold = Math.max(reduced(flight), 2 * this.maximumSegmentSize);
	}

	@Override
	public void collapse() {
		this.window = this.maximumSegmentSize;
	}

	@Override
	public void undo() {
		this.window = Math.max(this.window, this.priorWindow);
		this.threshold = Math.max(this.threshold, this.priorThreshold);
	}

	@Override
	public void idle(int timeouts) {
		int restart = Math.min(CongestionControl.initialWindow(this.maximumSegmentSize), this.window);
		if (this.threshold != Integer.MAX_VALUE) {
			this.threshold = Math.max(this.threshold, this.window / 4 * 3);
		}
		this.window = Math.max(restart, this.window >> Math.min(timeouts, 30));
	}

	@Override
	public void maximumSegmentSize(int maximumSegmentSize) {
		this.maximumSegmentSize = maximumSegmentSize;
		this.window = Math.max(this.window, maximumSegmentSize);
	}

}
