package io.zt4j.stack.ip;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.IpRoute;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;
import io.zt4j.stack.ethernet.EtherType;
import io.zt4j.stack.ethernet.EthernetInterface;
import io.zt4j.stack.ethernet.Neighbour;
import io.zt4j.stack.ethernet.NeighbourCache;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * IPv4 and IPv6 of a host that forwards nothing. Confined to the event loop, except where
 * a method says otherwise.
 */
public final class IpLayer implements IpOutput {

	/** Length of the longest header written in front of a segment. */
	private static final int HEADER_ROOM = IpHeaders.LENGTH_6 + IpHeaders.FRAGMENT_LENGTH;

	private static final int MAXIMUM_PACKET = 65_535;

	private static final Logger logger = LoggerFactory.getLogger(IpLayer.class);

	private final @Nullable TransportProtocol[] transports = new TransportProtocol[256];

	private final List<TransportProtocol> registered = new ArrayList<>();

	private final Map<InetAddress, Integer> groups = new HashMap<>();

	private final OwnAddresses own = new OwnAddresses();

	private final EthernetInterface ethernet;

	private final Drops drops;

	private final DestinationCache destinations;

	private final Reassembler reassembler;

	private final IpInput input;

	private final Loopback loopback;

	private final QuotedPackets quotedPackets;

	private final NeighbourCache neighbours4;

	private final NeighbourCache neighbours6;

	private volatile List<IpRoute> routes = List.of();

	/**
	 * Make the layer.
	 * @param ethernet the interface
	 * @param loop the loop all is confined to
	 * @param ticker the time
	 * @param random makes identifications
	 * @param drops counts dropped packets
	 * @param errors sends ICMP errors
	 * @param resolver4 asks for hardware addresses of IPv4 neighbours
	 * @param resolver6 asks for hardware addresses of IPv6 neighbours
	 */
	public IpLayer(EthernetInterface ethernet, EventLoop loop, Ticker ticker, RandomGenerator random, Drops drops,
			ErrorReporter errors, Solicitor resolver4, Solicitor resolver6) {
		this.ethernet = ethernet;
		this.drops = drops;
		this.destinations = new DestinationCache(this.own, ticker, random);
		this.reassembler = new Reassembler(loop, drops,
				(version, first) -> errors.reassemblyTimeExceeded(version, first, 0));
		this.input = new IpInput(this.own, this.groups::containsKey, this.transports, this.reassembler, drops, errors);
		this.loopback = new Loopback(loop, drops, this::receiveLooped, this::completeBatch);
		this.quotedPackets = new QuotedPackets(this.own, this.destinations, this.transports, ethernet::mtu);
		this.neighbours4 = new NeighbourCache(ethernet, EtherType.IPV4, loop, ticker, random, drops,
				new Resolver(4, resolver4));
		this.neighbours6 = new NeighbourCache(ethernet, EtherType.IPV6, loop, ticker, random, drops,
				new Resolver(6, resolver6));
	}

	/**
	 * Set who takes packets of a protocol.
	 * @param protocol the protocol's number
	 * @param transport takes them
	 */
	public void register(int protocol, TransportProtocol transport) {
		this.transports[protocol] = transport;
		this.registered.add(transport);
	}

	/**
	 * Take an IPv4 packet from the link.
	 * @param packet reader index at the IP header; still the caller's
	 */
	public void receive4(ByteBuf packet) {
		this.input.receive4(packet, this.ethernet.isGroup(), false);
	}

	/**
	 * Take an IPv6 packet from the link.
	 * @param packet reader index at the IP header; still the caller's
	 */
	public void receive6(ByteBuf packet) {
		this.input.receive6(packet, this.ethernet.isGroup(), false);
	}

	/**
	 * Tell the transports that the batch is over, then flush.
	 */
	public void completeBatch() {
		for (int i = 0; i < this.registered.size(); i++) {
			this.registered.get(i).batchComplete();
		}
		this.ethernet.flush();
	}

	/**
	 * Return the interface's addresses.
	 * @return the table
	 */
	public OwnAddresses own() {
		return this.own;
	}

	/**
	 * Return what finds the senders of quoted packets.
	 * @return the finder
	 */
	public QuotedPackets quotedPackets() {
		return this.quotedPackets;
	}

