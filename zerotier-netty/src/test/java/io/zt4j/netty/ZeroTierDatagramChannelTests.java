package io.zt4j.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zt4j.netty.testing.HostNetwork;
import io.zt4j.netty.testing.StaticSocketDomain;
import io.zt4j.stack.InterfaceAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link ZeroTierDatagramChannel}.
 */
class ZeroTierDatagramChannelTests {

	private final MultiThreadIoEventLoopGroup stackGroup = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("stack", true), NioIoHandler.newFactory());

	private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("channels", true), NioIoHandler.newFactory());

	private InetAddress addressA;

	private InetAddress addressB;

	private StaticSocketDomain a;

	private StaticSocketDomain b;

	@BeforeEach
	void addHosts() throws Exception {
		EventLoop loop = this.stackGroup.next();
		HostNetwork network = new HostNetwork(loop, 3);
		this.addressA = InetAddress.getByName("10.3.0.1");
		this.addressB = InetAddress.getByName("10.3.0.2");
		this.a = network.domain(new InterfaceAddress(this.addressA, 24));
		this.b = network.domain(new InterfaceAddress(this.addressB, 24));
	}

	@AfterEach
	void close() {
		this.group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
		this.stackGroup.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
	}

	private Bootstrap channel(StaticSocketDomain domain, BlockingQueue<DatagramPacket> received) {
		return new Bootstrap().group(this.group)
			.channelFactory(() -> new ZeroTierDatagramChannel(domain))
			.handler(new SimpleChannelInboundHandler<DatagramPacket>() {
				@Override
				protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
					received.add(packet.retain());
				}
			});
	}

	@Test
	void aDatagramThatCannotBeSentFailsItsOwnWriteOnly() throws Exception {
		BlockingQueue<DatagramPacket> received = new LinkedBlockingQueue<>();
		Channel to = channel(this.b, received).bind(this.addressB, 0).sync().channel();
		int port = ((InetSocketAddress) to.localAddress()).getPort();
		Channel from = channel(this.a, new LinkedBlockingQueue<>()).bind(0).sync().channel();
		assertThatThrownBy(() -> from.writeAndFlush(packet(65508, new InetSocketAddress(this.addressB, port))).sync())
			.isInstanceOf(SocketException.class)
			.hasMessageContaining("at most 65507");
		assertThatThrownBy(() -> from.writeAndFlush(packet(1, new InetSocketAddress("192.0.2.9", port))).sync())
			.isInstanceOf(NoRouteToHostException.class);
		assertThatThrownBy(() -> from.writeAndFlush(packet(1, new InetSocketAddress("10.3.0.255", port))).sync())
			.isInstanceOf(SocketException.class)
			.hasMessageContaining("SO_BROADCAST");
		from.writeAndFlush(packet(65507, new InetSocketAddress(this.addressB, port))).sync();
		DatagramPacket packet = received.poll(5, TimeUnit.SECONDS);
		assertThat(packet.content().readableBytes()).isEqualTo(65507);
		assertThat(packet.sender().getAddress()).isEqualTo(this.addressA);
		packet.release();
		from.close().sync();
		to.close().sync();
	}

	@Test
	void broadcastReachesAllHostsWhenAllowed() throws Exception {
		BlockingQueue<DatagramPacket> received = new LinkedBlockingQueue<>();
		Channel to = channel(this.b, received).option(ZeroTierChannelOption.IP_RECVORIGDSTADDR, true)
			.bind(0)
			.sync()
			.channel();
		int port = ((InetSocketAddress) to.localAddress()).getPort();
		Channel from = channel(this.a, new LinkedBlockingQueue<>()).option(ChannelOption.SO_BROADCAST, true)
			.bind(0)
			.sync()
			.channel();
		from.writeAndFlush(packet(3, new InetSocketAddress("10.3.0.255", port))).sync();
		DatagramPacket packet = received.poll(5, TimeUnit.SECONDS);
		assertThat(packet.recipient()).isEqualTo(new InetSocketAddress("10.3.0.255", port));
		packet.release();
		from.close().sync();
		to.close().sync();
	}

	@Test
	void whatTheReceiveBufferCannotHoldIsDropped() throws Exception {
		BlockingQueue<DatagramPacket> received = new LinkedBlockingQueue<>();
		Channel to = channel(this.b, received).option(ChannelOption.AUTO_READ, false)
			.option(ChannelOption.SO_RCVBUF, 10 * 1064)
			.bind(this.addressB, 0)
			.sync()
			.channel();
		Channel from = channel(this.a, new LinkedBlockingQueue<>()).bind(this.addressA, 0).sync().channel();
		for (int i = 0; i < 100; i++) {
			from.writeAndFlush(packet(1000, (InetSocketAddress) to.localAddress())).sync();
		}
		// what is sent last is on its way when what was sent before has arrived
		Thread.sleep(100);
		to.config().setAutoRead(true);
		for (int i = 0; i < 10; i++) {
			received.poll(5, TimeUnit.SECONDS).release();
		}
		assertThat(received.poll(100, TimeUnit.MILLISECONDS)).isNull();
		from.close().sync();
		to.close().sync();
	}

	@Test
	void aBlockedSourceIsNotHeardInItsGroup() throws Exception {
		InetAddress group = InetAddress.getByName("239.1.2.3");
		BlockingQueue<DatagramPacket> received = new LinkedBlockingQueue<>();
		DatagramChannel member = (DatagramChannel) channel(this.b, received).bind(0).sync().channel();
		int port = member.localAddress().getPort();
		member.joinGroup(group).sync();
		Channel from = channel(this.a, new LinkedBlockingQueue<>()).bind(this.addressA, 0).sync().channel();
		from.writeAndFlush(packet(1, new InetSocketAddress(group, port))).sync();
		received.poll(5, TimeUnit.SECONDS).release();
		member.block(group, this.addressA).sync();
		from.writeAndFlush(packet(1, new InetSocketAddress(group, port))).sync();
		assertThat(received.poll(200, TimeUnit.MILLISECONDS)).isNull();
		member.leaveGroup(group).sync();
		member.joinGroup(group, null, this.addressA).sync();
		from.writeAndFlush(packet(1, new InetSocketAddress(group, port))).sync();
		received.poll(5, TimeUnit.SECONDS).release();
		from.close().sync();
		member.close().sync();
	}

	@Test
	void anInterfaceOfTheHostIsNotTakenForANetworkOfOurs() throws Exception {
		DatagramChannel channel = (DatagramChannel) channel(this.a, new LinkedBlockingQueue<>()).bind(0)
			.sync()
			.channel();
		assertThatThrownBy(() -> channel.config().setInterface(InetAddress.getByName("192.0.2.1")))
			.isInstanceOf(ChannelException.class)
			.hasMessageContaining("must be an address of this node");
		channel.config().setInterface(this.addressA);
		assertThat(channel.config().getInterface()).isEqualTo(this.addressA);
		channel.close().sync();
	}

	private static DatagramPacket packet(int length, InetSocketAddress recipient) {
		return new DatagramPacket(Unpooled.buffer(length).writeZero(length), recipient);
	}

}
