package io.zt4j.stack.tcp;

import java.util.random.RandomGenerator;

/**
 * Initial sequence numbers (RFC 6528): a four-microsecond clock plus a keyed hash of the
 * addresses and ports.
 */
final class InitialSequenceNumbers {

	private static final int SEQUENCE = 0;

	private static final int TIMESTAMP = 1;

	private static final long TICK = 4_000L;

	private final SipHash hash;

	InitialSequenceNumbers(RandomGenerator random) {
		this.hash = new SipHash(random.nextLong(), random.nextLong());
	}

	/**
	 * Choose ISS.
	 * @param flow the flow
	 * @param now the time in nanoseconds
	 * @return the initial sequence number
	 */
	int sequence(Flow flow, long now) {
		return (int) (hash(flow, SEQUENCE) + now / TICK);
	}

	/**
	 * Choose the offset of the timestamp clock: the same for every incarnation, so that
	 * timestamps keep growing.
	 * @param flow the flow
	 * @return the offset
	 */
	int timestampOffset(Flow flow) {
		return (int) hash(flow, TIMESTAMP);
	}

	private long hash(Flow flow, int purpose) {
		return this.hash.begin()
			.add(flow.localHigh)
			.add(flow.localLow)
			.add(flow.remoteHigh)
			.add(flow.remoteLow)
			.add((long) purpose << 32 | (long) flow.localPort << 16 | flow.remotePort)
			.end();
	}

}
