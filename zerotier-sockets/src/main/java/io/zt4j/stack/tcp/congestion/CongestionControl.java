package io.zt4j.stack.tcp.congestion;

/**
 * Decides how much may be in flight. Windows are bytes, times are nanoseconds of a
 * monotonic clock. Each connection has its own, confined to the event loop.
 */
public interface CongestionControl {

	/**
	 * Make an algorithm by name.
	 * @param name {@code cubic} or {@code reno}
	 * @param maximumSegmentSize bytes of payload per segment
	 * @return the algorithm
	 */
	static CongestionControl named(String name, int maximumSegmentSize) {
		return switch (name) {
			case "cubic" -> new Cubic(maximumSegmentSize);
			case "reno" -> new Reno(maximumSegmentSize);
			default -> throw new IllegalArgumentException(
					"There is no congestion control '" + name + "'; use 'cubic' or 'reno'");
		};
	}

	/**
	 * Return the initial window (RFC 6928).
	 * @param maximumSegmentSize bytes of payload per segment
	 * @return bytes
	 */
	static int initialWindow(int maximumSegmentSize) {
		return Math.min(10 * maximumSegmentSize, Math.max(2 * maximumSegmentSize, 14_600));
	}

	/**
	 * Return the congestion window.
	 * @return bytes
	 */
	int window();

	/**
	 * Return the slow-start threshold.
	 * @return bytes, {@link Integer#MAX_VALUE} if not set
	 */
	int slowStartThreshold();

	/**
	 * New data was acknowledged outside of fast recovery.
	 * @param bytes how many, at least 1
	 * @param acknowledged the new SND.UNA
	 * @param next the SND.NXT
	 * @param rtt round-trip time sample, 0 if the segments gave none
	 * @param smoothedRtt the smoothed round-trip time
	 * @param limited whether the window limited sending; without that it must not grow
	 * (RFC 9438 5.8, RFC 7661)
	 * @param now the time
	 */
	void acknowledged(int bytes, long acknowledged, long next, long rtt, long smoothedRtt, boolean limited, long now);

	/**
	 * Segments were lost and fast recovery begins: reduce the window.
	 * @param flight bytes in flight
	 */
	void lost(int flight);

	/**
	 * The retransmission timer expired for the first time for this data.
	 * @param flight bytes in flight
	 */
	void timedOut(int flight);

	/**
	 * The retransmission timer expired again: only the window collapses.
	 */
	void collapse();

	/**
	 * The last reduction was spurious (RFC 4015): take it back.
	 */
	void undo();

	/**
	 * Nothing was sent for longer than a retransmission time-out (RFC 5681 4.1).
	 * @param timeouts for how many of them
	 */
	void idle(int timeouts);

	/**
	 * The path's segment size changed.
	 * @param maximumSegmentSize bytes of payload per segment
	 */
	void maximumSegmentSize(int maximumSegmentSize);

}
