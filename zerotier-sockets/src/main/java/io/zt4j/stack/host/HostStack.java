package io.zt4j.stack.host;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.EthernetLink;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.IpRoute;
import io.zt4j.stack.NetworkStack;
import io.zt4j.stack.StackStatistics;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.UdpSocket;
import io.zt4j.stack.capture.PcapngWriter;
import io.zt4j.stack.ethernet.ArpProtocol;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;
import io.zt4j.stack.ethernet.EtherType;
import io.zt4j.stack.ethernet.EthernetInterface;
import io.zt4j.stack.icmp.Echo;
import io.zt4j.stack.icmp.IcmpErrors;
import io.zt4j.stack.icmp.IcmpProtocol;
import io.zt4j.stack.icmp.Icmpv6Protocol;
import io.zt4j.stack.ip.IpAddresses;
import io.zt4j.stack.ip.IpLayer;
import io.zt4j.stack.ip.IpProtocol;
import io.zt4j.stack.ndp.NeighbourDiscovery;
import io.zt4j.stack.tcp.TcpProtocol;
import io.zt4j.stack.udp.UdpProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stack of one host on one Ethernet: puts ARP, NDP, IPv4, IPv6, ICMP, UDP and TCP
 * together. It always has the IPv6 link-local address made from the hardware address (RFC
 * 4291, appendix A); other addresses are given to it. The constructor may be called on
 * any thread; what it has to send goes out when the event loop gets to it.
 */
public final class HostStack implements NetworkStack {

	private static final Logger logger = LoggerFactory.getLogger(HostStack.class);

	private static final InetAddress ALL_HOSTS_4 = IpAddresses.of(4, 0, 0xe000_0001L);

	private final EventLoop loop;

	private final Drops drops = new Drops();

	private final EthernetInterface ethernet;

	private final ArpProtocol arp;

	private final NeighbourDiscovery discovery;

	private final IpLayer ip;

	private final Echo echo;

	private final UdpProtocol udp;

	private final TcpProtocol tcp;

	private volatile boolean closed;

	/**
	 * Create a stack without addresses but the IPv6 link-local one.
	 * @param link the Ethernet below
	 * @param loop the loop to which everything is confined
	 * @param ticker monotonic time in nanoseconds, the same time the loop's timers run by
	 * @param random makes ports, identifiers and sequence numbers; unpredictable outside
	 * of tests
	 */
	public HostStack(EthernetLink link, EventLoop loop, Ticker ticker, RandomGenerator random) {
		this.loop = loop;
		this.ethernet = new EthernetInterface(link, loop, this.drops);
		IcmpErrors errors = new IcmpErrors(ticker, this.drops);
		this.ip = new IpLayer(this.ethernet, loop, ticker, random, this.drops, errors, this::solicit4, this::solicit6);
		errors.start(this.ip);
		this.arp = new ArpProtocol(this.ethernet, loop, ticker, this.drops, this.ip::isLocal, this.ip::sourceFor);
		this.discovery = new NeighbourDiscovery(this.ethernet, this.ip, loop, ticker, this.drops);
		this.echo = new Echo(this.ip, loop, ticker, random, this.drops);
		this.udp = new UdpProtocol(this.ip, random, this.drops, errors);
		this.tcp = new TcpProtocol(loop, ticker, random, this.ip);
		this.ip.register(IpProtocol.ICMP, new IcmpProtocol(this.echo, this.ip.quotedPackets(), this.drops));
		this.ip.register(IpProtocol.ICMPV6,
				new Icmpv6Protocol(this.echo, this.discovery, this.ip.quotedPackets(), this.drops));
		this.ip.register(IpProtocol.UDP, this.udp);
		this.ip.register(IpProtocol.TCP, this.tcp);
		InterfaceAddress linkLocal = new InterfaceAddress(linkLocal(this.ethernet.address()), 64);
		this.ip.addAddress(linkLocal);
		loop.execute(() -> start(linkLocal));
	}

	/**
	 * Make the link-local address of an interface (RFC 4291 2.5.6 and appendix A).
	 * @param mac hardware address, 48 bits
	 * @return the address
	 */
	static InetAddress linkLocal(long mac) {
		long identifier = (mac >>> 24 ^ 0x02_0000L) << 40 | 0xff_fe00_0000L | mac & 0xff_ffff;
		return IpAddresses.of(6, 0xfe80L << 48, identifier);
	}

	private void start(InterfaceAddress linkLocal) {
		if (!this.closed) {
			this.ip.join(ALL_HOSTS_4);
			this.ip.join(NeighbourDiscovery.ALL_NODES);
			if (this.ip.isLocal(linkLocal.address())) {
				announce(linkLocal.address());
			}
		}
	}

	private void announce(InetAddress address) {
		if (address instanceof Inet4Address) {
			this.arp.announce(address);
		}
		else {
			this.ip.join(NeighbourDiscovery.solicitedNode(address));
			this.discovery.announce(address);
		}
	}

