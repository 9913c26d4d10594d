package io.zt4j.stack.tcp;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.TcpOptions;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a connection: reassembly, window, acknowledgement policy (RFC
 * 9293 3.8.6, RFC 5681 4.2, RFC 7323, RFC 2018, RFC 2883). Confined to the event loop.
 */
final class Receiver {

	/** RFC 9293 3.8.6.3 allows up to half a second. */
	static final long DELAYED_ACK = 25_000_000L;

	/** RFC 7323 5.5: a timestamp this old says nothing any more. */
	private static final long TIMESTAMP_VALIDITY = 24L * 24 * 3600 * 1_000_000_000L;

	private static final int MAX_DUPLICATE_ACKS = 64;

	private final TcpProtocol tcp;

	private final ByteQueue buffer;

	private final OutOfOrderQueue outOfOrder;

	private final ConnectionTimers timers;

	private final long[] blocks = new long[2 * Segment.MAX_SACK_BLOCKS];

	private final long initial;

	/** RCV.NXT. */
	private long next;

	/** Right edge of the window offered; never moves back. */
	private long edge;

	/** The window the peer saw last, in bytes. */
	private long offered;

	/** Last.ACK.sent of RFC 7323. */
	private long acknowledgmentSent;

	private int capacity;

	private int windowShift;

	private boolean sack;

	private boolean discard;

	private boolean finReceived;

	private long finPosition = -1;

	/** Largest payload seen: what a full segment of the peer is. */
	private int segmentSize = 536;

	private int unacknowledgedBytes;

	private int unacknowledgedSegments;

	private boolean acknowledgeNow;

	private int duplicateAcks;

	private long duplicateStart;

	private long duplicateEnd;

	private int recentTimestamp;

	private long recentTimestampAt;

	private long bytesReceived;

	/**
	 * Create the receiver when the peer's SYN arrived.
	 * @param tcp the protocol
	 * @param timers the connection's timers
	 * @param initialSequence the IRS
	 * @param options the connection's options
	 */
	Receiver(TcpProtocol tcp, ConnectionTimers timers, int initialSequence, TcpOptions options) {
		this.tcp = tcp;
		this.timers = timers;
		this.initial = SequenceNumber.initial(initialSequence);
		this.next = this.initial + 1;
		this.buffer = new ByteQueue(tcp.allocator(), this.next);
		this.outOfOrder = new OutOfOrderQueue(tcp.allocator());
		this.capacity = options.receiveBufferSize();
		this.edge = this.next + Math.min(this.capacity, 65_535);
		this.offered = this.edge - this.next;
		this.acknowledgmentSent = this.next;
	}

	// IRS.
	long initial() {
		return this.initial;
	}

	// RCV.NXT.
	long next() {
		return this.next;
	}

	// RCV.WND.
	long window() {
		return this.edge - this.next;
	}

	long bytesReceived() {
		return this.bytesReceived;
	}

	int readableBytes() {
		return this.buffer.length();
	}

	boolean hasUnread() {
		return this.buffer.length() > 0 || !this.outOfOrder.isEmpty();
	}

	boolean isFinReceived() {
		return this.finReceived;
	}

	/**
	 * The handshake agreed on options.
	 * @param windowShift shift of our windows, 0 without window scaling
	 * @param sack whether the peer takes SACK blocks
	 */
	void agreed(int windowShift, boolean sack) {
		this.windowShift = windowShift;
		this.sack = sack;
	}

