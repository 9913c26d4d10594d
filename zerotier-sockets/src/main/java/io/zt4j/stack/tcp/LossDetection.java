package io.zt4j.stack.tcp;

import java.util.Arrays;

/**
 * RACK-TLP loss detection (RFC 8985) on SACK (RFC 2018) and DSACK (RFC 2883) reports. Not
 * for more than one thread.
 */
final class LossDetection {

	/** RFC 8985 6.2 step 4: DupThresh. */
	static final int DUPLICATE_THRESHOLD = 3;

	/** RFC 8985 7.2: the longest time a receiver delays an acknowledgement. */
	private static final long WORST_DELAYED_ACK = 200_000_000L;

	/** Time the event loop and the wire may take beside the round-trip time. */
	private static final long PROBE_GRANULARITY = 2_000_000L;

	private static final long NONE = -1;

	private final SentSegments sent;

	private final RttEstimator rtt;

	/** RACK.xmit_ts: when the segment delivered last was sent. */
	private long sentAt = NONE;

	/** RACK.end_seq. */
	private long end;

	/** RACK.rtt. */
	private long latestRtt;

	/** RACK.fack. */
	private long forward;

	private boolean reorderingSeen;

	private int windowMultiplier = 1;

	private int windowPersist = 16;

	private long dsackRound = NONE;

	/** TLP.end_seq. */
	private long probeEnd = NONE;

	private boolean probeIsRetransmission;

	private boolean sampledSinceProbe = true;

	private final long[] seenLeft = new long[Segment.MAX_SACK_BLOCKS];

	private final long[] seenRight = new long[Segment.MAX_SACK_BLOCKS];

	// what the acknowledgement being processed told

	private int delivered;

	private long sample;

	private long sampleSentAt;

	private boolean dsack;

	private long dsackEnd;

	private long reorderDeadline = ConnectionTimers.OFF;

	LossDetection(SentSegments sent, RttEstimator rtt) {
		this.sent = sent;
		this.rtt = rtt;
	}

	/**
	 * Begin with an acknowledgement.
	 */
	void begin() {
		this.delivered = 0;
		this.sample = 0;
		this.sampleSentAt = NONE;
		this.dsack = false;
	}

	// Bytes the acknowledgement reported for the first time.
	int delivered() {
		return this.delivered;
	}

	// Round-trip time, 0 if there is no sample.
	long sample() {
		return this.sample;
	}

	boolean isDsack() {
		return this.dsack;
	}

	/**
	 * Take a cumulative acknowledgement.
	 * @param acknowledgment the new SND.UNA
	 * @param spuriousBefore segments sent again at this time or later cannot have caused
	 * this acknowledgement (its echoed timestamp is older)
	 * @param now the time
	 */
	void acknowledge(long acknowledgment, long spuriousBefore, long now) {
		SentSegments sent = this.sent;
		while (!sent.isEmpty()) {
			long first = sent.first();
			if (sent.end(first) > acknowledgment) {
				if (sent.start() < acknowledgment) {
					if (!sent.is(first, SentSegments.SACKED)) {
						this.delivered += (int) (acknowledgment - sent.start());
					}
					sent.trimFirst(acknowledgment);
				}
				break;
			}
			if (!sent.is(first, SentSegments.SACKED)) {
				delivered(first, spuriousBefore, now);
			}
			sent.removeFirst();
		}
	}

	/**
	 * Take the SACK blocks of an acknowledgement.
	 * @param segment the segment
	 * @param acknowledgment its acknowledgment
	 * @param spuriousBefore as above
	 * @param now the time
	 */
	void sack(Segment segment, long acknowledgment, long spuriousBefore, long now) {
		long una = this.sent.start();
		long next = this.sent.end();
		for (int i = 0; i < segment.sackBlocks; i++) {
			long left = SequenceNumber.unwrap(segment.sackLeft[i], una);
			long right = left + (segment.sackRight[i] - segment.sackLeft[i]);
			if (i == 0 && right > left && (right <= acknowledgment || isInside(segment, left, right, una))) {
				this.dsack = true;
				this.dsackEnd = right;
				continue;
			}
			if (left < right && left >= una && right <= next) {
				block(i, left, right, spuriousBefore, now);
			}
		}
	}

