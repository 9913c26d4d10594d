package io.zt4j.stack.udp;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.zt4j.stack.UdpSocket;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;
import io.zt4j.stack.icmp.IcmpErrors;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IcmpError;
import io.zt4j.stack.ip.IpDatagram;
import io.zt4j.stack.ip.IpLayer;
import io.zt4j.stack.ip.TransportProtocol;

/**
 * UDP (RFC 768, RFC 1122 4.1, RFC 8200 8.1). Confined to the event loop.
 */
public final class UdpProtocol implements TransportProtocol {

	static final int HEADER_LENGTH = 8;

	// RFC 6335 6
	private static final int FIRST_EPHEMERAL = 49_152;

	private static final int EPHEMERALS = 65_536 - FIRST_EPHEMERAL;

	private final IntObjectMap<List<BoundSocket>> ports = new IntObjectHashMap<>();

	private final IpLayer ip;

	private final RandomGenerator random;

	private final Drops drops;

	private final IcmpErrors errors;

	private long received;

	private long sent;

	private boolean closed;

	/**
	 * Make the protocol.
	 * @param ip sends
	 * @param random chooses ports
	 * @param drops counts dropped datagrams
	 * @param errors tells senders that nobody listens
	 */
	public UdpProtocol(IpLayer ip, RandomGenerator random, Drops drops, IcmpErrors errors) {
		this.ip = ip;
		this.random = random;
		this.drops = drops;
		this.errors = errors;
	}

	/**
	 * Bind a socket.
	 * @param local address, multicast address or wildcard, and port; port 0 picks one
	 * @param reuseAddress whether several sockets may share the port
	 * @param handler takes datagrams
	 * @return the socket
	 * @throws IOException {@link BindException} if the address is not ours or the port is
	 * taken
	 */
	public UdpSocket bind(InetSocketAddress local, boolean reuseAddress, UdpSocket.Handler handler) throws IOException {
		InetAddress address = local.getAddress();
		if (this.closed) {
			throw new BindException("The stack is closed");
		}
		if (address == null) {
			throw new BindException("Cannot bind to unresolved address " + local.getHostString());
		}
		if (!address.isAnyLocalAddress() && !address.isMulticastAddress() && !this.ip.isLocal(address)) {
			throw new BindException("Cannot bind to " + address.getHostAddress() + ": not an address of this stack");
		}
		int port = (local.getPort() != 0) ? local.getPort() : freePort(address);
		List<BoundSocket> bound = this.ports.get(port);
		if (bound != null && conflicts(bound, address, reuseAddress)) {
			throw new BindException("Address already in use: " + address.getHostAddress() + " port " + port);
		}
		BoundSocket socket = new BoundSocket(this, this.ip, address, port, reuseAddress, handler);
		if (bound == null) {
			bound = new ArrayList<>(1);
			this.ports.put(port, bound);
		}
		bound.add(socket);
		return socket;
	}

	private int freePort(InetAddress address) throws BindException {
		// RFC 6056 3.3.1
		int start = this.random.nextInt(EPHEMERALS);
		for (int i = 0; i < EPHEMERALS; i++) {
			int port = FIRST_EPHEMERAL + (start + i) % EPHEMERALS;
			List<BoundSocket> bound = this.ports.get(port);
			if (bound == null || !conflicts(bound, address, false)) {
				return port;
			}
		}
		throw new BindException("All ephemeral ports are in use");
	}

	private static boolean conflicts(List<BoundSocket> bound, InetAddress address, boolean reuseAddress) {
		for (BoundSocket other : bound) {
			if (!(reuseAddress && other.reuseAddress) && (other.address.equals(address)
					|| covers(other.address, address) || covers(address, other.address))) {
				return true;
			}
		}
		return false;
	}

	/* Whether a binding receives what is sent to an address */
	private static boolean covers(InetAddress binding, InetAddress address) {
		return binding.isAnyLocalAddress() && (!(binding instanceof Inet4Address) || address instanceof Inet4Address);
	}

	@Override
	public void receive(IpDatagram datagram) {
		ByteBuf packet = datagram.payload();
		int index = packet.readerIndex();
		int available = packet.readableBytes();
		int length = (available >= HEADER_LENGTH) ? packet.getUnsignedShort(index + 4) : 0;
		int destinationPort = (length >= HEADER_LENGTH) ? packet.getUnsignedShort(index + 2) : 0;
		if (destinationPort == 0 || length > available) {
			this.drops.count(DropReason.UDP_MALFORMED);
			return;
		}
		packet.writerIndex(index + length);
		boolean absent = packet.getUnsignedShort(index + 6) == 0;
		if (absent ? datagram.version() == 6 : !Checksum.isValid(datagram)) {
			this.drops.count(DropReason.UDP_BAD_CHECKSUM);
			return;
		}
		List<BoundSocket> bound = this.ports.get(destinationPort);
		boolean taken = bound != null
				&& (datagram.isUnicast() ? deliverUnicast(datagram, bound) : deliverGroup(datagram, bound));
		if (!taken) {
			this.drops.count(DropReason.UDP_NO_PORT);
			this.errors.portUnreachable(datagram);
		}
	}