	void capacity(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Discard what is received from now on.
	 */
	void discard() {
		this.discard = true;
		this.buffer.clear();
		this.outOfOrder.clear();
	}

	// timestamps (RFC 7323)

	void timestamp(int value, long now) {
		this.recentTimestamp = value;
		this.recentTimestampAt = now;
	}

	int recentTimestamp() {
		return this.recentTimestamp;
	}

	/**
	 * Protect against wrapped sequence numbers (RFC 7323 5.3 R1).
	 * @param value the TSval
	 * @param now the time
	 * @return true if the segment is old
	 */
	boolean isOld(int value, long now) {
		return value - this.recentTimestamp < 0 && now - this.recentTimestampAt < TIMESTAMP_VALIDITY;
	}

	/**
	 * Take the timestamp of an acceptable segment (RFC 7323 4.3).
	 * @param value the TSval
	 * @param sequence its SEG.SEQ
	 * @param now the time
	 */
	void updateTimestamp(int value, long sequence, long now) {
		if (sequence <= this.acknowledgmentSent && !(value - this.recentTimestamp < 0)) {
			timestamp(value, now);
		}
	}

	/**
	 * Whether a segment is acceptable (RFC 9293 3.10.7.4, first check). Segments at
	 * RCV.NXT pass even if the window is closed, for their control bits and
	 * acknowledgment.
	 * @param sequence its SEG.SEQ
	 * @param length its SEG.LEN
	 * @return true if so
	 */
	boolean isAcceptable(long sequence, int length) {
		if (sequence == this.next) {
			return true;
		}
		if (length == 0) {
			return sequence > this.next && sequence < this.edge;
		}
		return sequence < this.edge && sequence + length > this.next;
	}

	/**
	 * Whether a sequence number lies in the window.
	 * @param sequence its SEG.SEQ
	 * @return true if so
	 */
	boolean isInWindow(long sequence) {
		return sequence == this.next || sequence > this.next && sequence < this.edge;
	}

	/**
	 * A segment came that holds nothing new: report the duplicate.
	 * @param sequence position of its first byte
	 * @param length its payload
	 */
	void duplicate(long sequence, int length) {
		acknowledgeNow();
		if (length > 0 && this.sack) {
			this.duplicateStart = sequence;
			this.duplicateEnd = Math.min(sequence + length, Math.max(this.next, sequence + 1));
		}
	}

	/**
	 * Take the payload and the FIN of an acceptable segment (RFC 9293 3.10.7.4, seventh
	 * and eighth check).
	 * @param segment the segment
	 * @param sequence position of its first payload byte
	 * @return true if there is something new for the application
	 */
	boolean receive(Segment segment, long sequence) {
		int index = segment.payloadIndex;
		int length = segment.payloadLength;
		long end = sequence + length;
		if (this.finReceived) {
			if (end > sequence || segment.has(Segment.FIN)) {
				acknowledgeNow();
			}
			return false;
		}
		boolean fin = segment.has(Segment.FIN);
		if (end > this.edge) {
			int excess = (int) Math.min(length, end - this.edge);
			length -= excess;
			end -= excess;
			fin = false;
			acknowledgeNow();
		}
		if (fin && (this.finPosition < 0 || this.finPosition == end)) {
			this.finPosition = end;
			acknowledgeNow();
		}
		long before = this.next;
		if (length > 0) {
			if (sequence < this.next) {
				int skip = (int) Math.min(length, this.next - sequence);
				if (skip > 0) {
					duplicate(sequence, skip);
				}
				index += skip;
				length -= skip;
				sequence += skip;
			}
			if (length > 0) {
				if (sequence == this.next) {
					receiveInOrder(segment.buffer, index, length);
				}
				else {
					receiveOutOfOrder(segment.buffer, index, length, sequence);
				}
			}
		}
		if (this.finPosition == this.next) {
			this.next++;
			this.edge = Math.max(this.edge, this.next);
			this.finReceived = true;
			this.outOfOrder.clear();
			acknowledgeNow();
		}
		return this.next > before;
	}

	private void receiveInOrder(ByteBuf in, int index, int length) {
		long before = this.next;
		this.segmentSize = Math.max(this.segmentSize, length);
		this.buffer.append(in, index, length);
		if (!this.outOfOrder.isEmpty()) {
			this.outOfOrder.drainTo(this.buffer);
			// RFC 5681 4.2: at once when a gap is filled
			acknowledgeNow();
		}
		this.next = this.buffer.end();
		this.bytesReceived += this.next - before;
		this.unacknowledgedBytes += length;
		this.unacknowledgedSegments++;
		if (this.discard) {
			this.buffer.clear();
			this.tcp.counters().dropped(TcpCounters.Drop.INPUT_CLOSED);
		}
	}

	private void receiveOutOfOrder(ByteBuf in, int index, int length, long sequence) {
		// RFC 5681 4.2: an immediate duplicate acknowledgement, each of which counts
		// where there is no SACK
		acknowledgeNow();
		this.duplicateAcks = Math.min(this.duplicateAcks + 1, MAX_DUPLICATE_ACKS);
		if (this.finPosition >= 0 && sequence + length > this.finPosition) {
			return;
		}
		if (this.outOfOrder.contains(sequence, sequence + length)) {
			this.duplicateStart = sequence;
			this.duplicateEnd = sequence + length;
			// refreshes its place among the blocks
		}
		if (!this.outOfOrder.add(sequence, in, index, length, 2L * this.capacity)) {
			this.tcp.counters().dropped(TcpCounters.Drop.OUT_OF_ORDER_FULL);
		}
	}

	void acknowledgeNow() {
		this.acknowledgeNow = true;
	}

	/**
	 * Whether an acknowledgement must be sent now; one that can wait starts the timer.
	 * @param now the time
	 * @return true if so
	 */
	boolean needsAcknowledgement(long now) {
		if (this.acknowledgeNow || this.unacknowledgedBytes >= 2 * this.segmentSize
				|| this.unacknowledgedSegments >= 8) {
			return true;
		}
		if (this.unacknowledgedSegments > 0 && !this.timers.isSet(ConnectionTimers.DELAYED_ACK)) {
			this.timers.set(ConnectionTimers.DELAYED_ACK, now + DELAYED_ACK);
		}
		return false;
	}

	/**
	 * Return how many acknowledgements to send: more than one only without SACK, where
	 * the sender counts duplicates (RFC 5681 3.2).
	 * @return at least 1
	 */
	int acknowledgementsOwed() {
		return this.sack ? 1 : Math.max(1, this.duplicateAcks);
	}

	/**
	 * Whether an acknowledgement has more to say than fits in a data segment.
	 * @return true if there are SACK blocks to send
	 */
	boolean hasBlocks() {
		return this.sack && (!this.outOfOrder.isEmpty() || this.duplicateEnd > 0);
	}

	/**
	 * Compute the window field of a segment about to be sent; opens the window if it is
	 * worth it (RFC 9293 3.8.6.2.2).
	 * @return 0..65535
	 */
	int windowField() {
		long edge = this.next + Math.max(0, this.capacity - this.buffer.length());
		if (edge - this.edge >= Math.min(this.capacity / 2, this.segmentSize)) {
			this.edge = edge;
		}
		int field = (int) Math.min(65_535, (this.edge - this.next) >> this.windowShift);
		this.edge = Math.max(this.edge, this.next);
		this.offered = (long) field << this.windowShift;
		return field;
	}

	/**
	 * An acknowledgement of everything was sent.
	 * @param withBlocks whether it carried the SACK blocks there are
	 */
	void acknowledged(boolean withBlocks) {
		this.acknowledgmentSent = this.next;
		this.unacknowledgedBytes = 0;
		this.unacknowledgedSegments = 0;
		this.timers.cancel(ConnectionTimers.DELAYED_ACK);
		if (withBlocks || !hasBlocks()) {
			this.acknowledgeNow = false;
			this.duplicateAcks = 0;
			this.duplicateEnd = 0;
		}
	}

	/**
	 * Collect the SACK blocks to send: a duplicate first (RFC 2883 4), then the runs.
	 * @param max how many fit
	 * @return how many there are in {@link #block}
	 */
	int collectBlocks(int max) {
		if (!this.sack) {
			return 0;
		}
		int n = 0;
		if (this.duplicateEnd > 0) {
			this.blocks[0] = this.duplicateStart;
			this.blocks[1] = this.duplicateEnd;
			n = 1;
		}
		if (this.outOfOrder.isEmpty()) {
			return n;
		}
		return n + this.outOfOrder.report(this.blocks, n, max - n);
	}

	void writeBlocks(ByteBuf out, int count) {
		out.writeShort(TcpOption.NO_OPERATION << 8 | TcpOption.NO_OPERATION);
		out.writeByte(TcpOption.SACK);
		out.writeByte(2 + 8 * count);
		for (int i = 0; i < 2 * count; i++) {
			out.writeInt((int) this.blocks[i]);
		}
	}

	@Nullable ByteBuf read(int limit) {
		return this.buffer.take(limit);
	}

	/**
	 * Whether so much was read that the peer should be told.
	 * @return true if a window update is worth a segment
	 */
	boolean shouldUpdateWindow() {
		long seen = this.acknowledgmentSent + this.offered - this.next;
		long gain = this.capacity - this.buffer.length() - seen;
		if (gain < Math.min(2L * this.segmentSize, this.capacity / 2)) {
			return false;
		}
		if (seen < 8L * this.segmentSize) {
			return true;
		}
		// an acknowledgement that is due anyway will tell
		return this.unacknowledgedSegments == 0 && (gain >= this.capacity / 8 || seen < this.capacity / 4);
	}

	void clear() {
		this.buffer.clear();
		this.outOfOrder.clear();
	}

}
