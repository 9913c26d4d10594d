package io.zt4j.stack.tcp;

/**
 * The timestamp clock (RFC 7323 5.4): one tick per millisecond, with an offset of its own
 * for every pair of hosts and ports.
 */
final class Timestamps {

	private static final long TICK = 1_000_000L;

	private Timestamps() {
	}

	/**
	 * Return TSval.
	 * @param now the time in nanoseconds
	 * @param offset the connection's offset
	 * @return the timestamp
	 */
	static int at(long now, int offset) {
		return (int) (now / TICK) + offset;
	}

	/**
	 * Return the time after which no segment carried a timestamp.
	 * @param timestamp the timestamp, not in the future
	 * @param offset the connection's offset
	 * @param now the time in nanoseconds
	 * @return nanoseconds: the tick after that of the timestamp
	 */
	static long endOf(int timestamp, int offset, long now) {
		int age = at(now, offset) - timestamp;
		return (now / TICK - age + 1) * TICK;
	}

}
