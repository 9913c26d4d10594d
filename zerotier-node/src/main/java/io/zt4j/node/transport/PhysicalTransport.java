package io.zt4j.node.transport;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Carries datagrams for VL1. A transport may own several local sockets; VL1 names them by
 * the object it was given with a received datagram. Confined to the node's event loop.
 */
public interface PhysicalTransport {

	/**
	 * Open the sockets and begin to deliver.
	 * @param receiver where datagrams go, always on the node's event loop
	 * @return completes when bound, or exceptionally with a
	 * {@link java.net.BindException} that names the address and port
	 */
	CompletionStage<Void> open(Receiver receiver);

	/**
	 * Return the sockets open now.
	 * @return an immutable snapshot
	 */
	List<LocalSocket> sockets();

	/**
	 * Queue one datagram.
	 * @param socket the socket to send from; null sends from every socket of the
	 * destination's address family
	 * @param destination where to
	 * @param datagram the payload; ownership passes to the transport
	 */
	void send(@Nullable LocalSocket socket, InetSocketAddress destination, ByteBuf datagram);

	/**
	 * Send one datagram with a small IP time-to-live, to open a NAT without reaching the
	 * peer (VL1 8.6). Where the TTL cannot be set the datagram is sent as usual.
	 * @param socket the socket to send from
	 * @param destination where to
	 * @param datagram the payload; ownership passes to the transport
	 * @param ttl hops, 1..255
	 */
	void sendWithTtl(LocalSocket socket, InetSocketAddress destination, ByteBuf datagram, int ttl);

	/**
	 * Hand everything queued to the operating system.
	 */
	void flush();

	/**
	 * Close all sockets.
	 * @return completes when closed
	 */
	CompletionStage<Void> close();

	/**
	 * One open socket.
	 */
	interface LocalSocket {

		/**
		 * Return the local address, possibly a wildcard.
		 * @return the address and port
		 */
		InetSocketAddress address();

	}

	/**
	 * Takes what arrives.
	 */
	interface Receiver {

		/**
		 * One datagram arrived.
		 * @param socket the socket it arrived on
		 * @param source where it came from
		 * @param datagram the payload; ownership passes to the receiver
		 */
		void receive(LocalSocket socket, InetSocketAddress source, ByteBuf datagram);

		/**
		 * The batch is over: nothing more is waiting in the socket for now.
		 */
		void receiveComplete();

	}

}
