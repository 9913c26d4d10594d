package io.zt4j.node.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDatagramChannelConfig;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * UDP over Netty: one socket per usable interface address, looked for again every 30 s,
 * or one per given address (VL1 13.2). On an epoll loop datagrams are received and sent
 * many at a time (recvmmsg, sendmmsg). Confined to its event loop.
 */
public final class UdpTransport implements PhysicalTransport {

	private static final Logger logger = LoggerFactory.getLogger(UdpTransport.class);

	private static final long RESCAN_SECONDS = 30;

	/** Room for the longest datagram a peer may send (VL1 7.4). */
	private static final int MAXIMUM_DATAGRAM = 10_240;

	private static final int RECEIVE_BATCH = 16;

	private static final int SOCKET_BUFFER = 4 << 20;

	private static final WriteBufferWaterMark QUEUE = new WriteBufferWaterMark(2 << 20, 8 << 20);

	private final EventLoop loop;

	private final int port;

	private final @Nullable List<InetAddress> given;

	private final Set<InetAddress> additional;

	private final Map<InetAddress, UdpSocket> sockets = new LinkedHashMap<>();

	private volatile List<LocalSocket> snapshot = List.of();

	private int boundPort;

	private boolean closed;

	private @Nullable ScheduledFuture<?> rescan;

	/**
	 * Create a transport; nothing is bound before {@link #open}.
	 * @param loop the node's event loop, of Netty's epoll or NIO kind
	 * @param port the UDP port, 0 for any free one, the same for all addresses
	 * @param addresses the addresses to bind, or null for all usable ones
	 * @param additional addresses to bind besides the usable ones, such as loopback
	 * @throws IllegalArgumentException if the loop is of another kind
	 */
	public UdpTransport(EventLoop loop, int port, @Nullable List<InetAddress> addresses, Set<InetAddress> additional) {
		if (!(loop instanceof IoEventLoop io)
				|| !(io.isIoType(EpollIoHandler.class) || io.isIoType(NioIoHandler.class))) {
			throw new IllegalArgumentException("UDP needs an event loop made with EpollIoHandler.newFactory() or "
					+ "NioIoHandler.newFactory(); give such a loop, or give a transport of your own as well");
		}
		this.loop = loop;
		this.port = port;
		this.given = (addresses != null) ? List.copyOf(addresses) : null;
		this.additional = Set.copyOf(additional);
	}