	// RFC 2883 4: a first block inside the second reports a duplicate.
	private static boolean isInside(Segment segment, long left, long right, long una) {
		if (segment.sackBlocks < 2) {
			return false;
		}
		long outerLeft = SequenceNumber.unwrap(segment.sackLeft[1], una);
		long outerRight = SequenceNumber.unwrap(segment.sackRight[1], una);
		return left >= outerLeft && right <= outerRight;
	}

	private void block(int i, long left, long right, long spuriousBefore, long now) {
		// a block mostly repeats one that was seen, and adds to its end
		long from = left;
		for (int j = 0; j < Segment.MAX_SACK_BLOCKS; j++) {
			if (this.seenLeft[j] == left && this.seenRight[j] <= right) {
				from = Math.max(from, this.seenRight[j]);
			}
		}
		SentSegments sent = this.sent;
		for (long ordinal = sent.find(from); ordinal < sent.limit() && sent.end(ordinal) <= right; ordinal++) {
			if (sent.start(ordinal) >= left && !sent.is(ordinal, SentSegments.SACKED)) {
				delivered(ordinal, spuriousBefore, now);
				sent.markSacked(ordinal);
			}
		}
		this.seenLeft[i] = left;
		this.seenRight[i] = right;
	}

	// RFC 8985 6.2 steps 1 to 3 for one segment.
	private void delivered(long ordinal, long spuriousBefore, long now) {
		SentSegments sent = this.sent;
		long segmentEnd = sent.end(ordinal);
		long segmentSentAt = sent.sentAt(ordinal);
		boolean retransmitted = sent.is(ordinal, SentSegments.RETRANSMITTED);
		this.delivered += sent.length(ordinal);
		if (!retransmitted && segmentSentAt >= this.sampleSentAt) {
			this.sampleSentAt = segmentSentAt;
			this.sample = Math.max(1, now - segmentSentAt);
		}
		if (segmentEnd > this.forward) {
			this.forward = segmentEnd;
		}
		else if (segmentEnd < this.forward && !retransmitted) {
			this.reorderingSeen = true;
		}
		long segmentRtt = now - segmentSentAt;
		if (retransmitted && (segmentSentAt >= spuriousBefore || segmentRtt < this.rtt.minimum())) {
			return;
		}
		this.latestRtt = segmentRtt;
		if (sentAfter(segmentSentAt, segmentEnd, this.sentAt, this.end)) {
			this.sentAt = segmentSentAt;
			this.end = segmentEnd;
		}
	}

	private static boolean sentAfter(long time1, long end1, long time2, long end2) {
		return time1 > time2 || time1 == time2 && end1 > end2;
	}

	// RFC 8985 6.2 step 4.
	private long reorderingWindow(boolean inRecovery) {
		if (!this.reorderingSeen && (inRecovery || this.sent.sackedCount() >= DUPLICATE_THRESHOLD)) {
			return 0;
		}
		long minimum = this.rtt.minimum();
		if (minimum == Long.MAX_VALUE) {
			return 0;
		}
		return Math.min(this.windowMultiplier * (minimum / 4), this.rtt.smoothed());
	}

	/**
	 * Learn from DSACK how long reordering lasts (RFC 8985 6.2 step 4).
	 */
	void adapt() {
		if (this.dsackRound != NONE && this.sent.start() >= this.dsackRound) {
			this.dsackRound = NONE;
		}
		if (this.dsack && this.dsackRound == NONE) {
			this.dsackRound = this.sent.end();
			this.windowMultiplier = Math.min(this.windowMultiplier + 1, 64);
			this.windowPersist = 16;
		}
	}

	void recoveryEnded() {
		if (--this.windowPersist <= 0) {
			this.windowMultiplier = 1;
		}
	}

