package io.zt4j.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;

/**
 * A bound UDP socket (RFC 768). Confined to the stack's event loop.
 */
public interface UdpSocket {

	/**
	 * Return the address and the port in use.
	 * @return the local address, a wildcard if bound to one
	 */
	InetSocketAddress localAddress();

	/**
	 * Send one datagram.
	 * @param destination where to; may be multicast, or IPv4 broadcast
	 * @param data the payload; ownership passes to the socket
	 * @throws IOException if there is no route or the datagram exceeds 65,507 (IPv4) or
	 * 65,527 (IPv6) bytes
	 */
	void send(InetSocketAddress destination, ByteBuf data) throws IOException;

	/**
	 * Receive datagrams sent to a multicast group.
	 * @param group the multicast address
	 * @throws IOException if it is not a multicast address
	 */
	void join(InetAddress group) throws IOException;

	/**
	 * Cease to receive datagrams sent to a multicast group.
	 * @param group the multicast address
	 */
	void leave(InetAddress group);

	/**
	 * Set the time-to-live of multicast datagrams and whether they are looped back to
	 * this host.
	 * @param timeToLive 0..255
	 * @param loopback whether sockets of this host receive them
	 */
	void multicast(int timeToLive, boolean loopback);

	/**
	 * Set the DSCP and ECN bits of the IP header of datagrams sent from now on.
	 * @param value 0..255
	 */
	void trafficClass(int value);

	/**
	 * Release the port.
	 */
	void close();

	/**
	 * Takes datagrams, on the stack's event loop.
	 */
	interface Handler {

		/**
		 * One datagram arrived.
		 * @param source the sender
		 * @param destination the address it was sent to
		 * @param data the payload, owned by the handler
		 */
		void receive(InetSocketAddress source, InetSocketAddress destination, ByteBuf data);

		/**
		 * An ICMP error came back for a datagram sent (port or host unreachable).
		 * @param destination where it had been sent
		 * @param cause the error
		 */
		default void error(InetSocketAddress destination, IOException cause) {
		}

		/**
		 * The socket was closed by the stack (address removed, stack closed).
		 */
		default void closed() {
		}

	}

}