	@Override
	public CompletionStage<Void> open(Receiver receiver) {
		this.boundPort = this.port;
		Set<InetAddress> wanted;
		try {
			wanted = wanted();
		}
		catch (IOException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		CompletableFuture<Void> opened = new CompletableFuture<>();
		bindNext(new ArrayList<>(wanted), 0, receiver, opened);
		return opened;
	}

	private Set<InetAddress> wanted() throws IOException {
		if (this.given != null) {
			return new LinkedHashSet<>(this.given);
		}
		Set<InetAddress> wanted = LocalInterfaces.usable();
		wanted.addAll(this.additional);
		if (wanted.isEmpty()) {
			logger.warn("No network interface has a usable address: only nodes on this machine can be reached");
			wanted.add(InetAddress.getLoopbackAddress());
		}
		return wanted;
	}

	// one after the other, so that port 0 becomes the same port everywhere
	private void bindNext(List<InetAddress> wanted, int index, Receiver receiver, CompletableFuture<Void> opened) {
		if (index == wanted.size()) {
			if (this.given == null) {
				this.rescan = this.loop.scheduleWithFixedDelay(() -> rescan(receiver), RESCAN_SECONDS, RESCAN_SECONDS,
						TimeUnit.SECONDS);
			}
			opened.complete(null);
			return;
		}
		InetAddress address = wanted.get(index);
		bind(address, receiver).addListener((ChannelFuture future) -> {
			if (!future.isSuccess()) {
				BindException failure = new BindException(
						"Cannot bind UDP " + address.getHostAddress() + " port " + this.boundPort + ": "
								+ future.cause().getMessage() + "; choose another port, or 0 for any free one");
				failure.initCause(future.cause());
				close().whenComplete((done, ex) -> opened.completeExceptionally(failure));
				return;
			}
			bound(address, future.channel(), receiver);
			bindNext(wanted, index + 1, receiver, opened);
		});
	}

	private void bound(InetAddress address, Channel channel, Receiver receiver) {
		UdpSocket socket = new UdpSocket(channel, receiver);
		if (this.closed) {
			channel.close();
			return;
		}
		channel.pipeline().addLast(socket);
		channel.config().setAutoRead(true);
		this.boundPort = socket.address().getPort();
		this.sockets.put(address, socket);
		this.snapshot = List.copyOf(this.sockets.values());
		channel.closeFuture().addListener((future) -> {
			this.sockets.remove(address, socket);
			this.snapshot = List.copyOf(this.sockets.values());
		});
		logger.debug("Bound {}", socket);
	}

	private ChannelFuture bind(InetAddress address, Receiver receiver) {
		boolean epoll = ((IoEventLoop) this.loop).isIoType(EpollIoHandler.class);
		SocketProtocolFamily family = UdpSocket.isIpv4(address) ? SocketProtocolFamily.INET
				: SocketProtocolFamily.INET6;
		Bootstrap bootstrap = new Bootstrap().group(this.loop)
			.channelFactory(() -> newChannel(epoll, family))
			.option(ChannelOption.AUTO_READ, false)
			.option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
			.option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
			.option(ChannelOption.WRITE_BUFFER_WATER_MARK, QUEUE)
			.handler(new ChannelInboundHandlerAdapter());
		if (epoll) {
			bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAXIMUM_DATAGRAM)
				.option(ChannelOption.RECVBUF_ALLOCATOR,
						new FixedRecvByteBufAllocator(MAXIMUM_DATAGRAM * RECEIVE_BATCH).maxMessagesPerRead(64));
		}
		else {
			bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR,
					new FixedRecvByteBufAllocator(MAXIMUM_DATAGRAM).maxMessagesPerRead(64));
		}
		return bootstrap.bind(address, this.boundPort);
	}

	private static DatagramChannel newChannel(boolean epoll, SocketProtocolFamily family) {
		return epoll ? new EpollDatagramChannel(family) : new NioDatagramChannel(family);
	}

	private void rescan(Receiver receiver) {
		Set<InetAddress> wanted;
		try {
			wanted = wanted();
		}
		catch (IOException ex) {
			logger.warn("Cannot list network interfaces: {}", ex.getMessage());
			return;
		}
		for (Map.Entry<InetAddress, UdpSocket> socket : List.copyOf(this.sockets.entrySet())) {
			if (!wanted.contains(socket.getKey())) {
				socket.getValue().channel().close();
			}
		}
		for (InetAddress address : wanted) {
			if (!this.sockets.containsKey(address)) {
				bind(address, receiver).addListener((ChannelFuture future) -> {
					if (future.isSuccess()) {
						bound(address, future.channel(), receiver);
					}
					else {
						logger.debug("Cannot bind {}: {}", address, future.cause().toString());
					}
				});
			}
		}
	}

	@Override
	public List<LocalSocket> sockets() {
		return this.snapshot;
	}

	@Override
	public void send(@Nullable LocalSocket socket, InetSocketAddress destination, ByteBuf datagram) {
		if (socket instanceof UdpSocket one) {
			one.send(destination, datagram);
			return;
		}
		for (UdpSocket each : this.sockets.values()) {
			if (each.reaches(destination.getAddress())) {
				each.send(destination, datagram.retainedDuplicate());
			}
		}
		datagram.release();
	}

	@Override
	public void sendWithTtl(LocalSocket socket, InetSocketAddress destination, ByteBuf datagram, int ttl) {
		UdpSocket udp = (UdpSocket) socket;
		udp.flush();
		DatagramChannelConfig config = ((DatagramChannel) udp.channel()).config();
		int usual = -1;
		try {
			// Java and the kernel offer this for IPv4 only
			if (UdpSocket.isIpv4(destination.getAddress()) && config instanceof EpollDatagramChannelConfig) {
				usual = config.getTimeToLive();
				config.setTimeToLive(ttl);
			}
		}
		catch (RuntimeException ex) {
			usual = -1;
		}
		udp.send(destination, datagram);
		if (usual >= 0) {
			udp.flush();
			config.setTimeToLive(usual);
		}
	}

	@Override
	public void flush() {
		for (UdpSocket socket : this.sockets.values()) {
			socket.flush();
		}
	}

	@Override
	public CompletionStage<Void> close() {
		this.closed = true;
		if (this.rescan != null) {
			this.rescan.cancel(false);
		}
		List<CompletableFuture<Void>> closing = new ArrayList<>();
		for (UdpSocket socket : List.copyOf(this.sockets.values())) {
			socket.flush();
			CompletableFuture<Void> done = new CompletableFuture<>();
			socket.channel().close().addListener((future) -> done.complete(null));
			closing.add(done);
		}
		return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
	}

}
