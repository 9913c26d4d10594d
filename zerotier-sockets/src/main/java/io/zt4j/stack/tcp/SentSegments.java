package io.zt4j.stack.tcp;

import java.util.Arrays;

/**
 * The segments sent and not acknowledged (the scoreboard of RFC 6675 and RFC 8985), as
 * rings of primitives: adjacent segments, each known by an ordinal that counts up from 0
 * since the connection began. Grows with what is in flight; not for more than one thread.
 */
final class SentSegments {

	static final byte SACKED = 1;

	/** Presumed lost and not sent again since. */
	static final byte LOST = 2;

	/** Sent more than once. */
	static final byte RETRANSMITTED = 4;

	/** Ends with a FIN, which takes its last sequence number. */
	static final byte FIN = 8;

	private static final int INITIAL_CAPACITY = 16;

	private long[] ends = new long[INITIAL_CAPACITY];

	private long[] sentAt = new long[INITIAL_CAPACITY];

	private byte[] flags = new byte[INITIAL_CAPACITY];

	private long first;

	private long limit;

	/** SND.UNA. */
	private long start;

	private long sackedBytes;

	private int sackedCount;

	private long lostBytes;

	private int retransmittedCount;

	/** No segment before this ordinal is lost. */
	private long lostHint;

	SentSegments(long start) {
		this.start = start;
	}

	// Ordinal of the first.
	long first() {
		return this.first;
	}

	// Ordinal after the last.
	long limit() {
		return this.limit;
	}

	boolean isEmpty() {
		return this.first == this.limit;
	}

	// Position of the first byte, SND.UNA.
	long start() {
		return this.start;
	}

	// Position after the last byte, SND.NXT.
	long end() {
		return isEmpty() ? this.start : end(this.limit - 1);
	}

	long sackedBytes() {
		return this.sackedBytes;
	}

	int sackedCount() {
		return this.sackedCount;
	}

	long lostBytes() {
		return this.lostBytes;
	}

	// Segments outstanding that were sent more than once.
	int retransmittedCount() {
		return this.retransmittedCount;
	}

	long start(long ordinal) {
		return (ordinal == this.first) ? this.start : this.ends[slot(ordinal - 1)];
	}

	long end(long ordinal) {
		return this.ends[slot(ordinal)];
	}

	int length(long ordinal) {
		return (int) (end(ordinal) - start(ordinal));
	}

	long sentAt(long ordinal) {
		return this.sentAt[slot(ordinal)];
	}

	boolean is(long ordinal, int flag) {
		return (this.flags[slot(ordinal)] & flag) != 0;
	}

	private int slot(long ordinal) {
		return (int) ordinal & (this.ends.length - 1);
	}

	/**
	 * Append a segment sent for the first time.
	 * @param end position after its last byte
	 * @param now when
	 * @param fin whether it ends with a FIN
	 */
	void add(long end, long now, boolean fin) {
		if (this.limit - this.first == this.ends.length) {
			resize(this.ends.length * 2);
		}
		int slot = slot(this.limit++);
		this.ends[slot] = end;
		this.sentAt[slot] = now;
		this.flags[slot] = fin ? FIN : 0;
	}

	private void resize(int capacity) {
		long[] newEnds = new long[capacity];
		long[] newSentAt = new long[capacity];
		byte[] newFlags = new byte[capacity];
		for (long i = this.first; i < this.limit; i++) {
			int to = (int) i & (capacity - 1);
			newEnds[to] = this.ends[slot(i)];
			newSentAt[to] = this.sentAt[slot(i)];
			newFlags[to] = this.flags[slot(i)];
		}
		this.ends = newEnds;
		this.sentAt = newSentAt;
		this.flags = newFlags;
	}

	/**
	 * Begin elsewhere; only while empty.
	 * @param position the SND.UNA
	 */
	void reset(long position) {
		this.start = position;
	}

	/**
	 * Remove the first segment: it was acknowledged.
	 */
	void removeFirst() {
		long ordinal = this.first;
		int slot = slot(ordinal);
		int length = length(ordinal);
		uncount(slot, length);
		this.start = this.ends[slot];
		this.first++;
		this.lostHint = Math.max(this.lostHint, this.first);
		if (this.first == this.limit && this.ends.length > INITIAL_CAPACITY * 16) {
			resize(INITIAL_CAPACITY);
		}
	}

	private void uncount(int slot, int length) {
		int flag = this.flags[slot];
		if ((flag & SACKED) != 0) {
			this.sackedBytes -= length;
			this.sackedCount--;
		}
		if ((flag & LOST) != 0) {
			this.lostBytes -= length;
		}
		if ((flag & RETRANSMITTED) != 0) {
			this.retransmittedCount--;
		}
	}

