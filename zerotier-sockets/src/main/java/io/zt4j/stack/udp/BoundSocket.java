package io.zt4j.stack.udp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.UdpSocket;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IpLayer;
import io.zt4j.stack.ip.IpProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound socket.
 */
final class BoundSocket implements UdpSocket {

	private static final Logger logger = LoggerFactory.getLogger(BoundSocket.class);

	private static final int MAXIMUM_4 = 65_535 - 20 - UdpProtocol.HEADER_LENGTH;

	private static final int MAXIMUM_6 = 65_535 - UdpProtocol.HEADER_LENGTH;

	private static final int HOP_LIMIT = 64;

	final InetAddress address;

	final int port;

	final boolean reuseAddress;

	private final UdpProtocol protocol;

	private final IpLayer ip;

	private final Handler handler;

	private final Set<InetAddress> memberships = new HashSet<>();

	// RFC 1112 6.1: multicast goes no further than the first network unless told to
	private int multicastHopLimit = 1;

	private boolean multicastLoopback = true;

	private int trafficClass;

	private boolean open = true;

	BoundSocket(UdpProtocol protocol, IpLayer ip, InetAddress address, int port, boolean reuseAddress,
			Handler handler) {
		this.protocol = protocol;
		this.ip = ip;
		this.address = address;
		this.port = port;
		this.reuseAddress = reuseAddress;
		this.handler = handler;
	}

	@Override
	public InetSocketAddress localAddress() {
		return new InetSocketAddress(this.address, this.port);
	}

	@Override
	public void send(InetSocketAddress destination, ByteBuf data) throws IOException {
		try {
			doSend(destination, data);
		}
		finally {
			data.release();
		}
	}

	private void doSend(InetSocketAddress destination, ByteBuf data) throws IOException {
		if (!this.open) {
			throw new SocketException("Socket is closed");
		}
		InetAddress to = destination.getAddress();
		if (to == null || destination.getPort() == 0) {
			throw new SocketException("Cannot send to " + destination + ": address unresolved or port 0");
		}
		boolean four = to instanceof Inet4Address;
		int length = data.readableBytes();
		if (length > (four ? MAXIMUM_4 : MAXIMUM_6)) {
			throw new SocketException(
					"Message too long: " + length + " bytes, at most " + (four ? MAXIMUM_4 : MAXIMUM_6));
		}
		InetAddress from = source(to, four);
		ByteBuf segment = this.ip.allocate(UdpProtocol.HEADER_LENGTH + length);
		segment.writeShort(this.port).writeShort(destination.getPort());
		segment.writeShort(UdpProtocol.HEADER_LENGTH + length).writeShort(0);
		segment.writeBytes(data, data.readerIndex(), length);
		int checksum = Checksum.ofTransport(from, to, IpProtocol.UDP, segment);
		// RFC 768: zero means none, its equal in ones' complement stands in
		segment.setShort(segment.readerIndex() + 6, (checksum == 0) ? 0xffff : checksum);
		this.protocol.sent();
		boolean multicast = to.isMulticastAddress();
		this.ip.send(from, to, IpProtocol.UDP, this.trafficClass, multicast ? this.multicastHopLimit : HOP_LIMIT,
				!multicast || this.multicastLoopback, segment);
	}

	private InetAddress source(InetAddress to, boolean four) throws IOException {
		boolean chooses = this.address.isAnyLocalAddress() || this.address.isMulticastAddress();
		if (this.address instanceof Inet4Address != four && (four ? !this.address.isAnyLocalAddress() : true)) {
			throw new SocketException("A socket bound to " + this.address.getHostAddress() + " cannot send to "
					+ to.getHostAddress() + ": another address family");
		}
		InetAddress from = this.ip.sourceFor(to);
		if (from == null) {
			throw new NoRouteToHostException("No route to " + to.getHostAddress());
		}
		return chooses ? from : this.address;
	}

	@Override
	public void join(InetAddress group) throws IOException {
		if (!group.isMulticastAddress()) {
			throw new SocketException(group.getHostAddress() + " is not a multicast address");
		}
		if (!this.open) {
			throw new SocketException("Socket is closed");
		}
		if (this.memberships.add(group)) {
			this.ip.join(group);
		}
	}

	@Override
	public void leave(InetAddress group) {
		if (this.memberships.remove(group)) {
			this.ip.leave(group);
		}
	}

	@Override
	public void multicast(int timeToLive, boolean loopback) {
		if (timeToLive < 0 || timeToLive > 255) {
			throw new IllegalArgumentException("Time to live must be 0..255, not " + timeToLive);
		}
		this.multicastHopLimit = timeToLive;
		this.multicastLoopback = loopback;
	}

	@Override
	public void trafficClass(int value) {
		if (value < 0 || value > 255) {
			throw new IllegalArgumentException("Traffic class must be 0..255, not " + value);
		}
		this.trafficClass = value;
	}

	@Override
	public void close() {
		if (this.open) {
			this.open = false;
			this.memberships.forEach(this.ip::leave);
			this.memberships.clear();
			this.protocol.unbind(this);
		}
	}

	boolean isMember(InetAddress group) {
		return this.memberships.contains(group);
	}

	/** Close from below. */
	void shut() {
		if (this.open) {
			close();
			try {
				this.handler.closed();
			}
			catch (RuntimeException ex) {
				logger.warn("Handler of UDP port {} failed", this.port, ex);
			}
		}
	}

	void deliver(InetSocketAddress source, InetSocketAddress destination, ByteBuf data) {
		if (!this.open) {
			data.release();
			return;
		}
		try {
			this.handler.receive(source, destination, data);
		}
		catch (RuntimeException ex) {
			logger.warn("Handler of UDP port {} failed", this.port, ex);
		}
	}

	void fail(InetSocketAddress destination, IOException cause) {
		try {
			this.handler.error(destination, cause);
		}
		catch (RuntimeException ex) {
			logger.warn("Handler of UDP port {} failed", this.port, ex);
		}
	}

}
