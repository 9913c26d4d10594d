package io.zt4j.stack.ip;

import io.netty.buffer.ByteBuf;

/**
 * Writes IP headers: IPv4 without options (RFC 791 3.1), IPv6 (RFC 8200 3) and its
 * fragment header (RFC 8200 4.5).
 */
final class IpHeaders {

	static final int LENGTH_4 = 20;

	static final int LENGTH_6 = 40;

	static final int FRAGMENT_LENGTH = 8;

	static final int DONT_FRAGMENT = 0x4000;

	static final int MORE_FRAGMENTS = 0x2000;

	private IpHeaders() {
	}

	/**
	 * Write an IPv4 header.
	 * @param out where to
	 * @param index where the header begins in the buffer
	 * @param totalLength header and payload in bytes
	 * @param trafficClass the DSCP and ECN bits, 0..255
	 * @param identification the lower 16 bits count
	 * @param flagsAndOffset the 16 bits of flags and fragment offset
	 * @param hopLimit 0..255
	 * @param protocol the transport protocol's number
	 * @param source the source in the low 32 bits
	 * @param destination the destination in the low 32 bits
	 */
	static void write4(ByteBuf out, int index, int totalLength, int trafficClass, int identification,
			int flagsAndOffset, int hopLimit, int protocol, long source, long destination) {
		int first = 0x4500 | trafficClass;
		int fifth = hopLimit << 8 | protocol;
		int id = identification & 0xffff;
		long sum = (long) first + totalLength + id + flagsAndOffset + fifth + source + destination;
		out.setInt(index, first << 16 | totalLength);
		out.setInt(index + 4, id << 16 | flagsAndOffset);
		out.setInt(index + 8, fifth << 16 | Checksum.fold(sum));
		out.setInt(index + 12, (int) source);
		out.setInt(index + 16, (int) destination);
	}

	/**
	 * Write an IPv6 header with flow label 0.
	 * @param out where to
	 * @param index where the header begins in the buffer
	 * @param payloadLength what follows the header, in bytes
	 * @param trafficClass the DSCP and ECN bits, 0..255
	 * @param hopLimit 0..255
	 * @param nextHeader the number of the header that follows
	 * @param sourceHigh upper half of the source
	 * @param sourceLow lower half of the source
	 * @param destinationHigh upper half of the destination
	 * @param destinationLow lower half of the destination
	 */
	static void write6(ByteBuf out, int index, int payloadLength, int trafficClass, int hopLimit, int nextHeader,
			long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
		out.setInt(index, 6 << 28 | trafficClass << 20);
		out.setInt(index + 4, payloadLength << 16 | nextHeader << 8 | hopLimit);
		out.setLong(index + 8, sourceHigh);
		out.setLong(index + 16, sourceLow);
		out.setLong(index + 24, destinationHigh);
		out.setLong(index + 32, destinationLow);
	}

	/**
	 * Write an IPv6 fragment header.
	 * @param out where to
	 * @param index where the header begins in the buffer
	 * @param nextHeader the number of the header that follows
	 * @param offset where the fragment begins in the whole, in bytes, a multiple of 8
	 * @param more whether more fragments follow
	 * @param identification the same for all fragments of a packet
	 */
	static void writeFragment6(ByteBuf out, int index, int nextHeader, int offset, boolean more, int identification) {
		out.setShort(index, nextHeader << 8);
		out.setShort(index + 2, offset | (more ? 1 : 0));
		out.setInt(index + 4, identification);
	}

}
