package io.zt4j.stack.ip;

import java.net.InetAddress;
import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;

/**
 * The Internet checksum (RFC 1071), eight bytes at a time. Partial sums are longs that
 * are folded only at the end.
 */
public final class Checksum {

	/** Shorter parts are not worth a slice. */
	private static final int BULK = 128;

	private Checksum() {
	}

	/**
	 * Sum up the pseudo header of a transport protocol (RFC 9293 3.1, RFC 8200 8.1).
	 * @param source source address
	 * @param destination destination address
	 * @param protocol protocol number
	 * @param length bytes of transport header and data
	 * @return a partial sum
	 */
	public static long pseudoHeader(InetAddress source, InetAddress destination, int protocol, int length) {
		return pseudoHeader(IpAddresses.high(source), IpAddresses.low(source), IpAddresses.high(destination),
				IpAddresses.low(destination), protocol, length);
	}

	/**
	 * Sum up the pseudo header of a transport protocol from addresses as
	 * {@link IpAddresses} has them; the same for both versions, as zeroes add nothing.
	 * @param sourceHigh upper half of the source
	 * @param sourceLow lower half of the source
	 * @param destinationHigh upper half of the destination
	 * @param destinationLow lower half of the destination
	 * @param protocol protocol number
	 * @param length bytes of transport header and data
	 * @return a partial sum
	 */
	public static long pseudoHeader(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow,
			int protocol, int length) {
		return halves(sourceHigh) + halves(sourceLow) + halves(destinationHigh) + halves(destinationLow) + protocol
				+ length;
	}

	/**
	 * Add bytes to a partial sum. An odd length pads with zero, so only the last part may
	 * be odd.
	 * @param sum the partial sum so far, 0 to begin
	 * @param buffer the buffer
	 * @param index where the bytes begin
	 * @param length how many
	 * @return the new partial sum
	 */
	public static long add(long sum, ByteBuf buffer, int index, int length) {
		int whole = 0;
		if (length >= BULK && buffer.nioBufferCount() == 1) {
			whole = length & ~7;
			sum += bulk(buffer.internalNioBuffer(index, whole).slice());
		}
		int i = index + whole;
		int end = index + length;
		for (; i + 8 <= end; i += 8) {
			sum += halves(buffer.getLong(i));
		}
		if (i + 4 <= end) {
			sum += buffer.getUnsignedInt(i);
			i += 4;
		}
		if (i + 2 <= end) {
			sum += buffer.getUnsignedShort(i);
			i += 2;
		}
		if (i < end) {
			sum += buffer.getUnsignedByte(i) << 8;
		}
		return sum;
	}

	/*
	 * Sum up whole words. A slice that begins at zero is what lets the compiler drop the
	 * bounds checks and, on newer virtual machines, use vector instructions.
	 */
	private static long bulk(ByteBuffer slice) {
		long low = 0;
		long high = 0;
		int limit = slice.capacity() - 7;
		for (int i = 0; i < limit; i += 8) {
			long word = slice.getLong(i);
			low += word & 0xffff_ffffL;
			high += word >>> 32;
		}
		return low + high;
	}

	/**
	 * Fold a partial sum and complement it.
	 * @param sum the partial sum
	 * @return the checksum, 0..65535; 0 if the bytes summed up contained a right checksum
	 */
	public static int fold(long sum) {
		sum = (sum >>> 32) + (sum & 0xffff_ffffL);
		sum = (sum >>> 16) + (sum & 0xffff);
		sum = (sum >>> 16) + (sum & 0xffff);
		sum = (sum >>> 16) + (sum & 0xffff);
		return (int) ~sum & 0xffff;
	}

	/**
	 * Compute the checksum of a transport segment whose checksum field is zero, or verify
	 * one whose field is filled.
	 * @param source source address
	 * @param destination destination address
	 * @param protocol protocol number
	 * @param segment the segment, from reader to writer index
	 * @return the checksum to write; 0 if a filled one was right
	 */
	public static int ofTransport(InetAddress source, InetAddress destination, int protocol, ByteBuf segment) {
		int length = segment.readableBytes();
		return fold(add(pseudoHeader(source, destination, protocol, length), segment, segment.readerIndex(), length));
	}

	/**
	 * Verify the transport checksum of a received packet.
	 * @param datagram the packet
	 * @return true if it is right
	 */
	public static boolean isValid(IpDatagram datagram) {
		ByteBuf segment = datagram.payload();
		int length = segment.readableBytes();
		long sum = pseudoHeader(datagram.sourceHigh(), datagram.sourceLow(), datagram.destinationHigh(),
				datagram.destinationLow(), datagram.protocol(), length);
		return fold(add(sum, segment, segment.readerIndex(), length)) == 0;
	}

	private static long halves(long value) {
		return (value >>> 32) + (value & 0xffff_ffffL);
	}

}
