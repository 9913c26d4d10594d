package io.zt4j.stack.icmp;

import java.net.InetAddress;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.ErrorReporter;
import io.zt4j.stack.ip.IpAddresses;
import io.zt4j.stack.ip.IpDatagram;
import io.zt4j.stack.ip.IpLayer;
import io.zt4j.stack.ip.IpProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Sends ICMP and ICMPv6 errors, never about other errors, groups or later fragments (RFC
 * 1122 3.2.2, RFC 4443 2.4), at most {@value #PER_SECOND} in a second. Confined to the
 * event loop.
 */
public final class IcmpErrors implements ErrorReporter {

	static final int PER_SECOND = 200;

	// RFC 1812 4.3.2.3 and RFC 4443 2.4 (c): the error fits 576 or 1280 bytes
	private static final int QUOTE_4 = 576 - 28;

	private static final int QUOTE_6 = 1280 - 48;

	private static final int HOP_LIMIT = 64;

	private final Drops drops;

	private final TokenBucket limit;

	private @Nullable IpLayer ip;

	/**
	 * Make the sender.
	 * @param ticker the time
	 * @param drops counts errors not sent
	 */
	public IcmpErrors(Ticker ticker, Drops drops) {
		this.drops = drops;
		this.limit = new TokenBucket(ticker, PER_SECOND, PER_SECOND / 2);
	}

	/**
	 * Set the layer below, which needs this one to be made.
	 * @param layer sends the errors
	 */
	public void start(IpLayer layer) {
		this.ip = layer;
	}

	/**
	 * Nothing listens at the port.
	 * @param datagram the packet
	 */
	public void portUnreachable(IpDatagram datagram) {
		if (!datagram.isUnicast()) {
			return;
		}
		if (datagram.headerIndex() >= 0) {
			if (datagram.version() == 4) {
				send4(3, 3, 0, datagram.payload(), datagram.headerIndex());
			}
			else {
				send6(1, 4, 0, datagram.payload(), datagram.headerIndex());
			}
		}
	}

	@Override
	public void protocolUnreachable(ByteBuf packet, int headerIndex) {
		send4(3, 2, 0, packet, headerIndex);
	}

	@Override
	public void parameterProblem(ByteBuf packet, int headerIndex, int code, int pointer) {
		send6(4, code, pointer, packet, headerIndex);
	}

	@Override
	public void reassemblyTimeExceeded(int version, ByteBuf packet, int headerIndex) {
		if (version == 4) {
			send4(11, 1, 0, packet, headerIndex);
		}
		else {
			send6(3, 1, 0, packet, headerIndex);
		}
	}

	private void send4(int type, int code, int rest, ByteBuf packet, int headerIndex) {
		InetAddress source = IpAddresses.of(4, 0, packet.getUnsignedInt(headerIndex + 12));
		InetAddress destination = IpAddresses.of(4, 0, packet.getUnsignedInt(headerIndex + 16));
		int transport = headerIndex + (packet.getByte(headerIndex) & 0xf) * 4;
		boolean error = packet.getUnsignedByte(headerIndex + 9) == IpProtocol.ICMP
				&& (transport >= packet.writerIndex() || isError4(packet.getUnsignedByte(transport)));
		IpLayer layer = this.ip;
		if (layer == null || error || !layer.isLocal(destination) || !allowed()) {
			return;
		}
		int length = Math.min(QUOTE_4, packet.writerIndex() - headerIndex);
		ByteBuf message = layer.allocate(8 + length);
		message.writeByte(type).writeByte(code).writeShort(0).writeInt(rest);
		message.writeBytes(packet, headerIndex, length);
		int index = message.readerIndex();
		message.setShort(index + 2, Checksum.fold(Checksum.add(0, message, index, 8 + length)));
		// RFC 1812 4.3.2.5: precedence internetwork control
		layer.send(destination, source, IpProtocol.ICMP, 0xc0, HOP_LIMIT, message);
	}

	private void send6(int type, int code, int rest, ByteBuf packet, int headerIndex) {
		long high = packet.getLong(headerIndex + 8);
		long low = packet.getLong(headerIndex + 16);
		InetAddress source = IpAddresses.of(6, high, low);
		InetAddress destination = IpAddresses.of(6, packet.getLong(headerIndex + 24), packet.getLong(headerIndex + 32));
		IpLayer layer = this.ip;
		if (layer == null || high == 0 && low == 0 || isError6(packet, headerIndex)) {
			return;
		}
		// RFC 4443 2.4 (e.3): the only errors about multicast are unknown options
		boolean local = layer.isLocal(destination);
		InetAddress from = local ? destination : layer.sourceFor(source);
		if (from == null || !local && !(type == 4 && code == 2) || !allowed()) {
			return;
		}
		int length = Math.min(QUOTE_6, packet.writerIndex() - headerIndex);
		ByteBuf message = layer.allocate(8 + length);
		message.writeByte(type).writeByte(code).writeShort(0).writeInt(rest);
		message.writeBytes(packet, headerIndex, length);
		message.setShort(message.readerIndex() + 2, Checksum.ofTransport(from, source, IpProtocol.ICMPV6, message));
		layer.send(from, source, IpProtocol.ICMPV6, 0, HOP_LIMIT, message);
	}

	private boolean allowed() {
		if (this.limit.take()) {
			return true;
		}
		this.drops.count(DropReason.ICMP_RATE_LIMITED);
		return false;
	}

	/* All but the queries of RFC 792, RFC 950 and RFC 1256 are treated as errors */
	private static boolean isError4(int type) {
		return type != 0 && type != 8 && type != 9 && type != 10 && (type < 13 || type > 18);
	}

	/* Errors have types below 128 (RFC 4443 2.1); headers in front of ICMPv6 skipped */
	private static boolean isError6(ByteBuf packet, int headerIndex) {
		int next = packet.getUnsignedByte(headerIndex + 6);
		int at = headerIndex + 40;
		int end = packet.writerIndex();
		for (int n = 0; n < 10; n++) {
			if (next == IpProtocol.ICMPV6) {
				return at >= end || packet.getUnsignedByte(at) < 128;
			}
			boolean skip = next == IpProtocol.HOP_BY_HOP || next == IpProtocol.DESTINATION_OPTIONS
					|| next == IpProtocol.ROUTING || next == IpProtocol.FRAGMENT;
			if (!skip || end - at < 8) {
				return false;
			}
			int length = (next == IpProtocol.FRAGMENT) ? 8 : (packet.getUnsignedByte(at + 1) + 1) * 8;
			next = packet.getUnsignedByte(at);
			at += length;
		}
		return true;
	}

}