	/**
	 * Mark what is lost by now (RFC 8985 6.2 step 5).
	 * @param inRecovery whether in fast or RTO recovery
	 * @param now the time
	 * @return true if something was marked
	 */
	boolean detect(boolean inRecovery, long now) {
		this.reorderDeadline = ConnectionTimers.OFF;
		SentSegments sent = this.sent;
		if (this.sentAt == NONE
				|| sent.sackedCount() == 0 && sent.retransmittedCount() == 0 && sent.start() >= this.end) {
			return false;
		}
		long wait = this.latestRtt + reorderingWindow(inRecovery);
		boolean any = false;
		for (long i = sent.first(); i < sent.limit(); i++) {
			if (sent.is(i, SentSegments.SACKED | SentSegments.LOST)) {
				continue;
			}
			if (!sentAfter(this.sentAt, this.end, sent.sentAt(i), sent.end(i))) {
				if (!sent.is(i, SentSegments.RETRANSMITTED)) {
					// neither was anything behind it sent before
					break;
				}
				continue;
			}
			long deadline = sent.sentAt(i) + wait;
			if (deadline <= now) {
				sent.markLost(i);
				any = true;
			}
			else {
				this.reorderDeadline = (this.reorderDeadline == ConnectionTimers.OFF) ? deadline
						: Math.max(this.reorderDeadline, deadline);
			}
		}
		return any;
	}

	// When {@link #detect} should be asked again.
	long reorderDeadline() {
		return this.reorderDeadline;
	}

	/**
	 * The retransmission timer expired (RFC 8985 6.3).
	 * @param sack whether SACK is in use; without it everything is taken for lost
	 * @param now the time
	 */
	void timedOut(boolean sack, long now) {
		SentSegments sent = this.sent;
		if (sent.is(sent.first(), SentSegments.SACKED)) {
			sent.clearSacked();
			Arrays.fill(this.seenRight, 0);
		}
		long wait = this.latestRtt + reorderingWindow(true);
		for (long i = sent.first(); i < sent.limit(); i++) {
			if (!sack || i == sent.first() || sent.sentAt(i) + wait <= now) {
				sent.markLost(i);
			}
		}
		this.probeEnd = NONE;
		this.reorderDeadline = ConnectionTimers.OFF;
	}

	/**
	 * Compute when to probe for a lost tail (RFC 8985 7.2).
	 * @return nanoseconds from now, or {@link ConnectionTimers#OFF}
	 */
	long probeTimeout() {
		if (this.sent.isEmpty() || this.sent.sackedCount() > 0 || this.probeEnd != NONE || !this.sampledSinceProbe) {
			return ConnectionTimers.OFF;
		}
		if (this.rtt.smoothed() == 0) {
			return RttEstimator.INITIAL_RTO;
		}
		long timeout = 2 * this.rtt.smoothed() + PROBE_GRANULARITY;
		return (this.sent.limit() - this.sent.first() == 1) ? timeout + WORST_DELAYED_ACK : timeout;
	}

	/**
	 * A probe was sent (RFC 8985 7.3).
	 * @param retransmission whether it repeated the last segment
	 */
	void probeSent(boolean retransmission) {
		this.probeEnd = this.sent.end();
		this.probeIsRetransmission = retransmission;
		this.sampledSinceProbe = false;
	}

	/**
	 * Learn from an acknowledgement what became of the probe (RFC 8985 7.4).
	 * @param acknowledgment its SEG.ACK
	 * @param duplicateWithoutSack whether it is a duplicate without SACK blocks
	 * @return true if the probe repaired a loss, to which congestion control shall react
	 */
	boolean probeAnswered(long acknowledgment, boolean duplicateWithoutSack) {
		if (this.sample > 0) {
			this.sampledSinceProbe = true;
		}
		if (this.probeEnd == NONE || acknowledgment < this.probeEnd) {
			return false;
		}
		long probed = this.probeEnd;
		if (!this.probeIsRetransmission) {
			this.probeEnd = NONE;
		}
		else if (this.dsack && this.dsackEnd == probed) {
			this.probeEnd = NONE;
		}
		else if (acknowledgment > probed) {
			this.probeEnd = NONE;
			return true;
		}
		else if (duplicateWithoutSack) {
			this.probeEnd = NONE;
		}
		return false;
	}

}
