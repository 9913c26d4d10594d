package io.zt4j.netty;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zt4j.netty.testing.ScriptedNetwork;
import io.zt4j.netty.testing.ScriptedStack;
import io.zt4j.netty.testing.StaticSocketDomain;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.TcpInfo;
import io.zt4j.stack.TcpState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link ZeroTierSocketChannel} and {@link ZeroTierServerSocketChannel} on a
 * network without TCP, where all buffers are known.
 */
class ZeroTierSocketChannelTests {

	private static final int MEGABYTE = 1 << 20;

	private final EventLoopGroup stackGroup = group("stack", 1);

	private final EventLoopGroup channelGroup = group("channels", 2);

	private final EventLoop stackLoop = this.stackGroup.next();

	private final ScriptedNetwork network = new ScriptedNetwork(this.stackLoop);

	private final List<Channel> channels = new ArrayList<>();

	private StaticSocketDomain server;

	private StaticSocketDomain client;

	@BeforeEach
	void addHosts() {
		this.server = new StaticSocketDomain(this.stackLoop, host("10.1.0.1"));
		this.client = new StaticSocketDomain(this.stackLoop, host("10.1.0.2"));
	}

	@AfterEach
	void close() {
		this.channels.forEach((channel) -> channel.close().syncUninterruptibly());
		this.channelGroup.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
		this.stackGroup.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
	}

