package io.zt4j.node.peer;

import org.jspecify.annotations.Nullable;

/**
 * IDs of packets an OK may answer (VL1 7.4), and where each was sent. Bounded: 256
 * buckets of 32, overwritten round robin; entries last a minute.
 */
final class ExpectedReplies {

	static final long LIFETIME = 60_000;

	/** The ID is not expected. */
	static final int UNEXPECTED = 0;

	private static final int ENTRIES = 32;

	private static final int FIELDS = 3;

	private final long @Nullable [][] buckets = new long[256][];

	private final byte[] next = new byte[256];

	/**
	 * Expect an OK.
	 * @param packetId the ID on the wire, that is after armoring
	 * @param endpoint {@link Path#fingerprint} of the endpoint it was sent to
	 * @param now milliseconds since the Unix epoch
	 */
	void register(long packetId, int endpoint, long now) {
		int index = bucket(packetId);
		long[] bucket = this.buckets[index];
		if (bucket == null) {
			bucket = new long[ENTRIES * FIELDS];
			this.buckets[index] = bucket;
		}
		int entry = this.next[index] * FIELDS;
		this.next[index] = (byte) ((this.next[index] + 1) % ENTRIES);
		bucket[entry] = packetId;
		bucket[entry + 1] = now;
		bucket[entry + 2] = endpoint;
	}

	/**
	 * Look up the packet an OK answers. Entries are not consumed: a HELLO may leave
	 * through several sockets and be answered as often.
	 * @param packetId the ID the OK quotes
	 * @param now milliseconds since the Unix epoch
	 * @return the fingerprint it was registered with, or {@link #UNEXPECTED}
	 */
	int find(long packetId, long now) {
		long[] bucket = this.buckets[bucket(packetId)];
		if (bucket != null) {
			for (int entry = 0; entry < bucket.length; entry += FIELDS) {
				if (bucket[entry] == packetId && bucket[entry + 2] != 0 && now - bucket[entry + 1] < LIFETIME) {
					return (int) bucket[entry + 2];
				}
			}
		}
		return UNEXPECTED;
	}

	private static int bucket(long packetId) {
		return (int) (packetId >>> 32) & 0xff;
	}

}
