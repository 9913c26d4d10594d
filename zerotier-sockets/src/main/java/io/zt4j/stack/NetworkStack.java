package io.zt4j.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A host on one Ethernet: addresses, routes, TCP, UDP and ICMP. Everything is confined to
 * {@link #eventLoop()} unless a method says otherwise. Buffers given to the stack belong
 * to it; buffers given to handlers belong to them.
 */
public interface NetworkStack extends AutoCloseable {

	/**
	 * Return the loop this stack is confined to. Any thread may ask.
	 * @return the event loop
	 */
	EventLoop eventLoop();

	/**
	 * Take one Ethernet frame from the link.
	 * @param frame the frame, Ethernet header first
	 */
	void receive(ByteBuf frame);

	/**
	 * The batch is over: send acknowledgements and window updates now, deliver readable
	 * events.
	 */
	void receiveComplete();

	/**
	 * Add an address and the on-link route that its prefix implies.
	 * @param address the address
	 */
	void addAddress(InterfaceAddress address);

	/**
	 * Remove an address; connections and sockets bound to it fail.
	 * @param address the address
	 */
	void removeAddress(InetAddress address);

	/**
	 * Return the addresses. Any thread may ask.
	 * @return an immutable snapshot
	 */
	List<InterfaceAddress> addresses();

	/**
	 * Replace the routes beyond those implied by addresses.
	 * @param routes the routes
	 */
	void routes(List<IpRoute> routes);

	/**
	 * Return the routes set by {@link #routes(List)}. Any thread may ask.
	 * @return an immutable snapshot
	 */
	List<IpRoute> routes();

	/**
	 * The link's MTU changed.
	 */
	void mtuChanged();

	/**
	 * Whether a destination can be reached: own address, on-link or by a route. Any
	 * thread may ask.
	 * @param destination the destination
	 * @return true if there is a route
	 */
	boolean reaches(InetAddress destination);

	/**
	 * Listen for TCP connections.
	 * @param local address (a wildcard listens on all of its family, the IPv6 wildcard on
	 * both) and port; port 0 picks a free one
	 * @param backlog greatest number of connections not yet accepted, at least 1
	 * @param options options of accepted connections
	 * @param acceptor takes connections
	 * @return the listener
	 * @throws IOException {@link java.net.BindException} if the address is not ours or
	 * the port is taken
	 */
	TcpListener listen(InetSocketAddress local, int backlog, TcpOptions options, TcpListener.Acceptor acceptor)
			throws IOException;

	/**
	 * Begin to connect. The handler learns the outcome.
	 * @param local address and port to connect from; null, a wildcard or port 0 leave the
	 * choice to the stack
	 * @param remote where to
	 * @param options options
	 * @param handler takes the connection's events
	 * @return the connection, in SYN-SENT
	 * @throws IOException {@link java.net.NoRouteToHostException} or
	 * {@link java.net.BindException}
	 */
	TcpConnection connect(@Nullable InetSocketAddress local, InetSocketAddress remote, TcpOptions options,
			TcpConnection.Handler handler) throws IOException;

	/**
	 * Bind a UDP socket.
	 * @param local address or wildcard, and port; port 0 picks a free one
	 * @param reuseAddress whether several sockets may share the port (multicast)
	 * @param handler takes datagrams
	 * @return the socket
	 * @throws IOException {@link java.net.BindException} if the address is not ours or
	 * the port is taken
	 */
	UdpSocket bind(InetSocketAddress local, boolean reuseAddress, UdpSocket.Handler handler) throws IOException;

	/**
	 * Send an ICMP or ICMPv6 echo request. Any thread may call.
	 * @param destination whom to ping
	 * @param payloadLength bytes of payload, 0..65000
	 * @param timeout how long to wait
	 * @return the round-trip time, or {@link java.net.NoRouteToHostException} or
	 * {@link java.util.concurrent.TimeoutException}
	 */
	CompletionStage<Duration> ping(InetAddress destination, int payloadLength, Duration timeout);

	/**
	 * Return counters. Any thread may ask.
	 * @return a snapshot
	 */
	StackStatistics statistics();

	/**
	 * Reset all connections and close all sockets, release everything.
	 */
	@Override
	void close();

}
