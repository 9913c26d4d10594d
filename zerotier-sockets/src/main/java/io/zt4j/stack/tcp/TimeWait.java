package io.zt4j.stack.tcp;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.ip.IcmpError;

/**
 * What is left of a connection in TIME-WAIT (RFC 9293 3.6.1): enough to answer old
 * segments and to let a new incarnation begin safely.
 */
final class TimeWait extends Flow {

	/** Twice the maximum segment lifetime. */
	static final long DURATION = 60_000_000_000L;

	/** RFC 6191: how old it must be before an outgoing connection takes its place. */
	private static final long REUSABLE_AFTER = 1_000_000_000L;

	private static final long ANSWER_INTERVAL = 100_000_000L;

	private final TcpProtocol tcp;

	private final long sendNext;

	private final long receiveNext;

	private final boolean timestamps;

	private final int timestampOffset;

	private final int recentTimestamp;

	private final int window;

	private final long since;

	private long deadline;

	/** The deadline when it was put into the queue. */
	private long queuedUntil;

	private long answeredAt = -ANSWER_INTERVAL;

	private boolean over;

	TimeWait(TcpProtocol tcp, Connection connection, long sendNext, long receiveNext, boolean timestamps,
			int timestampOffset, int recentTimestamp, int window) {
		super(connection);
		this.tcp = tcp;
		this.sendNext = sendNext;
		this.receiveNext = receiveNext;
		this.timestamps = timestamps;
		this.timestampOffset = timestampOffset;
		this.recentTimestamp = recentTimestamp;
		this.window = window;
		this.since = tcp.now();
		this.deadline = this.since + DURATION;
		this.queuedUntil = this.deadline;
	}

	long deadline() {
		return this.deadline;
	}

	long queuedUntil() {
		return this.queuedUntil;
	}

	TimeWait queueAgain() {
		this.queuedUntil = this.deadline;
		return this;
	}

	// Whether it has been forgotten.
	boolean isOver() {
		return this.over;
	}

	void end() {
		this.over = true;
	}

	// SND.NXT; a new incarnation must begin after it.
	long sendNext() {
		return this.sendNext;
	}

	/**
	 * Whether an outgoing connection may take its place (RFC 6191).
	 * @param now the time
	 * @return true if timestamps will tell them apart
	 */
	boolean isReusable(long now) {
		return this.timestamps && now - this.since > REUSABLE_AFTER;
	}

	@Override
	void receive(Segment segment) {
		if (segment.has(Segment.RST)) {
			// RFC 1337: a reset must not assassinate TIME-WAIT
			return;
		}
		long sequence = SequenceNumber.unwrap(segment.sequence, this.receiveNext);
		if (segment.has(Segment.SYN) && !segment.has(Segment.ACK)) {
			boolean newer = this.timestamps && segment.hasTimestamps && segment.timestamp - this.recentTimestamp > 0;
			if (newer || sequence > this.receiveNext) {
				this.tcp.reincarnate(this, segment);
				return;
			}
		}
		long now = this.tcp.now();
		if (segment.has(Segment.FIN) && sequence + segment.length() == this.receiveNext) {
			this.deadline = now + DURATION;
		}
		if (now - this.answeredAt >= ANSWER_INTERVAL && segment.length() > 0) {
			this.answeredAt = now;
			answer(now);
		}
	}

	private void answer(long now) {
		SegmentWriter writer = this.tcp.writer();
		int optionLength = this.timestamps ? TcpOption.TIMESTAMPS_LENGTH : 0;
		ByteBuf out = writer.begin(this, this.sendNext, this.receiveNext, Segment.ACK, this.window, optionLength, 0);
		if (this.timestamps) {
			SegmentWriter.timestamps(out, Timestamps.at(now, this.timestampOffset), this.recentTimestamp);
		}
		writer.send(this, 0, out);
	}

	@Override
	void error(IcmpError error, int sequence) {
		// nothing is at stake any more
	}

}
