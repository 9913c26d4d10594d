package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.ip.IcmpError;
import io.zt4j.stack.ip.IpDatagram;
import io.zt4j.stack.ip.IpOutput;
import io.zt4j.stack.ip.TransportProtocol;
import org.jspecify.annotations.Nullable;

/**
 * TCP of one host (RFC 9293). Confined to the event loop except where a method says
 * otherwise.
 */
public final class TcpProtocol implements TransportProtocol {

	private final IpOutput ip;

	/**
	 * Create the protocol.
	 * @param loop the loop everything is confined to
	 * @param ticker monotonic time, the same the loop's timers run by
	 * @param random makes secrets, ports and sequence numbers; unpredictable outside of
	 * tests
	 * @param ip what stands below
	 */
	public TcpProtocol(EventLoop loop, Ticker ticker, RandomGenerator random, IpOutput ip) {
		this.ip = ip;
	}

	/**
	 * Listen for connections.
	 * @param local address or wildcard, and port; port 0 picks a free one
	 * @param backlog greatest number of connections not yet accepted, at least 1
	 * @param options options of accepted connections
	 * @param acceptor takes connections
	 * @return the listener
	 * @throws IOException {@link java.net.BindException} if the address is not ours or
	 * the port is taken
	 */
	public TcpListener listen(InetSocketAddress local, int backlog, TcpOptions options, TcpListener.Acceptor acceptor)
			throws IOException {
		throw new IOException("TCP is not built yet");
	}

	/**
	 * Begin to connect.
	 * @param local address and port to connect from; null, a wildcard or port 0 leave the
	 * choice to the stack
	 * @param remote where to
	 * @param options options
	 * @param handler takes the connection's events
	 * @return the connection, in SYN-SENT
	 * @throws IOException {@link java.net.NoRouteToHostException} or
	 * {@link java.net.BindException}
	 */
	public TcpConnection connect(@Nullable InetSocketAddress local, InetSocketAddress remote, TcpOptions options,
			TcpConnection.Handler handler) throws IOException {
		throw new IOException("TCP is not built yet");
	}

	/**
	 * An address of this host was removed: connections and listeners bound to it fail.
	 * @param address the address
	 */
	public void addressRemoved(InetAddress address) {
	}

	@Override
	public void receive(IpDatagram datagram) {
	}

	@Override
	public void error(InetAddress local, InetAddress remote, IcmpError error, ByteBuf quotedTransportHeader) {
	}

	@Override
	public void batchComplete() {
		this.ip.flush();
	}

	/**
	 * Return the connections in any state but CLOSED. Any thread may ask.
	 * @return how many
	 */
	public int connections() {
		return 0;
	}

	/**
	 * Return the segments received. Any thread may ask.
	 * @return how many
	 */
	public long segmentsReceived() {
		return 0;
	}

	/**
	 * Return the segments sent, retransmissions included. Any thread may ask.
	 * @return how many
	 */
	public long segmentsSent() {
		return 0;
	}

	/**
	 * Return the segments sent again. Any thread may ask.
	 * @return how many
	 */
	public long segmentsRetransmitted() {
		return 0;
	}

	/**
	 * Return the segments dropped, by reason. Any thread may ask.
	 * @return a snapshot
	 */
	public Map<String, Long> drops() {
		return Map.of();
	}

	/**
	 * Reset all connections, close all listeners.
	 */
	public void close() {
	}

}
