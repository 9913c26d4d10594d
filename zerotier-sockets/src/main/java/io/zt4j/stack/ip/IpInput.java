package io.zt4j.stack.ip;

import java.net.InetAddress;
import java.util.function.Predicate;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;
import org.jspecify.annotations.Nullable;

/**
 * Checks received IPv4 (RFC 791, RFC 1122 3.2.1) and IPv6 (RFC 8200) packets and hands
 * them to the transports. Confined to the event loop.
 */
final class IpInput {

	private static final int MAXIMUM_EXTENSION_HEADERS = 8;

	private final OwnAddresses own;

	private final Predicate<InetAddress> member;

	private final @Nullable TransportProtocol[] transports;

	private final Reassembler reassembler;

	private final Drops drops;

	private final ErrorReporter errors;

	private final IpDatagram datagram = new IpDatagram();

	IpInput(OwnAddresses own, Predicate<InetAddress> member, @Nullable TransportProtocol[] transports,
			Reassembler reassembler, Drops drops, ErrorReporter errors) {
		this.own = own;
		this.member = member;
		this.transports = transports;
		this.reassembler = reassembler;
		this.drops = drops;
		this.errors = errors;
	}

	/**
	 * Take an IPv4 packet.
	 * @param packet reader index at the IP header; still the caller's, indexes change
	 * @param group whether the frame was sent to a group
	 * @param looped whether we sent it ourselves
	 */
	void receive4(ByteBuf packet, boolean group, boolean looped) {
		int i = packet.readerIndex();
		int available = packet.readableBytes();
		if (available < IpHeaders.LENGTH_4) {
			this.drops.count(DropReason.IP_BAD_HEADER);
			return;
		}
		int first = packet.getUnsignedByte(i);
		int headerLength = (first & 0xf) * 4;
		int total = packet.getUnsignedShort(i + 2);
		if (first >> 4 != 4 || headerLength < IpHeaders.LENGTH_4 || total < headerLength || total > available
				|| headerLength > IpHeaders.LENGTH_4 && !acceptOptions4(packet, i, headerLength)) {
			this.drops.count(DropReason.IP_BAD_HEADER);
			return;
		}
		if (Checksum.fold(Checksum.add(0, packet, i, headerLength)) != 0) {
			this.drops.count(DropReason.IP_BAD_CHECKSUM);
			return;
		}
		long source = packet.getUnsignedInt(i + 12);
		// RFC 1122 3.2.1.3: never this network, loopback, multicast or broadcast
		if (source >>> 24 == 0 || source >>> 24 == 127 || source >>> 28 >= 14 || this.own.isBroadcast(source)
				|| !looped && this.own.contains(4, 0, source)) {
			this.drops.count(DropReason.IP_BAD_SOURCE);
			return;
		}
		long destination = packet.getUnsignedInt(i + 16);
		boolean unicast = this.own.contains(4, 0, destination);
		// RFC 1122 3.3.6: a frame sent to a group carries no packet to one host
		if (unicast ? group : !isGroup4(destination)) {
			this.drops.count(DropReason.IP_NOT_FOR_US);
			return;
		}
		packet.setIndex(i + headerLength, i + total);
		int trafficClass = packet.getUnsignedByte(i + 1);
		int protocol = packet.getUnsignedByte(i + 9);
		this.datagram.set(4, 0, source, 0, destination, unicast, protocol, trafficClass, packet.getUnsignedByte(i + 8),
				i, packet);
		int fragment = packet.getUnsignedShort(i + 6);
		if ((fragment & 0x3fff) == 0) {
			deliver(protocol);
			return;
		}
		Reassembler.Whole whole = this.reassembler.add(4, 0, source, 0, destination, protocol,
				packet.getUnsignedShort(i + 4), (fragment & 0x1fff) * 8, (fragment & IpHeaders.MORE_FRAGMENTS) != 0,
				trafficClass, i, packet);
		if (whole != null) {
			try {
				this.datagram.set(4, 0, source, 0, destination, unicast, protocol, whole.trafficClass(),
						this.datagram.hopLimit(), -1, whole.payload());
				deliver(protocol);
			}
			finally {
				whole.payload().release();
			}
		}
	}

	private boolean isGroup4(long destination) {
		return this.own.isBroadcast(destination)
				|| destination >>> 28 == 14 && this.member.test(IpAddresses.of(4, 0, destination));
	}

	/* Options are skipped, but source routes are refused (RFC 7126 4.3, 4.4) */
	private static boolean acceptOptions4(ByteBuf packet, int index, int headerLength) {
		if (index + headerLength > packet.writerIndex()) {
			return false;
		}
		int end = index + headerLength;
		for (int i = index + IpHeaders.LENGTH_4; i < end;) {
			int type = packet.getUnsignedByte(i);
			if (type == 0) {
				return true;
			}
			if (type == 1) {
				i++;
				continue;
			}
			if (type == 131 || type == 137 || i + 1 >= end) {
				return false;
			}
			int length = packet.getUnsignedByte(i + 1);
			if (length < 2 || i + length > end) {
				return false;
			}
			i += length;
		}
		return true;
	}