	/**
	 * Return the ARP cache.
	 * @return the IPv4 neighbours
	 */
	public NeighbourCache neighbours4() {
		return this.neighbours4;
	}

	/**
	 * Return the neighbour cache of IPv6.
	 * @return the IPv6 neighbours
	 */
	public NeighbourCache neighbours6() {
		return this.neighbours6;
	}

	/**
	 * Add an address, or change the prefix length of one.
	 * @param address the address
	 * @return false if it was there already
	 */
	public boolean addAddress(InterfaceAddress address) {
		boolean added = this.own.add(address);
		rebuild();
		return added;
	}

	/**
	 * Remove an address.
	 * @param address the address
	 * @return false if it was not there
	 */
	public boolean removeAddress(InetAddress address) {
		boolean removed = this.own.remove(address);
		rebuild();
		return removed;
	}

	/**
	 * Replace the routes beyond those implied by addresses.
	 * @param routes the routes
	 */
	public void routes(List<IpRoute> routes) {
		this.routes = List.copyOf(routes);
		rebuild();
	}

	/**
	 * Return the routes set. Any thread may ask.
	 * @return an immutable snapshot
	 */
	public List<IpRoute> routes() {
		return this.routes;
	}

	/**
	 * Whether there is a route. Any thread may ask.
	 * @param destination the destination
	 * @return true if so
	 */
	public boolean reaches(InetAddress destination) {
		return this.destinations.routes().reaches(destination);
	}

	/**
	 * The link's MTU changed: forget path MTUs.
	 */
	public void mtuChanged() {
		this.destinations.forgetPathMtus();
	}

	private void rebuild() {
		this.destinations.routes(new RouteTable(this.own.list(), this.routes));
	}

	/**
	 * Receive packets to a multicast group; joins are counted.
	 * @param group the multicast address
	 */
	public void join(InetAddress group) {
		if (this.groups.merge(group, 1, Integer::sum) == 1) {
			this.ethernet.join(group);
		}
	}

	/**
	 * Take back one join.
	 * @param group the multicast address
	 */
	public void leave(InetAddress group) {
		Integer count = this.groups.get(group);
		if (count != null && count == 1) {
			this.groups.remove(group);
			this.ethernet.leave(group);
		}
		else if (count != null) {
			this.groups.put(group, count - 1);
		}
	}

	@Override
	public ByteBuf allocate(int transportBytes) {
		return this.ethernet.allocate(HEADER_ROOM, transportBytes);
	}

	@Override
	public void send(InetAddress source, InetAddress destination, int protocol, int trafficClass, int hopLimit,
			ByteBuf segment) {
		send(source, destination, protocol, trafficClass, hopLimit, false, segment);
	}

	/**
	 * Send one transport segment, to a group also to ourselves.
	 * @param source one of our addresses
	 * @param destination where to
	 * @param protocol the transport protocol's number
	 * @param trafficClass the DSCP and ECN bits
	 * @param hopLimit 0..255; with 0 the packet stays on this host
	 * @param loop whether members on this host receive what is sent to a group
	 * @param segment transport header and data; ownership passes
	 */
	public void send(InetAddress source, InetAddress destination, int protocol, int trafficClass, int hopLimit,
			boolean loop, ByteBuf segment) {
		Destination target = this.destinations.get(destination);
		if (target.kind == Destination.Kind.UNREACHABLE) {
			drop(segment, DropReason.NO_ROUTE);
			return;
		}
		OwnAddresses from = this.own.halves(source);
		long high = from.high();
		long low = from.low();
		if (!this.own.contains(target.version, high, low)) {
			drop(segment, DropReason.SOURCE_NOT_OURS);
			return;
		}
		boolean group = target.kind == Destination.Kind.MULTICAST || target.kind == Destination.Kind.BROADCAST;
		int header = (target.version == 4) ? IpHeaders.LENGTH_4 : IpHeaders.LENGTH_6;
		int total = header + segment.readableBytes();
		if (total > ((target.version == 4) ? MAXIMUM_PACKET : MAXIMUM_PACKET + header)) {
			drop(segment, DropReason.PACKET_TOO_BIG);
			return;
		}
		if (target.kind == Destination.Kind.LOCAL) {
			ByteBuf packet = this.ethernet.withHeadroom(segment, HEADER_ROOM);
			this.loopback.send(write(target, high, low, protocol, trafficClass, hopLimit, packet));
			return;
		}
		if (group && loop) {
			ByteBuf copy = allocate(segment.readableBytes()).writeBytes(segment, segment.readerIndex(),
					segment.readableBytes());
			this.loopback.send(write(target, high, low, protocol, trafficClass, hopLimit, copy));
		}
		if (hopLimit == 0) {
			segment.release();
			return;
		}
		int mtu = this.destinations.mtu(target, this.ethernet.mtu());
		if (total > mtu) {
			if (target.version == 4) {
				fragment4(target, low, protocol, trafficClass, hopLimit, segment, mtu);
			}
			else {
				fragment6(target, high, low, protocol, trafficClass, hopLimit, segment, mtu);
			}
			return;
		}
		ByteBuf packet = this.ethernet.withHeadroom(segment, HEADER_ROOM);
		transmit(target, write(target, high, low, protocol, trafficClass, hopLimit, packet));
	}

