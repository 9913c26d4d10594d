package io.zt4j.stack.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A received segment (RFC 9293 3.1): a flyweight filled again for every segment.
 */
final class Segment {

	static final int FIN = 0x01;

	static final int SYN = 0x02;

	static final int RST = 0x04;

	static final int PSH = 0x08;

	static final int ACK = 0x10;

	static final int HEADER_LENGTH = 20;

	static final int MAX_SACK_BLOCKS = 4;

	private static final int TIMESTAMPS_ALIGNED = 0x0101_080a;

	int sourcePort;

	int destinationPort;

	int sequence;

	int acknowledgment;

	int flags;

	/** The window field, not scaled. */
	int window;

	ByteBuf buffer = Unpooled.EMPTY_BUFFER;

	int payloadIndex;

	int payloadLength;

	boolean hasTimestamps;

	int timestamp;

	int timestampEcho;

	/** The MSS option, 0 if absent. */
	int maximumSegmentSize;

	/** The window scale option, -1 if absent. */
	int windowScale;

	boolean sackPermitted;

	int sackBlocks;

	final int[] sackLeft = new int[MAX_SACK_BLOCKS];

	final int[] sackRight = new int[MAX_SACK_BLOCKS];

	/**
	 * Parse a segment.
	 * @param in reader index at the header, exact in length
	 * @return false if it is malformed
	 */
	boolean parse(ByteBuf in) {
		int index = in.readerIndex();
		int length = in.readableBytes();
		if (length < HEADER_LENGTH) {
			return false;
		}
		int ports = in.getInt(index);
		this.sourcePort = ports >>> 16;
		this.destinationPort = ports & 0xffff;
		this.sequence = in.getInt(index + 4);
		this.acknowledgment = in.getInt(index + 8);
		int word = in.getInt(index + 12);
		int headerLength = (word >>> 28) * 4;
		this.flags = (word >>> 16) & 0x3f;
		this.window = word & 0xffff;
		if (headerLength < HEADER_LENGTH || headerLength > length) {
			return false;
		}
		this.buffer = in;
		this.payloadIndex = index + headerLength;
		this.payloadLength = length - headerLength;
		this.hasTimestamps = false;
		this.maximumSegmentSize = 0;
		this.windowScale = -1;
		this.sackPermitted = false;
		this.sackBlocks = 0;
		if (headerLength == HEADER_LENGTH) {
			return true;
		}
		if (headerLength == HEADER_LENGTH + 12 && in.getInt(index + HEADER_LENGTH) == TIMESTAMPS_ALIGNED) {
			this.hasTimestamps = true;
			this.timestamp = in.getInt(index + HEADER_LENGTH + 4);
			this.timestampEcho = in.getInt(index + HEADER_LENGTH + 8);
			return true;
		}
		return parseOptions(in, index + HEADER_LENGTH, index + headerLength);
	}

	private boolean parseOptions(ByteBuf in, int index, int end) {
		while (index < end) {
			int kind = in.getUnsignedByte(index);
			if (kind == TcpOption.END) {
				return true;
			}
			if (kind == TcpOption.NO_OPERATION) {
				index++;
				continue;
			}
			if (index + 2 > end) {
				return false;
			}
			int length = in.getUnsignedByte(index + 1);
			if (length < 2 || index + length > end) {
				return false;
			}
			parseOption(in, kind, index + 2, length);
			index += length;
		}
		return true;
	}

	private void parseOption(ByteBuf in, int kind, int index, int length) {
		switch (kind) {
			case TcpOption.MAXIMUM_SEGMENT_SIZE -> {
				if (length == 4) {
					this.maximumSegmentSize = in.getUnsignedShort(index);
				}
			}
			case TcpOption.WINDOW_SCALE -> {
				if (length == 3) {
					// RFC 7323 2.3: a greater shift is taken for 14
					this.windowScale = Math.min(in.getUnsignedByte(index), TcpOption.MAX_WINDOW_SCALE);
				}
			}
			case TcpOption.SACK_PERMITTED -> {
				if (length == 2) {
					this.sackPermitted = true;
				}
			}
			case TcpOption.SACK -> {
				if ((length - 2) % 8 == 0) {
					this.sackBlocks = Math.min((length - 2) / 8, MAX_SACK_BLOCKS);
					for (int i = 0; i < this.sackBlocks; i++) {
						this.sackLeft[i] = in.getInt(index + 8 * i);
						this.sackRight[i] = in.getInt(index + 8 * i + 4);
					}
				}
			}
			case TcpOption.TIMESTAMPS -> {
				if (length == 10) {
					this.hasTimestamps = true;
					this.timestamp = in.getInt(index);
					this.timestampEcho = in.getInt(index + 4);
				}
			}
			default -> {
				// RFC 9293 3.1: unknown options are ignored
			}
		}
	}

	/**
	 * Let go of the buffer.
	 */
	void clear() {
		this.buffer = Unpooled.EMPTY_BUFFER;
	}

	boolean has(int flag) {
		return (this.flags & flag) != 0;
	}

	/**
	 * Return the sequence space it takes (RFC 9293 3.4: SEG.LEN).
	 * @return payload bytes, plus one for SYN and one for FIN
	 */
	int length() {
		return this.payloadLength + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
	}

}