	/**
	 * Take an IPv6 packet.
	 * @param packet reader index at the IP header; still the caller's, indexes change
	 * @param group whether the frame was sent to a group
	 * @param looped whether we sent it ourselves
	 */
	void receive6(ByteBuf packet, boolean group, boolean looped) {
		int i = packet.readerIndex();
		int available = packet.readableBytes();
		if (available < IpHeaders.LENGTH_6) {
			this.drops.count(DropReason.IP_BAD_HEADER);
			return;
		}
		long first = packet.getUnsignedInt(i);
		int total = packet.getUnsignedShort(i + 4) + IpHeaders.LENGTH_6;
		if (first >>> 28 != 6 || total > available) {
			this.drops.count(DropReason.IP_BAD_HEADER);
			return;
		}
		long sourceHigh = packet.getLong(i + 8);
		long sourceLow = packet.getLong(i + 16);
		boolean loopbackOrMapped = sourceHigh == 0 && (sourceLow == 1 || sourceLow >>> 32 == 0xffff);
		if (sourceHigh >>> 56 == 0xff || loopbackOrMapped || !looped && this.own.contains(6, sourceHigh, sourceLow)) {
			this.drops.count(DropReason.IP_BAD_SOURCE);
			return;
		}
		long destinationHigh = packet.getLong(i + 24);
		long destinationLow = packet.getLong(i + 32);
		boolean unicast = this.own.contains(6, destinationHigh, destinationLow);
		boolean forUs = unicast ? !group : destinationHigh >>> 56 == 0xff
				&& this.member.test(IpAddresses.of(6, destinationHigh, destinationLow));
		if (!forUs) {
			this.drops.count(DropReason.IP_NOT_FOR_US);
			return;
		}
		packet.setIndex(i + IpHeaders.LENGTH_6, i + total);
		this.datagram.set(6, sourceHigh, sourceLow, destinationHigh, destinationLow, unicast, 0,
				(int) (first >>> 20) & 0xff, packet.getUnsignedByte(i + 7), i, packet);
		walk(packet, i, packet.getUnsignedByte(i + 6), i + 6);
	}

	/**
	 * Go through the extension headers (RFC 8200 4).
	 * @param packet reader index at the first header behind the IPv6 header
	 * @param headerIndex where the IPv6 header is, -1 after reassembly
	 * @param next what the first header is
	 * @param pointer index of the byte that says so
	 */
	private void walk(ByteBuf packet, int headerIndex, int next, int pointer) {
		for (int n = 0; n <= MAXIMUM_EXTENSION_HEADERS; n++) {
			int at = packet.readerIndex();
			int left = packet.readableBytes();
			switch (next) {
				case IpProtocol.HOP_BY_HOP, IpProtocol.DESTINATION_OPTIONS, IpProtocol.ROUTING -> {
					if (next == IpProtocol.HOP_BY_HOP && (n > 0 || headerIndex < 0)) {
						problem(packet, headerIndex, 1, pointer);
						return;
					}
					int length = (left >= 8) ? (packet.getUnsignedByte(at + 1) + 1) * 8 : Integer.MAX_VALUE;
					if (length > left) {
						this.drops.count(DropReason.IP_BAD_EXTENSION_HEADER);
						return;
					}
					boolean good = (next == IpProtocol.ROUTING) ? acceptRouting(packet, headerIndex, at)
							: acceptOptions6(packet, headerIndex, at + 2, at + length);
					if (!good) {
						return;
					}
					next = packet.getUnsignedByte(at);
					pointer = at;
					packet.readerIndex(at + length);
				}
				case IpProtocol.FRAGMENT -> {
					if (left < IpHeaders.FRAGMENT_LENGTH || headerIndex < 0) {
						this.drops.count(DropReason.FRAGMENT_MALFORMED);
						return;
					}
					next = packet.getUnsignedByte(at);
					pointer = at;
					packet.readerIndex(at + IpHeaders.FRAGMENT_LENGTH);
					// RFC 6946: a fragment that is the whole packet is handled on its own
					if ((packet.getUnsignedShort(at + 2) & 0xfff9) != 0) {
						fragment6(packet, headerIndex, at, next);
						return;
					}
				}
				case IpProtocol.NO_NEXT_HEADER -> {
					return;
				}
				default -> {
					// RFC 4861 4.3: only neighbour discovery may come from nowhere
					if (next != IpProtocol.ICMPV6 && this.datagram.sourceHigh() == 0
							&& this.datagram.sourceLow() == 0) {
						this.drops.count(DropReason.IP_BAD_SOURCE);
					}
					else if (this.transports[next] == null) {
						this.drops.count(DropReason.IP_UNKNOWN_PROTOCOL);
						report(packet, headerIndex, 1, pointer);
					}
					else {
						deliver(next);
					}
					return;
				}
			}
		}
		this.drops.count(DropReason.IP_BAD_EXTENSION_HEADER);
	}