	/**
	 * Send one IPv6 segment from the unspecified address, as duplicate address detection
	 * does.
	 * @param group the multicast destination
	 * @param protocol the transport protocol's number
	 * @param hopLimit 0..255
	 * @param segment transport header and data; ownership passes
	 */
	public void sendUnspecified(InetAddress group, int protocol, int hopLimit, ByteBuf segment) {
		ByteBuf packet = this.ethernet.withHeadroom(segment, HEADER_ROOM);
		int length = packet.readableBytes();
		int index = packet.readerIndex() - IpHeaders.LENGTH_6;
		packet.readerIndex(index);
		IpHeaders.write6(packet, index, length, 0, hopLimit, protocol, 0, 0, IpAddresses.high(group),
				IpAddresses.low(group));
		this.ethernet.transmit(packet, EthernetInterface.multicast(group), EtherType.IPV6);
	}

	/* Write the header of a packet that is not a fragment in front of it */
	private static ByteBuf write(Destination target, long high, long low, int protocol, int trafficClass, int hopLimit,
			ByteBuf packet) {
		int length = packet.readableBytes();
		if (target.version == 4) {
			int index = packet.readerIndex() - IpHeaders.LENGTH_4;
			packet.readerIndex(index);
			// RFC 6864 4: the identification of what cannot be fragmented has no meaning
			boolean atomic = protocol == IpProtocol.TCP;
			IpHeaders.write4(packet, index, length + IpHeaders.LENGTH_4, trafficClass,
					atomic ? 0 : target.identification++, atomic ? IpHeaders.DONT_FRAGMENT : 0, hopLimit, protocol, low,
					target.low);
		}
		else {
			int index = packet.readerIndex() - IpHeaders.LENGTH_6;
			packet.readerIndex(index);
			IpHeaders.write6(packet, index, length, trafficClass, hopLimit, protocol, high, low, target.high,
					target.low);
		}
		return packet;
	}

	private void fragment4(Destination target, long source, int protocol, int trafficClass, int hopLimit,
			ByteBuf segment, int mtu) {
		try {
			int identification = target.identification++;
			int room = mtu - IpHeaders.LENGTH_4 & ~7;
			for (int offset = 0; segment.isReadable(); offset += room) {
				int length = Math.min(room, segment.readableBytes());
				ByteBuf packet = allocate(length).writeBytes(segment, length);
				int index = packet.readerIndex() - IpHeaders.LENGTH_4;
				packet.readerIndex(index);
				int flags = segment.isReadable() ? IpHeaders.MORE_FRAGMENTS : 0;
				IpHeaders.write4(packet, index, length + IpHeaders.LENGTH_4, trafficClass, identification,
						flags | offset / 8, hopLimit, protocol, source, target.low);
				transmit(target, packet);
			}
		}
		finally {
			segment.release();
		}
	}

