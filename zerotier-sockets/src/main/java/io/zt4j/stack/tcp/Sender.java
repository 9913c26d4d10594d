package io.zt4j.stack.tcp;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.tcp.congestion.CongestionControl;

/**
 * The sending half of a connection: send buffer, window, loss recovery, retransmission
 * (RFC 9293 3.8, RFC 5681, RFC 6298, RFC 6675, RFC 8985). Confined to the event loop.
 */
final class Sender {

	/** Segments sent in one go before others have their turn. */
	static final int TRAIN = 64;

	/** RFC 9293 3.8.3: R2 of data, unless a user timeout is set. */
	static final long DEFAULT_USER_TIMEOUT = 300_000_000_000L;

	/** Segments that every path must carry (RFC 8200 5), options included. */
	private static final int SAFE_SEGMENT = 1220;

	private static final int BLACK_HOLE_TIMEOUTS = 2;

	private final Connection connection;

	private final ConnectionTimers timers;

	private final ByteQueue buffer;

	private final SentSegments sent;

	private final RttEstimator rtt = new RttEstimator();

	private final LossDetection loss;

	private final Recovery recovery = new Recovery();

	private CongestionControl congestion;

	private final long initial;

	private int maximumSegmentSize = 536;

	private boolean sack;

	/** Whether large packets were found to vanish. */
	private boolean blackHole;

	private long window;

	private long maximumWindow;

	private int windowShift;

	/** SND.WL1 and SND.WL2. */
	private long windowSequence;

	private long windowAcknowledgment;

	/** What was flushed up to here need not fill a segment. */
	private long pushed;

	private boolean finQueued;

	private boolean finSent;

	private int duplicateAcks;

	/** Send one segment whatever the windows say. */
	private boolean force;

	/** Acknowledgements up to here were paced by the congestion window. */
	private long limitedEnd;

	private long lastSentAt;

	/** When the peer last acknowledged something new, or something became outstanding. */
	private long progressAt;

	private int persistBackoff;

	/** Position after the octet of the zero-window probe under way. */
	private long persistEnd;

	/** What could prove the last reduction spurious (RFC 3522); the time of it. */
	private boolean undoable;

	private long undoTime;

	private long timeouts;

	private long retransmitted;

	Sender(Connection connection, ConnectionTimers timers, int initialSequence, TcpOptions options) {
		this.connection = connection;
		this.timers = timers;
		this.initial = SequenceNumber.initial(initialSequence);
		this.buffer = new ByteQueue(connection.tcp().allocator(), this.initial + 1);
		this.sent = new SentSegments(this.initial + 1);
		this.loss = new LossDetection(this.sent, this.rtt);
		this.pushed = this.initial + 1;
		this.congestion = CongestionControl.named(options.congestionControl(), this.maximumSegmentSize);
	}

	// ISS.
	long initial() {
		return this.initial;
	}

	// SND.UNA after the handshake.
	long unacknowledged() {
		return this.sent.start();
	}

	// SND.NXT after the handshake.
	long next() {
		return this.sent.end();
	}

	RttEstimator rtt() {
		return this.rtt;
	}

	CongestionControl congestion() {
		return this.congestion;
	}

	int maximumSegmentSize() {
		return this.maximumSegmentSize;
	}

	long window() {
		return this.window;
	}

	long maximumWindow() {
		return this.maximumWindow;
	}

	long bytesInFlight() {
		return this.sent.end() - this.sent.start();
	}

	long bytesSent() {
		return Math.min(this.sent.end(), this.buffer.end()) - this.initial - 1;
	}

	long timeouts() {
		return this.timeouts;
	}

	long retransmitted() {
		return this.retransmitted;
	}

	int congestionWindow() {
		return this.recovery.isFast() ? this.recovery.window() : this.congestion.window();
	}

	int bufferedBytes() {
		return this.buffer.length();
	}

	boolean isFinQueued() {
		return this.finQueued;
	}

	boolean isFinAcknowledged() {
		return this.finSent && this.sent.isEmpty();
	}

	// Whether all data and the FIN, if one was asked for, are sent and acknowledged.
	boolean isDrained() {
		return this.buffer.length() == 0 && (!this.finQueued || isFinAcknowledged());
	}

	/**
	 * The handshake agreed on options.
	 * @param maximumSegmentSize payload per segment, timestamps allowed for
	 * @param windowShift shift of the peer's windows, 0 without window scaling
	 * @param sack whether the peer sends SACK blocks
	 */
	void agreed(int maximumSegmentSize, int windowShift, boolean sack) {
		this.maximumSegmentSize = maximumSegmentSize;
		this.windowShift = windowShift;
		this.sack = sack;
		this.congestion = CongestionControl.named(this.connection.options().congestionControl(), maximumSegmentSize);
	}