	private boolean acceptRouting(ByteBuf packet, int headerIndex, int at) {
		// RFC 8200 4.4: with no segments left the header is ignored, else it is refused,
		// as RFC 5095 demands for type 0
		if (packet.getUnsignedByte(at + 3) == 0) {
			return true;
		}
		problem(packet, headerIndex, 0, at + 2);
		return false;
	}

	private boolean acceptOptions6(ByteBuf packet, int headerIndex, int begin, int end) {
		for (int i = begin; i < end;) {
			int type = packet.getUnsignedByte(i);
			if (type == 0) {
				i++;
				continue;
			}
			if (i + 2 > end || i + 2 + packet.getUnsignedByte(i + 1) > end) {
				this.drops.count(DropReason.IP_BAD_EXTENSION_HEADER);
				return false;
			}
			int action = type >> 6;
			if (action != 0) {
				// RFC 8200 4.2: 1 discards silently, 2 reports, 3 reports unless
				// multicast
				if (action == 2 || action == 3 && this.datagram.isUnicast()) {
					problem(packet, headerIndex, 2, i);
				}
				else {
					this.drops.count(DropReason.IP_BAD_EXTENSION_HEADER);
				}
				return false;
			}
			i += 2 + packet.getUnsignedByte(i + 1);
		}
		return true;
	}

	private void fragment6(ByteBuf packet, int headerIndex, int at, int next) {
		int field = packet.getUnsignedShort(at + 2);
		int offset = field & 0xfff8;
		boolean more = (field & 1) != 0;
		if (more && packet.readableBytes() % 8 != 0) {
			this.drops.count(DropReason.FRAGMENT_MALFORMED);
			// RFC 8200 4.5: point at the payload length
			report(packet, headerIndex, 0, headerIndex + 4);
			return;
		}
		if (offset == 0 && !hasWholeChain(packet, next)) {
			this.drops.count(DropReason.FRAGMENT_MALFORMED);
			report(packet, headerIndex, 3, headerIndex);
			return;
		}
		IpDatagram d = this.datagram;
		Reassembler.Whole whole = this.reassembler.add(6, d.sourceHigh(), d.sourceLow(), d.destinationHigh(),
				d.destinationLow(), next, packet.getInt(at + 4), offset, more, d.trafficClass(), headerIndex, packet);
		if (whole != null) {
			try {
				d.set(6, d.sourceHigh(), d.sourceLow(), d.destinationHigh(), d.destinationLow(), d.isUnicast(),
						whole.protocol(), whole.trafficClass(), d.hopLimit(), -1, whole.payload());
				walk(whole.payload(), -1, whole.protocol(), 0);
			}
			finally {
				whole.payload().release();
			}
		}
	}

	/* RFC 7112 5: the first fragment holds all headers up to the transport's */
	private static boolean hasWholeChain(ByteBuf packet, int next) {
		int at = packet.readerIndex();
		int end = packet.writerIndex();
		while (next == IpProtocol.DESTINATION_OPTIONS || next == IpProtocol.ROUTING) {
			if (end - at < 8) {
				return false;
			}
			next = packet.getUnsignedByte(at);
			at += (packet.getUnsignedByte(at + 1) + 1) * 8;
		}
		int needed = switch (next) {
			case IpProtocol.TCP -> 20;
			case IpProtocol.UDP -> 8;
			case IpProtocol.ICMPV6 -> 4;
			default -> 0;
		};
		return end - at >= needed;
	}

	private void problem(ByteBuf packet, int headerIndex, int code, int index) {
		this.drops.count(DropReason.IP_BAD_EXTENSION_HEADER);
		report(packet, headerIndex, code, index);
	}

	private void report(ByteBuf packet, int headerIndex, int code, int index) {
		if (headerIndex >= 0) {
			this.errors.parameterProblem(packet, headerIndex, code, index - headerIndex);
		}
	}

	private void deliver(int protocol) {
		IpDatagram d = this.datagram;
		TransportProtocol transport = this.transports[protocol];
		if (transport == null) {
			this.drops.count(DropReason.IP_UNKNOWN_PROTOCOL);
			if (d.headerIndex() >= 0) {
				this.errors.protocolUnreachable(d.payload(), d.headerIndex());
			}
			return;
		}
		d.set(d.version(), d.sourceHigh(), d.sourceLow(), d.destinationHigh(), d.destinationLow(), d.isUnicast(),
				protocol, d.trafficClass(), d.hopLimit(), d.headerIndex(), d.payload());
		try {
			transport.receive(d);
		}
		finally {
			d.clear();
		}
	}

}
