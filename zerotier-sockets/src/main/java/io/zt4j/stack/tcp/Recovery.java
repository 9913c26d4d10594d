package io.zt4j.stack.tcp;

/**
 * The state of loss recovery and its proportional rate reduction (RFC 6937).
 */
final class Recovery {

	/** What a sender is doing about losses. */
	enum Phase {

		/** Nothing is known to be lost. */
		OPEN,

		/** Fast recovery (RFC 6675 5, RFC 6582). */
		FAST,

		/** After a retransmission time-out (RFC 6298 5.4). */
		TIMEOUT

	}

	private Phase phase = Phase.OPEN;

	/** Recovery ends when this is acknowledged. */
	private long point;

	private long flightAtStart;

	private long delivered;

	private long out;

	private long window;

	Phase phase() {
		return this.phase;
	}

	boolean isOpen() {
		return this.phase == Phase.OPEN;
	}

	boolean isFast() {
		return this.phase == Phase.FAST;
	}

	// Bytes that may be in flight during fast recovery.
	int window() {
		return (int) this.window;
	}

	// Position whose acknowledgement ends recovery; RFC 6582's "recover".
	long point() {
		return this.point;
	}

	void beginFast(long point, long flight, long pipe, int maximumSegmentSize) {
		this.phase = Phase.FAST;
		this.point = point;
		this.flightAtStart = Math.max(1, flight);
		this.delivered = 0;
		this.out = 0;
		// the fast retransmission itself is always allowed
		this.window = pipe + maximumSegmentSize;
	}

	void beginTimeout(long point) {
		this.phase = Phase.TIMEOUT;
		this.point = point;
	}

	void end() {
		this.phase = Phase.OPEN;
	}

	/**
	 * Data was delivered during fast recovery.
	 * @param bytes acknowledged or reported by SACK for the first time
	 * @param pipe bytes in flight now
	 * @param threshold the slow-start threshold
	 * @param maximumSegmentSize bytes
	 */
	void delivered(int bytes, long pipe, int threshold, int maximumSegmentSize) {
		this.delivered += bytes;
		long send;
		if (pipe > threshold) {
			send = (this.delivered * threshold + this.flightAtStart - 1) / this.flightAtStart - this.out;
		}
		else {
			// slow-start reduction bound
			long limit = Math.max(this.delivered - this.out, bytes) + maximumSegmentSize;
			send = Math.min(threshold - pipe, limit);
		}
		if (this.out == 0) {
			send = Math.max(send, maximumSegmentSize);
		}
		this.window = pipe + Math.max(0, send);
	}

	void sent(int bytes) {
		this.out += bytes;
	}

}
