package io.zt4j.node.network;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts drops by reason. One writer, the event loop; any reader.
 */
final class DropCounters {

	private static final DropReason[] REASONS = DropReason.values();

	private final AtomicLongArray counts = new AtomicLongArray(REASONS.length);

	void count(DropReason reason) {
		int i = reason.ordinal();
		this.counts.lazySet(i, this.counts.getPlain(i) + 1);
	}

	long of(DropReason reason) {
		return this.counts.get(reason.ordinal());
	}

	Map<String, Long> snapshot() {
		Map<String, Long> snapshot = new TreeMap<>();
		for (DropReason reason : REASONS) {
			long count = of(reason);
			if (count > 0) {
				snapshot.put(reason.toString(), count);
			}
		}
		return snapshot;
	}

}