	void congestionControl(String name) {
		this.congestion = CongestionControl.named(name, this.maximumSegmentSize);
	}

	long scaled(int window) {
		return (long) window << this.windowShift;
	}

	/**
	 * Take the window of a segment of the handshake.
	 * @param window the window in bytes
	 * @param sequence its SEG.SEQ
	 * @param acknowledgment its SEG.ACK
	 */
	void initialWindow(long window, long sequence, long acknowledgment) {
		this.window = window;
		this.maximumWindow = Math.max(this.maximumWindow, window);
		this.windowSequence = sequence;
		this.windowAcknowledgment = acknowledgment;
	}

	/**
	 * The path takes smaller packets only (RFC 1191 6.3), or larger ones again.
	 * @param maximum payload per segment
	 */
	void segmentSize(int maximum) {
		int size = this.blackHole ? Math.min(maximum, SAFE_SEGMENT) : maximum;
		if (size == this.maximumSegmentSize) {
			return;
		}
		this.maximumSegmentSize = size;
		this.congestion.maximumSegmentSize(size);
		for (long i = this.sent.first(); i < this.sent.limit(); i++) {
			if (this.sent.length(i) > size) {
				this.sent.markLost(i);
			}
		}
		this.sent.split(size);
	}

	void append(ByteBuf data, int length) {
		this.buffer.append(data, data.readerIndex(), length);
		data.skipBytes(length);
	}

	void push() {
		this.pushed = this.buffer.end();
	}

	void queueFin() {
		this.finQueued = true;
		push();
	}

	// Whether {@link #output} might find something to send.
	boolean hasWholeSegment() {
		return this.buffer.end() - this.sent.end() >= this.maximumSegmentSize;
	}

	/**
	 * Whether an acknowledgment is of something sent.
	 * @param acknowledgment its SEG.ACK
	 * @return false if it is ahead of SND.NXT
	 */
	boolean isSent(long acknowledgment) {
		return acknowledgment <= this.sent.end() || acknowledgment <= this.persistEnd;
	}

	/**
	 * Process an acceptable acknowledgment (RFC 9293 3.10.7.4, fifth check).
	 * @param segment the segment
	 * @param sequence its SEG.SEQ
	 * @param acknowledgment its SEG.ACK, not ahead of SND.NXT
	 * @param now the time
	 */
	void acknowledged(Segment segment, long sequence, long acknowledgment, long now) {
		SentSegments sent = this.sent;
		if (acknowledgment > sent.end()) {
			// the octet of a zero-window probe was taken after all
			sent.add(this.persistEnd, this.lastSentAt, false);
		}
		long before = sent.start();
		boolean windowChanged = updateWindow(segment, sequence, acknowledgment, now);
		if (acknowledgment == before && segment.sackBlocks == 0 && sent.isEmpty()) {
			return;
		}
		long flight = bytesInFlight();
		long spuriousBefore = this.connection.timeOfEcho(segment, now);
		this.loss.begin();
		int bytes = (int) Math.max(0, acknowledgment - before);
		if (bytes > 0) {
			this.loss.acknowledge(acknowledgment, spuriousBefore, now);
			this.buffer.releaseTo(Math.min(acknowledgment, this.buffer.end()));
		}
		boolean duplicate = bytes == 0 && acknowledgment == before && !sent.isEmpty() && segment.length() == 0
				&& !windowChanged;
		if (this.sack) {
			if (segment.sackBlocks > 0) {
				this.loss.sack(segment, acknowledgment, spuriousBefore, now);
			}
		}
		else if (duplicate) {
			this.duplicateAcks++;
		}
		if (this.loss.sample() > 0) {
			this.rtt.sample(this.loss.sample(), now);
		}
		else if (bytes > 0 && spuriousBefore != ConnectionTimers.OFF) {
			// RFC 7323 4.1: timestamps measure retransmissions too
			this.rtt.sample(Math.max(1, now - spuriousBefore), now);
		}
		if (bytes > 0) {
			advanced(acknowledgment, bytes, isLimited(before, flight), spuriousBefore, now);
		}
		if (this.sack) {
			this.loss.adapt();
			if (this.loss.probeAnswered(acknowledgment, duplicate && segment.sackBlocks == 0)
					&& this.recovery.isOpen()) {
				this.congestion.lost((int) flight);
			}
		}
		detectLoss(bytes > 0, flight, now);
		if (this.recovery.isFast()) {
			this.recovery.delivered(delivered(duplicate), pipe(), this.congestion.slowStartThreshold(),
					this.maximumSegmentSize);
		}
		setTimers(bytes > 0 || this.loss.delivered() > 0, now);
	}