	private void solicit4(InetAddress target, long mac) {
		this.arp.solicit(target, mac);
	}

	private void solicit6(InetAddress target, long mac) {
		this.discovery.solicit(target, mac);
	}

	@Override
	public EventLoop eventLoop() {
		return this.loop;
	}

	/**
	 * {@inheritDoc} Never throws, whatever the frame.
	 */
	@Override
	public void receive(ByteBuf frame) {
		try {
			if (this.closed) {
				return;
			}
			switch (this.ethernet.accept(frame)) {
				case EtherType.IPV4 -> this.ip.receive4(frame);
				case EtherType.IPV6 -> this.ip.receive6(frame);
				case EtherType.ARP -> this.arp.receive(frame, this.ip.neighbours4());
				case -1 -> {
				}
				default -> this.drops.count(DropReason.UNKNOWN_ETHERTYPE);
			}
		}
		catch (RuntimeException ex) {
			this.drops.count(DropReason.INTERNAL_ERROR);
			logger.error("Failed to handle a frame", ex);
		}
		finally {
			frame.release();
		}
	}

	@Override
	public void receiveComplete() {
		if (!this.closed) {
			this.ip.completeBatch();
			this.ethernet.batchComplete();
		}
	}

	@Override
	public void addAddress(InterfaceAddress address) {
		InetAddress value = address.address();
		if (value.isAnyLocalAddress() || value.isMulticastAddress() || value.isLoopbackAddress()
				|| value instanceof Inet4Address && IpAddresses.low(value) >>> 28 == 15) {
			throw new IllegalArgumentException(
					"The address of an interface must be a unicast address, not " + value.getHostAddress());
		}
		if (!this.closed && this.ip.addAddress(address)) {
			announce(value);
		}
	}

	@Override
	public void removeAddress(InetAddress address) {
		if (!this.ip.removeAddress(address)) {
			return;
		}
		if (address instanceof Inet4Address) {
			this.arp.removed(address);
		}
		else {
			this.ip.leave(NeighbourDiscovery.solicitedNode(address));
			this.discovery.removed(address);
		}
		this.tcp.addressRemoved(address);
		this.udp.addressRemoved(address);
	}

	@Override
	public List<InterfaceAddress> addresses() {
		return this.ip.own().list();
	}

	@Override
	public void routes(List<IpRoute> routes) {
		this.ip.routes(routes);
	}

	@Override
	public List<IpRoute> routes() {
		return this.ip.routes();
	}

	/**
	 * {@inheritDoc} Path MTUs found before are forgotten; otherwise nothing is kept that
	 * depends on it, as each packet is sized by the MTU of its moment.
	 */
	@Override
	public void mtuChanged() {
		this.ip.mtuChanged();
		this.tcp.mtuChanged();
	}

	@Override
	public boolean reaches(InetAddress destination) {
		return !this.closed && this.ip.reaches(destination);
	}

	@Override
	public TcpListener listen(InetSocketAddress local, int backlog, TcpOptions options, TcpListener.Acceptor acceptor)
			throws IOException {
		return this.tcp.listen(local, backlog, options, acceptor);
	}

	@Override
	public TcpConnection connect(@Nullable InetSocketAddress local, InetSocketAddress remote, TcpOptions options,
			TcpConnection.Handler handler) throws IOException {
		return this.tcp.connect(local, remote, options, handler);
	}

	@Override
	public UdpSocket bind(InetSocketAddress local, boolean reuseAddress, UdpSocket.Handler handler) throws IOException {
		return this.udp.bind(local, reuseAddress, handler);
	}

	@Override
	public CompletionStage<Duration> ping(InetAddress destination, int payloadLength, Duration timeout) {
		return this.echo.ping(destination, payloadLength, timeout);
	}

	@Override
	public StackStatistics statistics() {
		Map<String, Long> all = new TreeMap<>(this.drops.snapshot());
		this.tcp.drops().forEach((reason, count) -> all.merge(reason, count, Long::sum));
		return new StackStatistics(this.ethernet.received(), this.ethernet.sent(), this.tcp.connections(),
				this.tcp.segmentsReceived(), this.tcp.segmentsSent(), this.tcp.segmentsRetransmitted(),
				this.udp.received(), this.udp.datagramsSent(), all);
	}

	/**
	 * Begin or end to record all frames. Any thread may call; the frames are written on
	 * the event loop.
	 * @param writer takes the frames, or null to stop; the caller closes it
	 */
	public void capture(@Nullable PcapngWriter writer) {
		this.ethernet.capture(writer);
	}

	/**
	 * {@inheritDoc} Any thread may call; outside of the event loop it is done a little
	 * later.
	 */
	@Override
	public void close() {
		if (!this.loop.inEventLoop()) {
			this.loop.execute(this::close);
			return;
		}
		if (this.closed) {
			return;
		}
		this.tcp.close();
		this.udp.close();
		this.echo.close();
		this.closed = true;
		this.ip.close();
		this.ethernet.close();
	}

}
