package io.zt4j.stack.tcp;

/**
 * Permits so many actions per second. Not for more than one thread.
 */
final class RateLimit {

	private static final long SECOND = 1_000_000_000L;

	private final int perSecond;

	private long since;

	private int used;

	RateLimit(int perSecond) {
		this.perSecond = perSecond;
	}

	/**
	 * Ask for one.
	 * @param now the time in nanoseconds
	 * @return whether it is permitted
	 */
	boolean permits(long now) {
		if (now - this.since >= SECOND) {
			this.since = now;
			this.used = 0;
		}
		return this.used++ < this.perSecond;
	}

}
