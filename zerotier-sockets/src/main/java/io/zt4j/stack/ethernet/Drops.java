package io.zt4j.stack.ethernet;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts dropped packets. Counted on the event loop, read from any thread.
 */
public final class Drops {

	private static final DropReason[] REASONS = DropReason.values();

	private final long[] counts = new long[REASONS.length];

	/** Make counters that stand at zero. */
	public Drops() {
	}

	/**
	 * Count one packet.
	 * @param reason why it was dropped
	 */
	public void count(DropReason reason) {
		this.counts[reason.ordinal()]++;
	}

	/**
	 * Return one counter.
	 * @param reason which
	 * @return packets dropped for it
	 */
	public long get(DropReason reason) {
		return this.counts[reason.ordinal()];
	}

	/**
	 * Return the counters that are not zero.
	 * @return by the reasons' names in lower case with dashes
	 */
	public Map<String, Long> snapshot() {
		Map<String, Long> snapshot = new TreeMap<>();
		for (DropReason reason : REASONS) {
			long count = get(reason);
			if (count != 0) {
				snapshot.put(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), count);
			}
		}
		return snapshot;
	}

}