	/**
	 * A part of the first segment was acknowledged.
	 * @param position the new SND.UNA, inside it
	 */
	void trimFirst(long position) {
		int slot = slot(this.first);
		int acknowledged = (int) (position - this.start);
		if ((this.flags[slot] & SACKED) != 0) {
			this.sackedBytes -= acknowledged;
		}
		if ((this.flags[slot] & LOST) != 0) {
			this.lostBytes -= acknowledged;
		}
		this.start = position;
	}

	void markSacked(long ordinal) {
		int slot = slot(ordinal);
		int length = length(ordinal);
		if ((this.flags[slot] & LOST) != 0) {
			this.flags[slot] &= ~LOST;
			this.lostBytes -= length;
		}
		this.flags[slot] |= SACKED;
		this.sackedBytes += length;
		this.sackedCount++;
	}

	void markLost(long ordinal) {
		int slot = slot(ordinal);
		if ((this.flags[slot] & (LOST | SACKED)) == 0) {
			this.flags[slot] |= LOST;
			this.lostBytes += length(ordinal);
			this.lostHint = Math.min(this.lostHint, ordinal);
		}
	}

	/**
	 * It turned out that nothing was lost.
	 */
	void clearLost() {
		for (long i = this.first; i < this.limit; i++) {
			this.flags[slot(i)] &= ~LOST;
		}
		this.lostBytes = 0;
	}

	/**
	 * The receiver reneged (RFC 2018 8): what it reported is no longer certain.
	 */
	void clearSacked() {
		for (long i = this.first; i < this.limit; i++) {
			this.flags[slot(i)] &= ~SACKED;
		}
		this.sackedBytes = 0;
		this.sackedCount = 0;
	}

	void markRetransmitted(long ordinal, long now) {
		int slot = slot(ordinal);
		if ((this.flags[slot] & LOST) != 0) {
			this.flags[slot] &= ~LOST;
			this.lostBytes -= length(ordinal);
		}
		if ((this.flags[slot] & RETRANSMITTED) == 0) {
			this.flags[slot] |= RETRANSMITTED;
			this.retransmittedCount++;
		}
		this.sentAt[slot] = now;
	}

	/**
	 * Find the first segment that is lost.
	 * @return its ordinal, or -1
	 */
	long firstLost() {
		if (this.lostBytes == 0) {
			return -1;
		}
		long i = Math.max(this.lostHint, this.first);
		while (!is(i, LOST)) {
			i++;
		}
		this.lostHint = i;
		return i;
	}

	/**
	 * Find the segment that contains a position.
	 * @param position the position, between {@link #start()} and {@link #end()}
	 * @return the ordinal of the first segment that ends after it
	 */
	long find(long position) {
		long low = this.first;
		long high = this.limit;
		while (low < high) {
			long middle = (low + high) >>> 1;
			if (end(middle) <= position) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	/**
	 * Divide segments that have become too long for the path.
	 * @param maximum bytes of payload that fit
	 */
	void split(int maximum) {
		int total = 0;
		for (long i = this.first; i < this.limit; i++) {
			total += pieces(i, maximum);
		}
		if (total == this.limit - this.first) {
			return;
		}
		SentSegments divided = new SentSegments(this.start);
		int capacity = this.ends.length;
		while (capacity < total) {
			capacity *= 2;
		}
		divided.resize(capacity);
		divided.first = this.first;
		divided.limit = this.first;
		for (long i = this.first; i < this.limit; i++) {
			int slot = slot(i);
			long position = start(i);
			int pieces = pieces(i, maximum);
			for (int p = 1; p <= pieces; p++) {
				boolean last = p == pieces;
				position = last ? this.ends[slot] : position + maximum;
				divided.add(position, this.sentAt[slot], false);
				divided.flags[divided.slot(divided.limit - 1)] = last ? this.flags[slot]
						: (byte) (this.flags[slot] & ~FIN);
			}
		}
		this.ends = divided.ends;
		this.sentAt = divided.sentAt;
		this.flags = divided.flags;
		this.limit = divided.limit;
		recount();
	}

	private int pieces(long ordinal, int maximum) {
		int payload = length(ordinal) - (is(ordinal, FIN) ? 1 : 0);
		return Math.max(1, (payload + maximum - 1) / maximum);
	}

	private void recount() {
		this.sackedBytes = 0;
		this.sackedCount = 0;
		this.lostBytes = 0;
		this.retransmittedCount = 0;
		this.lostHint = this.first;
		for (long i = this.first; i < this.limit; i++) {
			int length = length(i);
			this.sackedBytes += is(i, SACKED) ? length : 0;
			this.sackedCount += is(i, SACKED) ? 1 : 0;
			this.lostBytes += is(i, LOST) ? length : 0;
			this.retransmittedCount += is(i, RETRANSMITTED) ? 1 : 0;
		}
	}

	void clear() {
		this.start = end();
		this.first = this.limit;
		Arrays.fill(this.flags, (byte) 0);
		recount();
	}

}
