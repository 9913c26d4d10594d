package io.zt4j.stack.tcp;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IpDatagram;
import io.zt4j.stack.ip.IpOutput;
import io.zt4j.stack.ip.IpProtocol;

/**
 * Writes segments: {@link #begin}, then options and payload, then {@link #send}.
 */
final class SegmentWriter {

	private static final int HOP_LIMIT = 64;

	private static final int CHECKSUM_OFFSET = 16;

	private final IpOutput ip;

	private final TcpCounters counters;

	SegmentWriter(IpOutput ip, TcpCounters counters) {
		this.ip = ip;
		this.counters = counters;
	}

	/**
	 * Begin a segment.
	 * @param flow the flow it belongs to
	 * @param sequence its SEG.SEQ
	 * @param acknowledgment its SEG.ACK, ignored without the ACK flag
	 * @param flags the flags
	 * @param window the window field, 0..65535
	 * @param optionLength bytes of options, a multiple of four
	 * @param payloadLength bytes of payload
	 * @return the buffer, writer index at the options
	 */
	ByteBuf begin(Flow flow, long sequence, long acknowledgment, int flags, int window, int optionLength,
			int payloadLength) {
		return begin(flow.localPort, flow.remotePort, (int) sequence, (int) acknowledgment, flags, window, optionLength,
				payloadLength);
	}

	private ByteBuf begin(int sourcePort, int destinationPort, int sequence, int acknowledgment, int flags, int window,
			int optionLength, int payloadLength) {
		int headerLength = Segment.HEADER_LENGTH + optionLength;
		ByteBuf out = this.ip.allocate(headerLength + payloadLength);
		int index = out.writerIndex();
		long ack = ((flags & Segment.ACK) != 0) ? acknowledgment & 0xffff_ffffL : 0;
		out.setLong(index, (long) sourcePort << 48 | (long) destinationPort << 32 | sequence & 0xffff_ffffL);
		out.setLong(index + 8, ack << 32 | (long) (headerLength / 4) << 28 | (long) flags << 16 | window);
		out.setInt(index + CHECKSUM_OFFSET, 0);
		out.writerIndex(index + Segment.HEADER_LENGTH);
		return out;
	}

	static void timestamps(ByteBuf out, int value, int echo) {
		out.writeInt(TcpOption.NO_OPERATION << 24 | TcpOption.NO_OPERATION << 16 | TcpOption.TIMESTAMPS << 8 | 10);
		out.writeLong((long) value << 32 | echo & 0xffff_ffffL);
	}

	/**
	 * Send a finished segment.
	 * @param flow the flow
	 * @param trafficClass the DSCP and ECN bits
	 * @param segment the segment
	 */
	void send(Flow flow, int trafficClass, ByteBuf segment) {
		int length = segment.readableBytes();
		int index = segment.readerIndex();
		int checksum = Checksum.fold(Checksum.add(flow.pseudoHeader + length, segment, index, length));
		segment.setShort(index + CHECKSUM_OFFSET, checksum);
		this.counters.sent();
		this.ip.send(flow.local, flow.remote, IpProtocol.TCP, trafficClass, HOP_LIMIT, segment);
	}

	/**
	 * Answer a segment that belongs to no connection with a reset (RFC 9293 3.10.7.1).
	 * @param datagram the packet it came in
	 * @param cause the segment, not a reset itself
	 */
	void reset(IpDatagram datagram, Segment cause) {
		ByteBuf out;
		if (cause.has(Segment.ACK)) {
			out = begin(cause.destinationPort, cause.sourcePort, cause.acknowledgment, 0, Segment.RST, 0, 0, 0);
		}
		else {
			out = begin(cause.destinationPort, cause.sourcePort, 0, cause.sequence + cause.length(),
					Segment.RST | Segment.ACK, 0, 0, 0);
		}
		int index = out.readerIndex();
		int length = out.readableBytes();
		long sum = Checksum.pseudoHeader(datagram.destinationHigh(), datagram.destinationLow(), datagram.sourceHigh(),
				datagram.sourceLow(), IpProtocol.TCP, length);
		out.setShort(index + CHECKSUM_OFFSET, Checksum.fold(Checksum.add(sum, out, index, length)));
		this.counters.sent();
		this.ip.send(datagram.destination(), datagram.source(), IpProtocol.TCP, 0, HOP_LIMIT, out);
	}

}