	private int delivered(boolean duplicate) {
		return (!this.sack && duplicate) ? this.maximumSegmentSize : this.loss.delivered();
	}

	// Whether the congestion window bounds sending; in slow start half of it suffices.
	private boolean isLimited(long before, long flight) {
		int window = this.congestion.window();
		return before < this.limitedEnd || window < this.congestion.slowStartThreshold() && flight > window / 2;
	}

	private void advanced(long acknowledgment, int bytes, boolean limited, long spuriousBefore, long now) {
		this.progressAt = now;
		if (this.undoable && !this.recovery.isOpen() && this.undoTime >= spuriousBefore) {
			undo();
		}
		this.undoable = false;
		if (!this.recovery.isOpen() && acknowledgment >= this.recovery.point()) {
			this.recovery.end();
			this.loss.recoveryEnded();
			this.duplicateAcks = 0;
			this.sent.clearLost();
		}
		else if (this.recovery.isFast()) {
			this.duplicateAcks = Math.max(0, this.duplicateAcks - bytes / this.maximumSegmentSize);
		}
		else {
			this.duplicateAcks = 0;
		}
		if (!this.recovery.isFast()) {
			this.congestion.acknowledged(bytes, acknowledgment, this.sent.end(), this.loss.sample(),
					this.rtt.smoothed(), limited, now);
		}
	}

	/** RFC 3522, RFC 4015: the original arrived, so the retransmission was spurious. */
	private void undo() {
		this.congestion.undo();
		this.sent.clearLost();
		this.recovery.end();
		this.duplicateAcks = 0;
	}

	private boolean updateWindow(Segment segment, long sequence, long acknowledgment, long now) {
		if (this.windowSequence > sequence
				|| this.windowSequence == sequence && this.windowAcknowledgment > acknowledgment) {
			return false;
		}
		long offered = scaled(segment.window);
		boolean changed = offered != this.window;
		this.window = offered;
		this.maximumWindow = Math.max(this.maximumWindow, offered);
		this.windowSequence = sequence;
		this.windowAcknowledgment = acknowledgment;
		if (this.timers.isSet(ConnectionTimers.PERSIST)) {
			if (this.connection.options().userTimeout().isZero()) {
				// RFC 9293 3.8.6.1: stays open as long as probes are answered
				this.progressAt = now;
			}
			if (offered > 0) {
				this.persistBackoff = 0;
				this.timers.cancel(ConnectionTimers.PERSIST);
			}
		}
		return changed;
	}

	// Bytes in flight (RFC 6675 4).
	private long pipe() {
		long out = bytesInFlight() - this.sent.sackedBytes() - this.sent.lostBytes();
		return this.sack ? out : Math.max(0, out - (long) this.duplicateAcks * this.maximumSegmentSize);
	}

	private void detectLoss(boolean advanced, long flight, long now) {
		if (this.sent.isEmpty()) {
			return;
		}
		boolean lost;
		if (this.sack) {
			lost = this.loss.detect(!this.recovery.isOpen(), now);
		}
		else {
			lost = detectLossWithoutSack(advanced);
		}
		if (lost && this.recovery.isOpen()) {
			beginFastRecovery(flight, now);
		}
	}

	// NewReno (RFC 6582).
	private boolean detectLossWithoutSack(boolean advanced) {
		long first = this.sent.first();
		boolean third = this.recovery.isOpen() && this.duplicateAcks >= LossDetection.DUPLICATE_THRESHOLD
				&& this.sent.start() >= this.recovery.point();
		boolean partial = this.recovery.isFast() && advanced && !this.sent.is(first, SentSegments.RETRANSMITTED);
		if (third || partial) {
			this.sent.markLost(first);
		}
		return third;
	}

	private void beginFastRecovery(long flight, long now) {
		this.congestion.lost((int) Math.min(flight, Math.max(this.congestion.window(), this.maximumSegmentSize)));
		this.recovery.beginFast(this.sent.end(), flight, pipe(), this.maximumSegmentSize);
		this.undoable = true;
		this.undoTime = now;
	}

