package io.zt4j.stack.ndp;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;
import io.zt4j.stack.ethernet.EthernetInterface;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IpAddresses;
import io.zt4j.stack.ip.IpDatagram;
import io.zt4j.stack.ip.IpLayer;
import io.zt4j.stack.ip.IpProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Neighbour solicitations and advertisements (RFC 4861 4.3, 4.4, 7). Addresses are usable
 * at once; a duplicate is looked for meanwhile (RFC 4429 in spirit), reported and
 * counted, but not given up, since the network's controller assigns addresses. Confined
 * to the event loop.
 */
public final class NeighbourDiscovery {

	/** ICMPv6 type of a neighbour solicitation. */
	public static final int SOLICITATION = 135;

	/** ICMPv6 type of a neighbour advertisement. */
	public static final int ADVERTISEMENT = 136;

	/** The link-local group of all nodes. */
	public static final InetAddress ALL_NODES = IpAddresses.of(6, 0xff02L << 48, 1);

	private static final Logger logger = LoggerFactory.getLogger(NeighbourDiscovery.class);

	private static final int LENGTH = 24;

	private static final int SOURCE_LINK_LAYER_ADDRESS = 1;

	private static final int TARGET_LINK_LAYER_ADDRESS = 2;

	private static final int SOLICITED = 0x4000_0000;

	private static final int OVERRIDE = 0x2000_0000;

	private static final int HOP_LIMIT = 255;

	/** No hardware address in the message. */
	private static final long ABSENT = -1;

	/** The message is to be dropped. */
	private static final long MALFORMED = -2;

	private static final long REPORT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final Map<InetAddress, Long> reported = new HashMap<>();

	private final EthernetInterface ethernet;

	private final IpLayer ip;

	private final EventLoop loop;

	private final Ticker ticker;

	private final Drops drops;

	/**
	 * Make it.
	 * @param ethernet tells our hardware address
	 * @param ip sends
	 * @param loop runs timers
	 * @param ticker the time
	 * @param drops counts dropped messages
	 */
	public NeighbourDiscovery(EthernetInterface ethernet, IpLayer ip, EventLoop loop, Ticker ticker, Drops drops) {
		this.ethernet = ethernet;
		this.ip = ip;
		this.loop = loop;
		this.ticker = ticker;
		this.drops = drops;
	}

	/**
	 * Return the group where an address is solicited (RFC 4291 2.7.1).
	 * @param address an IPv6 address
	 * @return its solicited-node multicast address
	 */
	public static InetAddress solicitedNode(InetAddress address) {
		return IpAddresses.of(6, 0xff02L << 48, 0x1_ff00_0000L | IpAddresses.low(address) & 0xff_ffff);
	}

	/**
	 * An address was added: ask whether somebody else has it (RFC 4862 5.4.2), and
	 * announce it a second later (RFC 4861 7.2.6).
	 * @param address an IPv6 address of ours
	 */
	public void announce(InetAddress address) {
		ByteBuf message = start(SOLICITATION, 0, address);
		InetAddress group = solicitedNode(address);
		InetAddress unspecified = IpAddresses.of(6, 0, 0);
		setChecksum(message, unspecified, group);
		this.ip.sendUnspecified(group, IpProtocol.ICMPV6, HOP_LIMIT, message);
		this.loop.schedule(() -> {
			if (this.ip.isLocal(address)) {
				advertise(address, ALL_NODES, OVERRIDE);
			}
		}, 1, TimeUnit.SECONDS);
	}

	/**
	 * An address is no longer ours.
	 * @param address the address
	 */
	public void removed(InetAddress address) {
		this.reported.remove(address);
	}

	/**
	 * Ask for a hardware address.
	 * @param target the neighbour
	 * @param mac -1 to ask everyone, else the address is known and only its owner is
	 * asked
	 */
	public void solicit(InetAddress target, long mac) {
		InetAddress source = this.ip.sourceFor(target);
		if (source == null) {
			return;
		}
		InetAddress destination = (mac != -1) ? target : solicitedNode(target);
		ByteBuf message = start(SOLICITATION, 0, target);
		writeOption(message, SOURCE_LINK_LAYER_ADDRESS);
		setChecksum(message, source, destination);
		this.ip.send(source, destination, IpProtocol.ICMPV6, 0, HOP_LIMIT, message);
	}

