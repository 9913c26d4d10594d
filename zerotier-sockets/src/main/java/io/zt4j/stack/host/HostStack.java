package io.zt4j.stack.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.jspecify.annotations.Nullable;

/**
 * The stack of one host on one Ethernet.
 */
public final class HostStack implements NetworkStack {

	private final EthernetLink link;

	private final EventLoop loop;

	/**
	 * Create a stack without addresses but the IPv6 link-local one.
	 * @param link the Ethernet below
	 * @param loop the loop to which everything is confined
	 * @param ticker monotonic time in nanoseconds, the same time the loop's timers run by
	 * @param random makes ports, identifiers and sequence numbers; unpredictable outside
	 * of tests
	 */
	public HostStack(EthernetLink link, EventLoop loop, Ticker ticker, RandomGenerator random) {
		this.link = link;
		this.loop = loop;
	}

	@Override
	public EventLoop eventLoop() {
		return this.loop;
	}

	@Override
	public void receive(ByteBuf frame) {
		frame.release();
	}

	@Override
	public void receiveComplete() {
		this.link.flush();
	}

	@Override
	public void addAddress(InterfaceAddress address) {
	}

	@Override
	public void removeAddress(InetAddress address) {
	}

	@Override
	public List<InterfaceAddress> addresses() {
		return List.of();
	}

	@Override
	public void routes(List<IpRoute> routes) {
	}

	@Override
	public List<IpRoute> routes() {
		return List.of();
	}

	@Override
	public void mtuChanged() {
	}

	@Override
	public boolean reaches(InetAddress destination) {
		return false;
	}

	@Override
	public TcpListener listen(InetSocketAddress local, int backlog, TcpOptions options, TcpListener.Acceptor acceptor)
			throws IOException {
		throw new IOException("not built yet");
	}

	@Override
	public TcpConnection connect(@Nullable InetSocketAddress local, InetSocketAddress remote, TcpOptions options,
			TcpConnection.Handler handler) throws IOException {
		throw new IOException("not built yet");
	}

	@Override
	public UdpSocket bind(InetSocketAddress local, boolean reuseAddress, UdpSocket.Handler handler) throws IOException {
		throw new IOException("not built yet");
	}

	@Override
	public CompletionStage<Duration> ping(InetAddress destination, int payloadLength, Duration timeout) {
		return java.util.concurrent.CompletableFuture.failedFuture(new IOException("not built yet"));
	}

	@Override
	public StackStatistics statistics() {
		return new StackStatistics(0, 0, 0, 0, 0, 0, 0, 0, Map.of());
	}

	@Override
	public void close() {
	}

}
