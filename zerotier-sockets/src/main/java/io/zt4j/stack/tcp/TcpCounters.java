package io.zt4j.stack.tcp;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters of a {@link TcpProtocol}: one writer, readers on any thread.
 */
final class TcpCounters {

	/** Why a segment was dropped. */
	enum Drop {

		CHECKSUM, MALFORMED, NOT_UNICAST, NO_CONNECTION, OUTSIDE_WINDOW, OLD_TIMESTAMP, NO_TIMESTAMP, UNACCEPTABLE_ACK,
		UNACCEPTABLE_RESET, NO_ACK, BACKLOG_FULL, HALF_OPEN_EVICTED, OUT_OF_ORDER_FULL, INPUT_CLOSED, BAD_ICMP

	}

	private final AtomicLong connections = new AtomicLong();

	private final AtomicLong received = new AtomicLong();

	private final AtomicLong sent = new AtomicLong();

	private final AtomicLong retransmitted = new AtomicLong();

	private final EnumMap<Drop, AtomicLong> drops = new EnumMap<>(Drop.class);

	TcpCounters() {
		for (Drop drop : Drop.values()) {
			this.drops.put(drop, new AtomicLong());
		}
	}

	void connections(int count) {
		this.connections.lazySet(count);
	}

	void received() {
		increment(this.received);
	}

	void sent() {
		increment(this.sent);
	}

	void retransmitted() {
		increment(this.retransmitted);
	}

	void dropped(Drop reason) {
		AtomicLong counter = this.drops.get(reason);
		if (counter != null) {
			increment(counter);
		}
	}

	int connectionCount() {
		return (int) this.connections.get();
	}

	long receivedCount() {
		return this.received.get();
	}

	long sentCount() {
		return this.sent.get();
	}

	long retransmittedCount() {
		return this.retransmitted.get();
	}

	Map<String, Long> dropCounts() {
		Map<String, Long> counts = new TreeMap<>();
		this.drops.forEach((reason, counter) -> {
			long count = counter.get();
			if (count > 0) {
				counts.put("tcp." + reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), count);
			}
		});
		return Map.copyOf(counts);
	}

	// A single writer needs no atomic read-modify-write.
	private static void increment(AtomicLong counter) {
		counter.lazySet(counter.getPlain() + 1);
	}

}
