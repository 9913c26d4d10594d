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
import io.zt4j.stack.ndp.NeighbourDiscovery;

/**
 * ICMPv6 (RFC 4443): echo, errors and, handed on, neighbour discovery. Router
 * advertisements and redirects are ignored, as addresses and routes come from the
 * network's controller.
 */
public final class Icmpv6Protocol implements TransportProtocol {

	private static final int HEADER_LENGTH = 8;

	private final Echo echo;

	private final NeighbourDiscovery discovery;

	private final QuotedPackets quotedPackets;

	private final Drops drops;

	/**
	 * Make the protocol.
	 * @param echo serves echo messages
	 * @param discovery serves neighbour discovery messages
	 * @param quotedPackets finds the senders of quoted packets
	 * @param drops counts dropped messages
	 */
	public Icmpv6Protocol(Echo echo, NeighbourDiscovery discovery, QuotedPackets quotedPackets, Drops drops) {
		this.echo = echo;
		this.discovery = discovery;
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
		if (!Checksum.isValid(datagram)) {
			this.drops.count(DropReason.ICMP_BAD_CHECKSUM);
			return;
		}
		int type = message.getUnsignedByte(index);
		int code = message.getUnsignedByte(index + 1);
		boolean unspecified = datagram.sourceHigh() == 0 && datagram.sourceLow() == 0;
		if (unspecified && type != NeighbourDiscovery.SOLICITATION) {
			this.drops.count(DropReason.IP_BAD_SOURCE);
			return;
		}
		switch (type) {
			case 1 -> unreachable(message, code);
			case 2 -> {
				long mtu = message.getUnsignedInt(index + 4);
				error(message, IcmpError.PACKET_TOO_BIG, (int) Math.min(mtu, 65_575));
			}
			case 3 -> error(message, IcmpError.TIME_EXCEEDED, 0);
			case 4 -> error(message, (code == 1) ? IcmpError.PORT_UNREACHABLE : IcmpError.PARAMETER_PROBLEM, 0);
			case 128 -> this.echo.answer(datagram);
			case 129 -> this.echo.replied(datagram);
			case NeighbourDiscovery.SOLICITATION -> this.discovery.solicited(datagram);
			case NeighbourDiscovery.ADVERTISEMENT -> this.discovery.advertised(datagram);
			default -> this.drops.count(DropReason.ICMP_UNEXPECTED);
		}
	}

	/* RFC 4443 3.1 */
	private void unreachable(ByteBuf message, int code) {
		switch (code) {
			case 0 -> error(message, IcmpError.NETWORK_UNREACHABLE, 0);
			case 1, 5, 6 -> error(message, IcmpError.PROHIBITED, 0);
			case 4 -> error(message, IcmpError.PORT_UNREACHABLE, 0);
			default -> error(message, IcmpError.HOST_UNREACHABLE, 0);
		}
	}

	private void error(ByteBuf message, IcmpError error, int mtu) {
		message.skipBytes(HEADER_LENGTH);
		if (!this.quotedPackets.dispatch(6, message, error, mtu)) {
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