	/**
	 * Take a solicitation (RFC 4861 7.1.1, 7.2.3).
	 * @param datagram its packet, checksum verified
	 */
	public void solicited(IpDatagram datagram) {
		ByteBuf message = datagram.payload();
		int index = message.readerIndex();
		long mac = option(datagram, SOURCE_LINK_LAYER_ADDRESS);
		boolean unspecified = datagram.sourceHigh() == 0 && datagram.sourceLow() == 0;
		boolean bad = mac == MALFORMED || unspecified && (mac != ABSENT || datagram.isUnicast());
		if (bad) {
			this.drops.count(DropReason.NDP_MALFORMED);
			return;
		}
		InetAddress target = IpAddresses.of(6, message.getLong(index + 8), message.getLong(index + 16));
		if (!this.ip.isLocal(target)) {
			return;
		}
		if (unspecified) {
			advertise(target, ALL_NODES, OVERRIDE);
			return;
		}
		InetAddress source = datagram.source();
		if (mac != ABSENT) {
			this.ip.neighbours6().learn(source, mac, false, true, true);
		}
		advertise(target, source, SOLICITED | OVERRIDE);
	}

	/**
	 * Take an advertisement (RFC 4861 7.1.2, 7.2.5).
	 * @param datagram its packet, checksum verified
	 */
	public void advertised(IpDatagram datagram) {
		ByteBuf message = datagram.payload();
		int index = message.readerIndex();
		long mac = option(datagram, TARGET_LINK_LAYER_ADDRESS);
		int flags = message.getInt(index + 4);
		boolean solicited = (flags & SOLICITED) != 0;
		if (mac == MALFORMED || solicited && !datagram.isUnicast()) {
			this.drops.count(DropReason.NDP_MALFORMED);
			return;
		}
		InetAddress target = IpAddresses.of(6, message.getLong(index + 8), message.getLong(index + 16));
		if (this.ip.isLocal(target)) {
			report(target, mac);
			return;
		}
		this.ip.neighbours6().learn(target, (mac != ABSENT) ? mac : -1, solicited, (flags & OVERRIDE) != 0, false);
	}

	private void report(InetAddress address, long mac) {
		this.drops.count(DropReason.ADDRESS_CONFLICT);
		long now = this.ticker.nanoTime();
		Long last = this.reported.get(address);
		if (last == null || now - last >= REPORT_INTERVAL_NANOS) {
			this.reported.put(address, now);
			logger.warn("{} also claims our address {}", (mac != ABSENT) ? new EthernetAddress(mac) : "Another host",
					address.getHostAddress());
		}
	}

	private void advertise(InetAddress target, InetAddress destination, int flags) {
		ByteBuf message = start(ADVERTISEMENT, flags, target);
		writeOption(message, TARGET_LINK_LAYER_ADDRESS);
		setChecksum(message, target, destination);
		this.ip.send(target, destination, IpProtocol.ICMPV6, 0, HOP_LIMIT, message);
	}

	private ByteBuf start(int type, int flags, InetAddress target) {
		ByteBuf message = this.ip.allocate(LENGTH + 8);
		message.writeShort(type << 8).writeShort(0).writeInt(flags);
		return message.writeLong(IpAddresses.high(target)).writeLong(IpAddresses.low(target));
	}

	private void writeOption(ByteBuf message, int type) {
		long mac = this.ethernet.address();
		message.writeByte(type).writeByte(1).writeShort((int) (mac >>> 32)).writeInt((int) mac);
	}

	private static void setChecksum(ByteBuf message, InetAddress source, InetAddress destination) {
		message.setShort(message.readerIndex() + 2,
				Checksum.ofTransport(source, destination, IpProtocol.ICMPV6, message));
	}

	/* Validate a message and find the hardware address in it */
	private static long option(IpDatagram datagram, int wanted) {
		ByteBuf message = datagram.payload();
		int index = message.readerIndex();
		if (datagram.hopLimit() != HOP_LIMIT || message.readableBytes() < LENGTH
				|| message.getUnsignedByte(index + 1) != 0 || message.getUnsignedByte(index + 8) == 0xff) {
			return MALFORMED;
		}
		long mac = ABSENT;
		int end = message.writerIndex();
		for (int at = index + LENGTH; at < end;) {
			int length = (end - at >= 2) ? message.getUnsignedByte(at + 1) * 8 : 0;
			if (length == 0 || length > end - at) {
				return MALFORMED;
			}
			if (message.getUnsignedByte(at) == wanted) {
				mac = (long) message.getUnsignedShort(at + 2) << 32 | message.getUnsignedInt(at + 4);
				if ((mac & 0x0100_0000_0000L) != 0 || mac == 0) {
					return MALFORMED;
				}
			}
			at += length;
		}
		return mac;
	}

}