	private void setTimers(boolean progress, long now) {
		if (this.sent.isEmpty()) {
			this.timers.cancel(ConnectionTimers.RETRANSMISSION);
			this.timers.cancel(ConnectionTimers.LOSS_PROBE);
			this.timers.cancel(ConnectionTimers.REORDERING);
			return;
		}
		if (progress) {
			this.timers.set(ConnectionTimers.RETRANSMISSION, now + this.rtt.timeout());
		}
		this.timers.set(ConnectionTimers.REORDERING, this.loss.reorderDeadline());
		setProbeTimer(now);
	}

	private void setProbeTimer(long now) {
		long timeout = (this.sack && this.recovery.isOpen()) ? this.loss.probeTimeout() : ConnectionTimers.OFF;
		long deadline = (timeout == ConnectionTimers.OFF) ? timeout : now + timeout;
		this.timers.set(ConnectionTimers.LOSS_PROBE,
				(deadline < this.timers.get(ConnectionTimers.RETRANSMISSION)) ? deadline : ConnectionTimers.OFF);
	}

	/**
	 * Send what may be sent.
	 * @param now the time
	 * @return true if a whole train was sent and there may be more
	 */
	boolean output(long now) {
		for (int i = 0; i < TRAIN; i++) {
			if (!sendNext(now)) {
				return false;
			}
		}
		return true;
	}

	private boolean sendNext(long now) {
		long lost = this.sent.firstLost();
		if (lost >= 0) {
			if (!this.force && !fits(this.sent.length(lost))) {
				this.limitedEnd = this.sent.end();
				return false;
			}
			this.force = false;
			retransmit(lost, now);
			return true;
		}
		long next = this.sent.end();
		int available = (int) Math.max(0, this.buffer.end() - next);
		boolean finLeft = this.finQueued && !this.finSent;
		if (available == 0 && !finLeft) {
			return false;
		}
		long usable = this.sent.start() + this.window - next;
		int length = (int) Math.min(available, Math.min(usable, this.maximumSegmentSize));
		if (available > 0 && !isWorthwhile(next, length, available, usable, now)) {
			return false;
		}
		if (this.sent.isEmpty()) {
			restartAfterIdle(now);
		}
		else if (length > 0 && !fits(length)) {
			this.limitedEnd = next;
			return false;
		}
		length = Math.max(0, length);
		transmitNew(next, length, finLeft && length == available, now);
		return true;
	}

	private boolean fits(int length) {
		long pipe = pipe();
		return pipe == 0 || pipe + length <= congestionWindow();
	}

	// Nagle's algorithm and silly window avoidance (RFC 9293 3.7.4, 3.8.6.2.1).
	private boolean isWorthwhile(long next, int length, int available, long usable, long now) {
		if (length >= this.maximumSegmentSize) {
			return true;
		}
		if (length <= 0 || length < available) {
			// the window cuts it short
			if (length > 0 && length >= this.maximumWindow / 2) {
				return true;
			}
			if (this.sent.isEmpty() && !this.timers.isSet(ConnectionTimers.PERSIST)) {
				if (this.window == 0) {
					this.progressAt = now;
				}
				this.timers.set(ConnectionTimers.PERSIST, now + this.rtt.timeout());
			}
			return false;
		}
		if (this.pushed <= next) {
			return false;
		}
		return this.connection.options().noDelay() || this.finQueued || this.sent.isEmpty();
	}

	private void restartAfterIdle(long now) {
		long timeout = this.rtt.timeout();
		if (this.lastSentAt > 0 && now - this.lastSentAt > timeout && this.recovery.isOpen()) {
			this.congestion.idle((int) Math.min(30, (now - this.lastSentAt) / timeout));
		}
	}

	private void transmitNew(long next, int length, boolean fin, long now) {
		if (this.sent.isEmpty()) {
			this.progressAt = now;
			this.timers.set(ConnectionTimers.RETRANSMISSION, now + this.rtt.timeout());
		}
		this.sent.add(next + length + (fin ? 1 : 0), now, fin);
		this.finSent |= fin;
		transmit(next, length, fin);
		this.lastSentAt = now;
		if (this.recovery.isFast()) {
			this.recovery.sent(length);
		}
		setProbeTimer(now);
	}

	private void retransmit(long ordinal, long now) {
		boolean fin = this.sent.is(ordinal, SentSegments.FIN);
		long start = this.sent.start(ordinal);
		int length = this.sent.length(ordinal);
		this.sent.markRetransmitted(ordinal, now);
		transmit(start, length - (fin ? 1 : 0), fin);
		this.lastSentAt = now;
		this.retransmitted++;
		this.connection.countRetransmission();
		if (this.recovery.isFast()) {
			this.recovery.sent(length);
		}
		if (!this.timers.isSet(ConnectionTimers.RETRANSMISSION)) {
			this.timers.set(ConnectionTimers.RETRANSMISSION, now + this.rtt.timeout());
		}
	}