	private static EventLoopGroup group(String name, int threads) {
		return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true),
				NioIoHandler.newFactory());
	}

	private ScriptedStack host(String address) {
		return this.network.host(new InterfaceAddress(address(address), 24));
	}

	private static InetAddress address(String literal) {
		try {
			return InetAddress.getByName(literal);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private EventLoopGroup loops(boolean inline) {
		return inline ? this.stackLoop : this.channelGroup;
	}

	private ServerBootstrap serving(boolean inline, BlockingQueue<Channel> accepted) {
		return new ServerBootstrap().group(loops(inline))
			.channelFactory(() -> new ZeroTierServerSocketChannel(this.server))
			.childHandler(new ChannelInitializer<>() {
				@Override
				protected void initChannel(Channel channel) {
					accepted.add(channel);
				}
			});
	}

	private Bootstrap connecting(boolean inline) {
		return new Bootstrap().group(loops(inline))
			.channelFactory(() -> new ZeroTierSocketChannel(this.client))
			.handler(new ChannelInboundHandlerAdapter());
	}

	private Channel open(ChannelFuture future) {
		Channel channel = future.syncUninterruptibly().channel();
		this.channels.add(channel);
		return channel;
	}

	private InetSocketAddress listen(boolean inline, BlockingQueue<Channel> accepted) {
		return (InetSocketAddress) open(serving(inline, accepted).bind(address("10.1.0.1"), 0)).localAddress();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aSenderWaitsForTheReceiver(boolean inline) throws Exception {
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		InetSocketAddress address = (InetSocketAddress) open(
				serving(inline, accepted).childOption(ChannelOption.AUTO_READ, false)
					.childOption(ChannelOption.SO_RCVBUF, 64 * 1024)
					.bind(address("10.1.0.1"), 0))
			.localAddress();
		Channel sender = open(connecting(inline).option(ChannelOption.SO_SNDBUF, 64 * 1024).connect(address));
		Channel receiver = accepted.poll(5, TimeUnit.SECONDS);
		AtomicLong received = new AtomicLong();
		receiver.pipeline().addLast(new ChannelInboundHandlerAdapter() {
			@Override
			public void channelRead(ChannelHandlerContext ctx, Object msg) {
				received.addAndGet(((ByteBuf) msg).readableBytes());
				((ByteBuf) msg).release();
			}
		});
		AtomicLong written = new AtomicLong();
		for (int i = 0; i < 16; i++) {
			sender.writeAndFlush(Unpooled.directBuffer(MEGABYTE).writeZero(MEGABYTE))
				.addListener((future) -> written.addAndGet(MEGABYTE));
		}
		Thread.sleep(200);
		assertThat(sender.isWritable()).isFalse();
		assertThat(received).hasValue(0);
		assertThat(written.get()).isLessThanOrEqualTo(2L * MEGABYTE);
		receiver.config().setAutoRead(true);
		await(() -> received.get() == 16L * MEGABYTE);
		await(() -> written.get() == 16L * MEGABYTE);
		assertThat(sender.isWritable()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void everyBufferIsReleasedWhenBothEndsCloseInTheMiddle(boolean inline) throws Exception {
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		InetSocketAddress address = (InetSocketAddress) open(
				serving(inline, accepted).childOption(ChannelOption.AUTO_READ, false).bind(address("10.1.0.1"), 0))
			.localAddress();
		UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
		Channel sender = open(connecting(inline).connect(address));
		for (int i = 0; i < 8; i++) {
			sender.writeAndFlush(allocator.buffer(MEGABYTE).writeZero(MEGABYTE));
		}
		Channel receiver = accepted.poll(5, TimeUnit.SECONDS);
		receiver.read();
		Thread.sleep(50);
		sender.close().sync();
		receiver.close().sync();
		await(() -> allocator.metric().usedDirectMemory() == 0);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void closeComesAfterWhatWasWritten(boolean inline) throws Exception {
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		InetSocketAddress address = listen(inline, accepted);
		Channel sender = open(connecting(inline).option(ChannelOption.SO_SNDBUF, 16 * 1024).connect(address));
		Channel receiver = accepted.poll(5, TimeUnit.SECONDS);
		AtomicLong received = new AtomicLong();
		receiver.pipeline().addLast(new ChannelInboundHandlerAdapter() {
			@Override
			public void channelRead(ChannelHandlerContext ctx, Object msg) {
				received.addAndGet(((ByteBuf) msg).readableBytes());
				((ByteBuf) msg).release();
			}
		});
		sender.writeAndFlush(Unpooled.directBuffer().writeZero(3 * MEGABYTE)).addListener((future) -> sender.close());
		assertThat(receiver.closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
		assertThat(received).hasValue(3L * MEGABYTE);
	}

	@Test
	void aWildcardListensOnNetworksJoinedLater() throws Exception {
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		Channel listening = open(serving(false, accepted).bind(0));
		int port = ((InetSocketAddress) listening.localAddress()).getPort();
		assertThat(port).isPositive();
		ScriptedStack second = host("10.2.0.1");
		this.server.add(second);
		this.client.add(host("10.2.0.2"));
		open(connecting(false).connect("10.1.0.1", port));
		open(connecting(false).connect("10.2.0.1", port));
		assertThat(accepted.poll(5, TimeUnit.SECONDS)).isNotNull();
		Channel other = accepted.poll(5, TimeUnit.SECONDS);
		assertThat(((InetSocketAddress) other.localAddress()).getAddress()).isEqualTo(address("10.2.0.1"));
		this.server.remove(second);
		assertThat(connecting(false).connect("10.2.0.1", port).await().cause()).isInstanceOf(ConnectException.class);
		listening.close().sync();
		assertThat(this.server.listeners()).isZero();
		assertThat(connecting(false).connect("10.1.0.1", port).await().cause()).isInstanceOf(ConnectException.class);
	}

	@Test
	void aWildcardMayBeBoundBeforeAnyNetworkIsJoined() throws Exception {
		this.server = new StaticSocketDomain(this.stackLoop);
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		Channel listening = open(serving(false, accepted).bind(0));
		this.server.add(host("10.1.0.7"));
		open(connecting(false).connect("10.1.0.7", ((InetSocketAddress) listening.localAddress()).getPort()));
		assertThat(accepted.poll(5, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void failuresAreThoseOfTheSocketsOfTheSystem() throws Exception {
		InetSocketAddress taken = listen(false, new LinkedBlockingQueue<>());
		assertThatThrownBy(() -> serving(false, new LinkedBlockingQueue<>()).bind(taken).sync())
			.isInstanceOf(BindException.class);
		assertThatThrownBy(() -> serving(false, new LinkedBlockingQueue<>()).bind("192.0.2.1", 0).sync())
			.isInstanceOf(BindException.class)
			.hasMessageContaining("192.0.2.1 is not an address of this node");
		assertThatThrownBy(() -> connecting(false).connect("192.0.2.1", 80).sync())
			.isInstanceOf(NoRouteToHostException.class)
			.hasMessageContaining("no joined network reaches 192.0.2.1");
		assertThatThrownBy(() -> connecting(false).connect("10.1.0.1", 1).sync()).isInstanceOf(ConnectException.class)
			.hasMessageContaining("refused");
		assertThatThrownBy(() -> connecting(false).localAddress(new InetSocketAddress(address("10.9.9.9"), 0))
			.connect(taken)
			.sync()).isInstanceOf(BindException.class);
		Channel unconnected = open(connecting(false).register());
		assertThat(unconnected.connect(InetSocketAddress.createUnresolved("nowhere", 1)).await().cause())
			.isInstanceOf(UnresolvedAddressException.class);
		assertThat(unconnected.closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void optionsReachTheConnectionBeforeAndAfterItIsMade() throws Exception {
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		InetSocketAddress address = listen(false, accepted);
		SocketChannel channel = (SocketChannel) open(connecting(false).option(ChannelOption.TCP_NODELAY, false)
			.option(ChannelOption.SO_KEEPALIVE, true)
			.option(ZeroTierChannelOption.TCP_KEEPIDLE, 7)
			.option(ChannelOption.IP_TOS, 0x48)
			.connect(address));
		TcpInfo info = ((ZeroTierSocketChannel) channel).tcpInfo().sync().getNow();
		assertThat(info.state()).isEqualTo(TcpState.ESTABLISHED);
		assertThat(info.receiveWindow()).isEqualTo(channel.config().getReceiveBufferSize());
		channel.config().setReceiveBufferSize(12345);
		assertThat(((ZeroTierSocketChannel) channel).tcpInfo().sync().getNow().receiveWindow()).isEqualTo(12345);
		assertThat(channel.config().isTcpNoDelay()).isFalse();
		assertThat(channel.config().getOption(ZeroTierChannelOption.TCP_KEEPIDLE)).isEqualTo(7);
		assertThat(channel.config().getOptions()).containsEntry(ChannelOption.IP_TOS, 0x48);
		assertThatThrownBy(() -> channel.config().setOption(ZeroTierChannelOption.TCP_CONGESTION, "vegas"))
			.hasMessageContaining("cubic");
	}

	@Test
	void connectionsWaitInTheBacklogWhileTheServerDoesNotRead() throws Exception {
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		Channel listening = open(serving(false, accepted).option(ChannelOption.AUTO_READ, false)
			.option(ChannelOption.SO_BACKLOG, 4)
			.bind(address("10.1.0.1"), 0));
		List<Channel> clients = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			clients.add(open(connecting(false).connect(listening.localAddress())));
		}
		assertThat(connecting(false).connect(listening.localAddress()).await().cause())
			.isInstanceOf(ConnectException.class);
		assertThat(accepted.poll(100, TimeUnit.MILLISECONDS)).isNull();
		listening.config().setAutoRead(true);
		for (int i = 0; i < 4; i++) {
			assertThat(accepted.poll(5, TimeUnit.SECONDS)).isNotNull();
		}
		assertThat(clients).allMatch(Channel::isActive);
	}

	@Test
	void channelsCloseWhenTheirEventLoopIsShutDown() throws Exception {
		EventLoopGroup own = group("own", 1);
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		InetSocketAddress address = listen(false, accepted);
		Channel channel = connecting(false).clone(own).connect(address).sync().channel();
		Channel peer = accepted.poll(5, TimeUnit.SECONDS);
		own.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync();
		assertThat(channel.isOpen()).isFalse();
		assertThat(peer.closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void aChannelMayMoveToAnotherLoop() throws Exception {
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		InetSocketAddress address = listen(false, accepted);
		Channel channel = open(connecting(false).connect(address));
		Channel peer = accepted.poll(5, TimeUnit.SECONDS);
		BlockingQueue<String> read = new LinkedBlockingQueue<>();
		peer.pipeline().addLast(new ChannelInboundHandlerAdapter() {
			@Override
			public void channelRead(ChannelHandlerContext ctx, Object msg) {
				read.add(Thread.currentThread().getName().split("-")[0] + ((ByteBuf) msg).readableBytes());
				((ByteBuf) msg).release();
			}
		});
		channel.writeAndFlush(Unpooled.buffer().writeZero(5)).sync();
		assertThat(read.poll(5, TimeUnit.SECONDS)).isEqualTo("channels5");
		peer.deregister().sync();
		channel.writeAndFlush(Unpooled.buffer().writeZero(6)).sync();
		assertThat(read.poll(100, TimeUnit.MILLISECONDS)).isNull();
		this.stackLoop.register(peer).sync();
		assertThat(read.poll(5, TimeUnit.SECONDS)).isEqualTo("stack6");
		channel.writeAndFlush(Unpooled.buffer().writeZero(7)).sync();
		assertThat(read.poll(5, TimeUnit.SECONDS)).isEqualTo("stack7");
	}

	private static void await(BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("time").isLessThan(deadline);
			Thread.sleep(2);
		}
	}

}
