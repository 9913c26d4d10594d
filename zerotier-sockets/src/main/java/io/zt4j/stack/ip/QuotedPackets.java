package io.zt4j.stack.ip;

import java.net.InetAddress;
import java.util.function.IntSupplier;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which packet of ours an ICMP error quotes, lowers the path MTU if it says so,
 * and tells the transport. Confined to the event loop.
 */
public final class QuotedPackets {

	// RFC 1191 7.1, for routers that do not tell the MTU
	private static final int[] PLATEAUS = { 32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 576 };

	private final OwnAddresses own;

	private final DestinationCache destinations;

	private final @Nullable TransportProtocol[] transports;

	private final IntSupplier linkMtu;

	QuotedPackets(OwnAddresses own, DestinationCache destinations, @Nullable TransportProtocol[] transports,
			IntSupplier linkMtu) {
		this.own = own;
		this.destinations = destinations;
		this.transports = transports;
		this.linkMtu = linkMtu;
	}

	/**
	 * Take an error.
	 * @param version 4 or 6
	 * @param quoted reader index at the quoted IP header; left as it is
	 * @param error what is wrong
	 * @param mtu with {@link IcmpError#PACKET_TOO_BIG}, the MTU of the next hop or 0 if
	 * it is not told
	 * @return whether the quoted packet may be one of ours
	 */
	public boolean dispatch(int version, ByteBuf quoted, IcmpError error, int mtu) {
		return (version == 4) ? dispatch4(quoted, error, mtu) : dispatch6(quoted, error, mtu);
	}

	private boolean dispatch4(ByteBuf quoted, IcmpError error, int mtu) {
		int i = quoted.readerIndex();
		if (quoted.readableBytes() < IpHeaders.LENGTH_4 || quoted.getByte(i) >> 4 != 4) {
			return false;
		}
		int headerLength = (quoted.getByte(i) & 0xf) * 4;
		long source = quoted.getUnsignedInt(i + 12);
		if (headerLength < IpHeaders.LENGTH_4 || !this.own.contains(4, 0, source)) {
			return false;
		}
		InetAddress destination = IpAddresses.of(4, 0, quoted.getUnsignedInt(i + 16));
		if (error == IcmpError.PACKET_TOO_BIG) {
			int length = quoted.getUnsignedShort(i + 2);
			int next = (mtu != 0) ? mtu : plateau(length);
			if (next >= length) {
				return false;
			}
			this.destinations.pathMtu(destination, next, this.linkMtu.getAsInt());
		}
		if ((quoted.getUnsignedShort(i + 6) & 0x1fff) != 0) {
			return true;
		}
		return deliver(quoted, i + headerLength, quoted.getUnsignedByte(i + 9), IpAddresses.of(4, 0, source),
				destination, error);
	}

	private boolean dispatch6(ByteBuf quoted, IcmpError error, int mtu) {
		int i = quoted.readerIndex();
		if (quoted.readableBytes() < IpHeaders.LENGTH_6 || (quoted.getByte(i) >> 4 & 0xf) != 6) {
			return false;
		}
		long high = quoted.getLong(i + 8);
		long low = quoted.getLong(i + 16);
		if (!this.own.contains(6, high, low)) {
			return false;
		}
		InetAddress destination = IpAddresses.of(6, quoted.getLong(i + 24), quoted.getLong(i + 32));
		if (error == IcmpError.PACKET_TOO_BIG) {
			if (mtu >= quoted.getUnsignedShort(i + 4) + IpHeaders.LENGTH_6) {
				return false;
			}
			this.destinations.pathMtu(destination, mtu, this.linkMtu.getAsInt());
		}
		int next = quoted.getUnsignedByte(i + 6);
		int at = i + IpHeaders.LENGTH_6;
		// of extension headers, we send only the fragment header
		if (next == IpProtocol.FRAGMENT) {
			if (quoted.writerIndex() - at < IpHeaders.FRAGMENT_LENGTH
					|| (quoted.getUnsignedShort(at + 2) & 0xfff8) != 0) {
				return true;
			}
			next = quoted.getUnsignedByte(at);
			at += IpHeaders.FRAGMENT_LENGTH;
		}
		return deliver(quoted, at, next, IpAddresses.of(6, high, low), destination, error);
	}

	private boolean deliver(ByteBuf quoted, int at, int protocol, InetAddress local, InetAddress remote,
			IcmpError error) {
		TransportProtocol transport = this.transports[protocol];
		if (transport == null || at > quoted.writerIndex()) {
			return false;
		}
		transport.error(local, remote, error, quoted.slice(at, quoted.writerIndex() - at));
		return true;
	}

	private static int plateau(int length) {
		for (int plateau : PLATEAUS) {
			if (plateau < length) {
				return plateau;
			}
		}
		return 552;
	}

}
