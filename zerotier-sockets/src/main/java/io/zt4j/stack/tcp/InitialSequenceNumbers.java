package io.zt4j.stack.tcp;

import java.util.random.RandomGenerator;

/**
 * Initial sequence numbers (RFC 6528): a four-microsecond clock plus a keyed hash of the
 * addresses and ports. The hash is SipHash-2-4.
 */
final class InitialSequenceNumbers {

	private static final int SEQUENCE = 0;

	private static final int TIMESTAMP = 1;

	private static final long TICK = 4_000L;

	private final long key0;

	private final long key1;

	private long v0;

	private long v1;

	private long v2;

	private long v3;

	InitialSequenceNumbers(RandomGenerator random) {
		this.key0 = random.nextLong();
		this.key1 = random.nextLong();
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
		this.v0 = this.key0 ^ 0x736f6d6570736575L;
		this.v1 = this.key1 ^ 0x646f72616e646f6dL;
		this.v2 = this.key0 ^ 0x6c7967656e657261L;
		this.v3 = this.key1 ^ 0x7465646279746573L;
		compress(flow.localHigh);
		compress(flow.localLow);
		compress(flow.remoteHigh);
		compress(flow.remoteLow);
		compress((long) purpose << 32 | (long) flow.localPort << 16 | flow.remotePort);
		// the length of the message, 40 bytes, ends it
		compress(40L << 56);
		this.v2 ^= 0xff;
		for (int i = 0; i < 4; i++) {
			round();
		}
		return this.v0 ^ this.v1 ^ this.v2 ^ this.v3;
	}

	private void compress(long word) {
		this.v3 ^= word;
		round();
		round();
		this.v0 ^= word;
	}

	private void round() {
		this.v0 += this.v1;
		this.v1 = Long.rotateLeft(this.v1, 13) ^ this.v0;
		this.v0 = Long.rotateLeft(this.v0, 32);
		this.v2 += this.v3;
		this.v3 = Long.rotateLeft(this.v3, 16) ^ this.v2;
		this.v0 += this.v3;
		this.v3 = Long.rotateLeft(this.v3, 21) ^ this.v0;
		this.v2 += this.v1;
		this.v1 = Long.rotateLeft(this.v1, 17) ^ this.v2;
		this.v2 = Long.rotateLeft(this.v2, 32);
	}

}