	private void fragment6(Destination target, long sourceHigh, long sourceLow, int protocol, int trafficClass,
			int hopLimit, ByteBuf segment, int mtu) {
		try {
			int identification = target.identification++;
			int headers = IpHeaders.LENGTH_6 + IpHeaders.FRAGMENT_LENGTH;
			int room = mtu - headers & ~7;
			for (int offset = 0; segment.isReadable(); offset += room) {
				int length = Math.min(room, segment.readableBytes());
				ByteBuf packet = allocate(length).writeBytes(segment, length);
				int index = packet.readerIndex() - headers;
				packet.readerIndex(index);
				IpHeaders.write6(packet, index, length + IpHeaders.FRAGMENT_LENGTH, trafficClass, hopLimit,
						IpProtocol.FRAGMENT, sourceHigh, sourceLow, target.high, target.low);
				IpHeaders.writeFragment6(packet, index + IpHeaders.LENGTH_6, protocol, offset, segment.isReadable(),
						identification);
				transmit(target, packet);
			}
		}
		finally {
			segment.release();
		}
	}

	private void transmit(Destination target, ByteBuf packet) {
		if (target.kind != Destination.Kind.UNICAST) {
			this.ethernet.transmit(packet, target.mac, (target.version == 4) ? EtherType.IPV4 : EtherType.IPV6);
			return;
		}
		NeighbourCache cache = (target.version == 4) ? this.neighbours4 : this.neighbours6;
		cache.send(neighbour(target, cache), packet);
	}

	private static Neighbour neighbour(Destination target, NeighbourCache cache) {
		Neighbour neighbour = target.neighbour;
		InetAddress nextHop = target.nextHop;
		if (neighbour == null || neighbour.isRemoved()) {
			neighbour = cache.lookup((nextHop != null) ? nextHop : target.address);
			target.neighbour = neighbour;
		}
		return neighbour;
	}

	@Override
	public @Nullable InetAddress sourceFor(InetAddress destination) {
		return this.destinations.get(destination).source;
	}

	@Override
	public boolean isLocal(InetAddress address) {
		return this.own.contains(address);
	}

	/**
	 * Whether a destination is a broadcast address.
	 * @param destination the destination
	 * @return true for the limited broadcast address and those of our subnets
	 */
	public boolean isBroadcast(InetAddress destination) {
		return this.destinations.get(destination).kind == Destination.Kind.BROADCAST;
	}

	@Override
	public int maximumPacket(InetAddress destination) {
		return this.destinations.mtu(this.destinations.get(destination), this.ethernet.mtu());
	}

	@Override
	public void confirmReachable(InetAddress destination) {
		Destination target = this.destinations.get(destination);
		Neighbour neighbour = target.neighbour;
		if (neighbour != null && !neighbour.isRemoved()) {
			((target.version == 4) ? this.neighbours4 : this.neighbours6).confirm(neighbour);
		}
	}

	@Override
	public void flush() {
		this.ethernet.flush();
	}

	/**
	 * Forget all addresses and release everything held.
	 */
	public void close() {
		this.own.clear();
		rebuild();
		this.neighbours4.close();
		this.neighbours6.close();
		this.reassembler.close();
		this.loopback.close();
		this.groups.clear();
	}

	private void drop(ByteBuf segment, DropReason reason) {
		this.drops.count(reason);
		segment.release();
	}

	private void receiveLooped(ByteBuf packet) {
		try {
			if (packet.getByte(packet.readerIndex()) >> 4 == 4) {
				this.input.receive4(packet, false, true);
			}
			else {
				this.input.receive6(packet, false, true);
			}
		}
		catch (RuntimeException ex) {
			this.drops.count(DropReason.INTERNAL_ERROR);
			logger.error("Failed to handle a packet to ourselves", ex);
		}
		finally {
			packet.release();
		}
	}

	/**
	 * Asks for hardware addresses.
	 */
	@FunctionalInterface
	public interface Solicitor {

		/**
		 * Ask for a neighbour's hardware address.
		 * @param target the neighbour
		 * @param mac the hardware address to ask, or -1 to ask everyone
		 */
		void solicit(InetAddress target, long mac);

	}

	private final class Resolver implements NeighbourCache.Resolver {

		private final int version;

		private final Solicitor solicitor;

		Resolver(int version, Solicitor solicitor) {
			this.version = version;
			this.solicitor = solicitor;
		}

		@Override
		public void solicit(InetAddress target, long mac) {
			this.solicitor.solicit(target, mac);
		}

		@Override
		public void unresolved(ByteBuf packet) {
			IpLayer.this.quotedPackets.dispatch(this.version, packet, IcmpError.HOST_UNREACHABLE, 0);
		}

	}

}
