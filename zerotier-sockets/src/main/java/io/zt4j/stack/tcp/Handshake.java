package io.zt4j.stack.tcp;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.TcpState;

/**
 * What a connection offers in its SYN and what the peer's SYN agrees to (RFC 9293 3.5,
 * 3.7.1, RFC 7323, RFC 2018). Confined to the event loop.
 */
final class Handshake {

	/** RFC 9293 3.7.1: the peer's MSS if it does not say. */
	private static final int DEFAULT_MSS_IPV4 = 536;

	private static final int DEFAULT_MSS_IPV6 = 1220;

	private static final int MINIMUM_MSS = 64;

	/** Windows may grow to 16 MiB even if the receive buffer is smaller at first. */
	private static final int MINIMUM_SHIFT = 8;

	/** Tries to send SYN-ACK before a half-open connection is given up. */
	private static final int MAX_SYN_ACK_TIMEOUTS = 5;

	private final Connection connection;

	private final int shift;

	private int peerMss;

	private boolean timestamps = true;

	private boolean windowScaling = true;

	private boolean sack = true;

	private int timeouts;

	private long sentAt;

	Handshake(Connection connection) {
		this.connection = connection;
		int needed = MINIMUM_SHIFT;
		while (needed < TcpOption.MAX_WINDOW_SCALE && 65_535L << needed < connection.options().receiveBufferSize()) {
			needed++;
		}
		this.shift = needed;
		this.peerMss = (connection.version == 4) ? DEFAULT_MSS_IPV4 : DEFAULT_MSS_IPV6;
	}

	boolean hasTimestamps() {
		return this.timestamps;
	}

	/**
	 * Take the options of the peer's SYN or SYN-ACK.
	 * @param syn the segment
	 */
	void peerOffered(Segment syn) {
		if (syn.maximumSegmentSize > 0) {
			this.peerMss = Math.max(MINIMUM_MSS, syn.maximumSegmentSize);
		}
		this.timestamps = syn.hasTimestamps;
		this.windowScaling = syn.windowScale >= 0;
		this.sack = syn.sackPermitted;
		this.connection.sender().agreed(segmentSize(), Math.max(0, syn.windowScale), this.sack);
		this.connection.receiver().agreed(this.windowScaling ? this.shift : 0, this.sack);
	}

	/**
	 * Return the payload a segment may carry now (RFC 6691: without the options that
	 * every segment carries).
	 * @return bytes
	 */
	int segmentSize() {
		int size = Math.min(this.peerMss, ownMss());
		return Math.max(MINIMUM_MSS, size) - (this.timestamps ? TcpOption.TIMESTAMPS_LENGTH : 0);
	}

	private int ownMss() {
		int headers = (this.connection.version == 4) ? 40 : 60;
		return Math.min(65_535, this.connection.tcp().ip().maximumPacket(this.connection.remote) - headers);
	}

	/**
	 * Send SYN, or SYN-ACK in SYN-RECEIVED.
	 * @param now the time
	 */
	void send(long now) {
		Connection connection = this.connection;
		boolean answer = connection.state() == TcpState.SYN_RECEIVED;
		int length = 4 + (this.timestamps ? TcpOption.TIMESTAMPS_LENGTH : 0) + (this.windowScaling ? 4 : 0)
				+ (this.sack ? 4 : 0);
		int window = Math.min(65_535, connection.options().receiveBufferSize());
		SegmentWriter writer = connection.tcp().writer();
		ByteBuf out = writer.begin(connection, connection.sender().initial(), answer ? connection.receiver().next() : 0,
				answer ? Segment.SYN | Segment.ACK : Segment.SYN, window, length, 0);
		out.writeByte(TcpOption.MAXIMUM_SEGMENT_SIZE).writeByte(4).writeShort(Math.max(MINIMUM_MSS, ownMss()));
		if (this.sack) {
			out.writeShort(TcpOption.NO_OPERATION << 8 | TcpOption.NO_OPERATION);
			out.writeByte(TcpOption.SACK_PERMITTED).writeByte(2);
		}
		if (this.timestamps) {
			SegmentWriter.timestamps(out, connection.timestamp(now),
					answer ? connection.receiver().recentTimestamp() : 0);
		}
		if (this.windowScaling) {
			out.writeByte(TcpOption.NO_OPERATION).writeByte(TcpOption.WINDOW_SCALE).writeByte(3).writeByte(this.shift);
		}
		writer.send(connection, connection.options().trafficClass(), out);
		this.sentAt = now;
		connection.timers().set(ConnectionTimers.RETRANSMISSION, now + connection.sender().rtt().timeout());
	}

	/**
	 * The retransmission timer expired.
	 * @param now the time
	 * @return false if it is time to give up
	 */
	boolean retransmit(long now) {
		if (this.connection.isPassive() && this.timeouts >= MAX_SYN_ACK_TIMEOUTS) {
			return false;
		}
		this.timeouts++;
		this.connection.sender().rtt().backOff();
		this.connection.countRetransmission();
		send(now);
		return true;
	}

	/**
	 * Our SYN was acknowledged.
	 * @param now the time
	 */
	void acknowledged(long now) {
		this.connection.timers().cancel(ConnectionTimers.RETRANSMISSION);
		RttEstimator rtt = this.connection.sender().rtt();
		if (this.timeouts == 0) {
			rtt.sample(now - this.sentAt, now);
		}
		else {
			rtt.handshakeWasRetransmitted();
		}
	}

}
