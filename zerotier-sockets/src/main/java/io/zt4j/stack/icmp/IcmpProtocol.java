package io.zt4j.stack.icmp;

import java.net.InetAddress;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IcmpError;
import io.zt4j.stack.ip.IpDatagram;
import io.zt4j.stack.ip.QuotedPackets;
import io.zt4j.stack.ip.TransportProtocol;

/**
 * ICMP for IPv4 (RFC 792): echo and errors. Redirects are ignored, as the routes come
 * from the network's controller.
 */
public final class IcmpProtocol implements TransportProtocol {

	private static final int HEADER_LENGTH = 8;

	private final Echo echo;

	private final QuotedPackets quotedPackets;

	private final Drops drops;

	/**
	 * Make the protocol.
	 * @param echo serves echo messages
	 * @param quotedPackets finds the senders of quoted packets
	 * @param drops counts dropped messages
	 */
	public IcmpProtocol(Echo echo, QuotedPackets quotedPackets, Drops drops) {
		this.echo = echo;
		this.quotedPackets = quotedPackets;
		this.drops = drops;
	}

	@Override
	public void receive(IpDatagram datagram) {
		ByteBuf message = datagram.payload();
		int index = message.readerIndex();
		if (message.readableBytes() < HEADER_LENGTH) {
			this.drops.count(DropReason.ICMP_MALFORMED);
			return;
		}
		if (Checksum.fold(Checksum.add(0, message, index, message.readableBytes())) != 0) {
			this.drops.count(DropReason.ICMP_BAD_CHECKSUM);
			return;
		}
		int code = message.getUnsignedByte(index + 1);
		switch (message.getUnsignedByte(index)) {
			case 0 -> this.echo.replied(datagram);
			case 8 -> this.echo.answer(datagram);
			case 3 -> unreachable(message, code);
			case 11 -> error(message, IcmpError.TIME_EXCEEDED, 0);
			case 12 -> error(message, IcmpError.PARAMETER_PROBLEM, 0);
			default -> this.drops.count(DropReason.ICMP_UNEXPECTED);
		}
	}

	/* RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1 */
	private void unreachable(ByteBuf message, int code) {
		switch (code) {
			case 0, 6, 11 -> error(message, IcmpError.NETWORK_UNREACHABLE, 0);
			case 2, 3 -> error(message, IcmpError.PORT_UNREACHABLE, 0);
			case 4 -> error(message, IcmpError.PACKET_TOO_BIG, message.getUnsignedShort(message.readerIndex() + 6));
			case 9, 10, 13 -> error(message, IcmpError.PROHIBITED, 0);
			default -> error(message, IcmpError.HOST_UNREACHABLE, 0);
		}
	}

	private void error(ByteBuf message, IcmpError error, int mtu) {
		message.skipBytes(HEADER_LENGTH);
		if (!this.quotedPackets.dispatch(4, message, error, mtu)) {
			this.drops.count(DropReason.ICMP_UNEXPECTED);
		}
	}

	@Override
	public void error(InetAddress local, InetAddress remote, IcmpError error, ByteBuf quotedTransportHeader) {
		if (error != IcmpError.PACKET_TOO_BIG) {
			this.echo.failed(remote, quotedTransportHeader);
		}
	}

	@Override
	public void batchComplete() {
	}

}