	private boolean deliverUnicast(IpDatagram datagram, List<BoundSocket> bound) {
		InetAddress destination = datagram.destination();
		BoundSocket best = null;
		for (BoundSocket socket : bound) {
			if (socket.address.equals(destination)) {
				best = socket;
				break;
			}
			// a wildcard of the same family is the better match
			if (covers(socket.address, destination)
					&& (best == null || socket.address.getClass() == destination.getClass())) {
				best = socket;
			}
		}
		if (best == null) {
			return false;
		}
		deliver(datagram, best);
		return true;
	}

	private boolean deliverGroup(IpDatagram datagram, List<BoundSocket> bound) {
		InetAddress destination = datagram.destination();
		boolean multicast = destination.isMulticastAddress();
		boolean taken = false;
		for (BoundSocket socket : bound.toArray(new BoundSocket[0])) {
			boolean matches = covers(socket.address, destination) || socket.address.equals(destination);
			if (matches && (!multicast || socket.isMember(destination))) {
				deliver(datagram, socket);
				taken = true;
			}
		}
		return taken;
	}

	private void deliver(IpDatagram datagram, BoundSocket socket) {
		ByteBuf packet = datagram.payload();
		int index = packet.readerIndex();
		int length = packet.readableBytes();
		this.received++;
		socket.deliver(new InetSocketAddress(datagram.source(), packet.getUnsignedShort(index)),
				new InetSocketAddress(datagram.destination(), socket.port),
				packet.retainedSlice(index + HEADER_LENGTH, length - HEADER_LENGTH));
	}

	@Override
	public void error(InetAddress local, InetAddress remote, IcmpError error, ByteBuf quotedTransportHeader) {
		if (quotedTransportHeader.readableBytes() < 4 || error == IcmpError.PACKET_TOO_BIG) {
			return;
		}
		int index = quotedTransportHeader.readerIndex();
		List<BoundSocket> bound = this.ports.get(quotedTransportHeader.getUnsignedShort(index));
		if (bound == null) {
			return;
		}
		InetSocketAddress destination = new InetSocketAddress(remote,
				quotedTransportHeader.getUnsignedShort(index + 2));
		for (BoundSocket socket : bound.toArray(new BoundSocket[0])) {
			if (socket.address.equals(local) || covers(socket.address, local)) {
				socket.fail(destination, cause(error, destination));
				return;
			}
		}
	}

	private static IOException cause(IcmpError error, InetSocketAddress destination) {
		return switch (error) {
			case PORT_UNREACHABLE -> new PortUnreachableException("Nobody listens at " + destination);
			case HOST_UNREACHABLE -> new NoRouteToHostException("Host unreachable: " + destination);
			case NETWORK_UNREACHABLE -> new NoRouteToHostException("Network unreachable: " + destination);
			case PROHIBITED -> new NoRouteToHostException("Prohibited by a filter: " + destination);
			default -> new IOException("Datagram to " + destination + " failed: " + error);
		};
	}

	@Override
	public void batchComplete() {
	}

	void sent() {
		this.sent++;
	}

	void unbind(BoundSocket socket) {
		List<BoundSocket> bound = this.ports.get(socket.port);
		if (bound != null && bound.remove(socket) && bound.isEmpty()) {
			this.ports.remove(socket.port);
		}
	}

	/**
	 * An address is no longer ours: close the sockets bound to it.
	 * @param address the address
	 */
	public void addressRemoved(InetAddress address) {
		for (BoundSocket socket : sockets()) {
			if (socket.address.equals(address)) {
				socket.shut();
			}
		}
	}

	/**
	 * Close all sockets.
	 */
	public void close() {
		this.closed = true;
		for (BoundSocket socket : sockets()) {
			socket.shut();
		}
	}

	private BoundSocket[] sockets() {
		List<BoundSocket> all = new ArrayList<>();
		this.ports.values().forEach(all::addAll);
		return all.toArray(new BoundSocket[0]);
	}

	/**
	 * Return the datagrams delivered.
	 * @return since the beginning
	 */
	public long received() {
		return this.received;
	}

	/**
	 * Return the datagrams sent.
	 * @return since the beginning
	 */
	public long datagramsSent() {
		return this.sent;
	}

}
