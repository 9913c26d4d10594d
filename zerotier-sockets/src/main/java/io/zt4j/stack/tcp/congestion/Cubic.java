package io.zt4j.stack.tcp.congestion;

/**
 * CUBIC (RFC 9438). Windows inside are in segments, as in the RFC.
 */
public final class Cubic extends LossBased {

	private static final double C = 0.4;

	private static final double BETA = 0.7;

	private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

	private static final double NANOS = 1e9;

	private double maximumWindow;

	private double priorMaximumWindow;

	private double estimate;

	private double k;

	private double priorWindowSegments;

	/** Whole and fractional segments; the window in bytes follows it. */
	private double segments;

	private boolean inEpoch;

	private long epochStart;

	private long lastAcknowledged;

	/**
	 * Create one with the initial window.
	 * @param maximumSegmentSize bytes of payload per segment
	 */
	public Cubic(int maximumSegmentSize) {
		super(maximumSegmentSize);
	}

	@Override
	void avoidCongestion(int bytes, long smoothedRtt, long now) {
		double acknowledged = (double) bytes / this.maximumSegmentSize;
		if (!this.inEpoch) {
			beginEpoch(now);
		}
		this.lastAcknowledged = now;
		double t = (now - this.epochStart) / NANOS;
		// RFC 9438 4.3: the Reno-friendly estimate
		double alpha = (this.estimate >= this.priorWindowSegments) ? 1 : ALPHA;
		this.estimate += alpha * acknowledged / this.segments;
		if (at(t) < this.estimate) {
			this.segments = Math.max(this.segments, this.estimate);
		}
		else {
			double target = at(t + smoothedRtt / NANOS);
			target = Math.min(Math.max(target, this.segments), 1.5 * this.segments);
			this.segments += (target - this.segments) / this.segments * acknowledged;
		}
		this.segments = Math.min(this.segments, (double) MAX_WINDOW / this.maximumSegmentSize);
		this.window = (int) (this.segments * this.maximumSegmentSize);
	}

	private void beginEpoch(long now) {
		this.inEpoch = true;
		this.epochStart = now;
		this.segments = (double) this.window / this.maximumSegmentSize;
		this.estimate = this.segments;
		if (this.segments < this.maximumWindow) {
			this.k = Math.cbrt((this.maximumWindow - this.segments) / C);
		}
		else {
			this.k = 0;
			this.maximumWindow = this.segments;
		}
	}

	private double at(double t) {
		double d = t - this.k;
		return C * d * d * d + this.maximumWindow;
	}

	@Override
	void notLimited(long now) {
		if (this.inEpoch) {
			// RFC 9438 4.2.1: time without demand does not count
			this.epochStart += Math.max(0, now - Math.max(this.lastAcknowledged, this.epochStart));
			this.lastAcknowledged = now;
		}
	}

	@Override
	int reduced(int flight) {
		double current = (double) this.window / this.maximumSegmentSize;
		this.inEpoch = false;
		this.priorMaximumWindow = this.maximumWindow;
		this.priorWindowSegments = current;
		// RFC 9438 4.7: fast convergence
		this.maximumWindow = (current < this.maximumWindow) ? current * (1 + BETA) / 2 : current;
		return (int) (flight * BETA);
	}

	@Override
	public void collapse() {
		super.collapse();
		this.inEpoch = false;
	}

	@Override
	public void undo() {
		super.undo();
		this.inEpoch = false;
		this.maximumWindow = Math.max(this.maximumWindow, this.priorMaximumWindow);
	}

	@Override
	public void idle(int timeouts) {
		super.idle(timeouts);
		this.inEpoch = false;
	}

}
