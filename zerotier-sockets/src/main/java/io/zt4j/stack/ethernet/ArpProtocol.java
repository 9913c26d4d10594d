package io.zt4j.stack.ethernet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.EthernetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ARP (RFC 826). Addresses are announced when added and defended once in ten seconds (RFC
 * 5227 2.3, 2.4); they are never given up or probed beforehand, since the network's
 * controller assigns them. Confined to the event loop.
 */
public final class ArpProtocol {

	private static final Logger logger = LoggerFactory.getLogger(ArpProtocol.class);

	private static final int LENGTH = 28;

	private static final int REQUEST = 1;

	private static final int REPLY = 2;

	// RFC 5227 1.1
	private static final long ANNOUNCE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(2);

	private static final long DEFEND_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final EthernetInterface ethernet;

	private final EventLoop loop;

	private final Ticker ticker;

	private final Drops drops;

	private final Predicate<InetAddress> own;

	private final Function<InetAddress, @Nullable InetAddress> sourceFor;

	private final Map<InetAddress, Long> defended = new HashMap<>();

	/**
	 * Make the protocol.
	 * @param ethernet where packets go
	 * @param loop runs the timers
	 * @param ticker the time
	 * @param drops counts dropped packets
	 * @param own whether an address is ours
	 * @param sourceFor chooses the address to ask from
	 */
	public ArpProtocol(EthernetInterface ethernet, EventLoop loop, Ticker ticker, Drops drops,
			Predicate<InetAddress> own, Function<InetAddress, @Nullable InetAddress> sourceFor) {
		this.ethernet = ethernet;
		this.loop = loop;
		this.ticker = ticker;
		this.drops = drops;
		this.own = own;
		this.sourceFor = sourceFor;
	}

	/**
	 * Announce a new address twice (RFC 5227 2.3).
	 * @param address an IPv4 address of ours
	 */
	public void announce(InetAddress address) {
		send(REQUEST, EthernetAddress.BROADCAST.value(), address, 0, address);
		this.loop.schedule(() -> {
			if (this.own.test(address)) {
				send(REQUEST, EthernetAddress.BROADCAST.value(), address, 0, address);
			}
		}, ANNOUNCE_INTERVAL_NANOS, TimeUnit.NANOSECONDS);
	}

	/**
	 * Ask for a hardware address.
	 * @param target the neighbour
	 * @param mac whom to ask, -1 for everyone
	 */
	public void solicit(InetAddress target, long mac) {
		InetAddress source = this.sourceFor.apply(target);
		if (source != null) {
			send(REQUEST, (mac != -1) ? mac : EthernetAddress.BROADCAST.value(), source, 0, target);
		}
	}

	/**
	 * Take an ARP packet.
	 * @param packet reader index behind the Ethernet header
	 * @param cache learns
	 */
	public void receive(ByteBuf packet, NeighbourCache cache) {
		int i = packet.readerIndex();
		if (packet.readableBytes() < LENGTH || packet.getUnsignedShort(i) != 1
				|| packet.getUnsignedShort(i + 2) != EtherType.IPV4 || packet.getUnsignedShort(i + 4) != 0x0604) {
			this.drops.count(DropReason.ARP_MALFORMED);
			return;
		}
		int operation = packet.getUnsignedShort(i + 6);
		long senderMac = EthernetInterface.getAddress(packet, i + 8);
		Inet4Address sender = address(packet, i + 14);
		Inet4Address target = address(packet, i + 24);
		if (operation != REQUEST && operation != REPLY || EthernetInterface.isGroup(senderMac) || senderMac == 0
				|| senderMac == this.ethernet.address() || sender.isMulticastAddress() || sender.isLoopbackAddress()
				|| packet.getInt(i + 14) == -1) {
			this.drops.count(DropReason.ARP_MALFORMED);
			return;
		}
		if (this.own.test(sender)) {
			defend(sender, senderMac);
			return;
		}
		boolean forUs = this.own.test(target);
		if (!sender.isAnyLocalAddress()) {
			// RFC 826: update what is known; add only if the packet is for us
			boolean reply = operation == REPLY && forUs && !this.ethernet.isGroup();
			cache.learn(sender, senderMac, reply, true, forUs && operation == REQUEST);
		}
		if (forUs && operation == REQUEST) {
			send(REPLY, senderMac, target, senderMac, sender);
		}
	}

	private void defend(InetAddress address, long mac) {
		this.drops.count(DropReason.ADDRESS_CONFLICT);
		long now = this.ticker.nanoTime();
		Long last = this.defended.get(address);
		if (last != null && now - last < DEFEND_INTERVAL_NANOS) {
			return;
		}
		this.defended.put(address, now);
		logger.warn("{} also claims our address {}", new EthernetAddress(mac), address.getHostAddress());
		send(REQUEST, EthernetAddress.BROADCAST.value(), address, 0, address);
	}

	/**
	 * An address is no longer ours.
	 * @param address the address
	 */
	public void removed(InetAddress address) {
		this.defended.remove(address);
	}

	private void send(int operation, long destination, InetAddress sender, long targetMac, InetAddress target) {
		ByteBuf packet = this.ethernet.allocate(0, LENGTH);
		packet.writeShort(1).writeShort(EtherType.IPV4).writeShort(0x0604).writeShort(operation);
		packet.writeShort((int) (this.ethernet.address() >>> 32)).writeInt((int) this.ethernet.address());
		packet.writeBytes(sender.getAddress());
		packet.writeShort((int) (targetMac >>> 32)).writeInt((int) targetMac);
		packet.writeBytes(target.getAddress());
		this.ethernet.transmit(packet, destination, EtherType.ARP);
	}

	private static Inet4Address address(ByteBuf packet, int index) {
		byte[] octets = new byte[4];
		packet.getBytes(index, octets);
		try {
			return (Inet4Address) InetAddress.getByAddress(octets);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