	private void transmit(long start, int length, boolean fin) {
		int flags = Segment.ACK;
		if (fin) {
			flags |= Segment.FIN;
		}
		if (length > 0 && start + length == this.buffer.end()) {
			flags |= Segment.PSH;
		}
		this.connection.transmit(start, length, flags, this.buffer);
	}

	/**
	 * The retransmission timer expired (RFC 6298 5.4 to 5.6).
	 * @param now the time
	 * @return false if the peer has not answered for longer than the user timeout
	 */
	boolean retransmissionTimeout(long now) {
		if (this.sent.isEmpty()) {
			return true;
		}
		if (isTimedOut(now)) {
			return false;
		}
		this.timeouts++;
		if (this.recovery.phase() == Recovery.Phase.TIMEOUT && this.rtt.backoff() > 0) {
			this.congestion.collapse();
		}
		else {
			this.congestion.timedOut((int) Math.min(bytesInFlight(), Integer.MAX_VALUE));
			this.undoable = true;
			this.undoTime = now;
		}
		this.rtt.backOff();
		if (this.rtt.backoff() > BLACK_HOLE_TIMEOUTS && this.maximumSegmentSize > SAFE_SEGMENT) {
			// RFC 4821 7.7: large packets may vanish without a word
			this.blackHole = true;
			segmentSize(SAFE_SEGMENT);
		}
		this.loss.timedOut(this.sack, now);
		this.recovery.beginTimeout(this.sent.end());
		this.duplicateAcks = 0;
		this.force = true;
		this.timers.set(ConnectionTimers.RETRANSMISSION, now + this.rtt.timeout());
		this.timers.cancel(ConnectionTimers.LOSS_PROBE);
		this.timers.cancel(ConnectionTimers.REORDERING);
		return true;
	}

	private boolean isTimedOut(long now) {
		long userTimeout = this.connection.options().userTimeout().toNanos();
		return now - this.progressAt >= ((userTimeout > 0) ? userTimeout : DEFAULT_USER_TIMEOUT);
	}

	/**
	 * Probe for a lost tail (RFC 8985 7.3).
	 * @param now the time
	 */
	void lossProbe(long now) {
		if (this.sent.isEmpty() || !this.recovery.isOpen()) {
			return;
		}
		long next = this.sent.end();
		int available = (int) Math.max(0, this.buffer.end() - next);
		long usable = this.sent.start() + this.window - next;
		int length = (int) Math.min(available, Math.min(usable, this.maximumSegmentSize));
		if (length > 0) {
			transmitNew(next, length, this.finQueued && !this.finSent && length == available, now);
			this.loss.probeSent(false);
		}
		else {
			retransmit(this.sent.limit() - 1, now);
			this.loss.probeSent(true);
		}
		this.timers.set(ConnectionTimers.RETRANSMISSION, now + this.rtt.timeout());
		this.timers.cancel(ConnectionTimers.LOSS_PROBE);
	}

	/**
	 * Segments that might have been reordered are late by now (RFC 8985 6.2).
	 * @param now the time
	 */
	void reorderingTimeout(long now) {
		detectLoss(false, bytesInFlight(), now);
		setTimers(false, now);
	}

	/**
	 * Probe a closed or silly window (RFC 9293 3.8.6.1, 3.8.6.2.1).
	 * @param now the time
	 * @return false if the peer has not answered for longer than the user timeout
	 */
	boolean persistTimeout(long now) {
		long next = this.sent.end();
		int available = (int) Math.max(0, this.buffer.end() - next);
		if (!this.sent.isEmpty() || available == 0) {
			return true;
		}
		if (isTimedOut(now)) {
			return false;
		}
		if (this.window > 0) {
			int length = (int) Math.min(available, Math.min(this.window, this.maximumSegmentSize));
			transmitNew(next, length, this.finQueued && !this.finSent && length == available, now);
			return true;
		}
		this.persistEnd = next + 1;
		this.lastSentAt = now;
		transmit(next, 1, false);
		this.persistBackoff = Math.min(this.persistBackoff + 1, 16);
		long timeout = Math.min(RttEstimator.MAX_RTO, this.rtt.timeout() << this.persistBackoff);
		this.timers.set(ConnectionTimers.PERSIST, now + timeout);
		return true;
	}

	void clear() {
		this.buffer.clear();
		this.sent.clear();
	}

}
