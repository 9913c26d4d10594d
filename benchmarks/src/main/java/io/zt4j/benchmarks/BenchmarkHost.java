package io.zt4j.benchmarks;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.zt4j.netty.ZeroTierServerSocketChannel;
import io.zt4j.netty.ZeroTierSocketChannel;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.world.World;
import io.zt4j.sockets.ZeroTierSockets;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.NetworkStack;

/**
 * One side of a measurement: a node that is a member of a network, and bootstraps for
 * kernel and ZeroTier channels on the same kind of event loop.
 */
final class BenchmarkHost implements AutoCloseable {

	static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	private final ZeroTierNode node;

	private final ZeroTierSockets sockets;

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
			Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

	BenchmarkHost(World planet) {
		this.node = ZeroTierNode.builder().planet(planet).port(0).bindAddresses(List.of(LOOPBACK)).build();
		this.sockets = ZeroTierSockets.attach(this.node);
	}

	/**
	 * Start the node, join a network and wait for an address.
	 * @param network the network
	 * @return the IPv4 address
	 */
	InetAddress join(NetworkId network) throws Exception {
		this.node.start().toCompletableFuture().get(30, TimeUnit.SECONDS);
		this.node.join(network).toCompletableFuture().get(30, TimeUnit.SECONDS);
		for (int i = 0; i < 3000; i++) {
			NetworkStack stack = this.sockets.stack(network);
			if (stack != null) {
				for (InterfaceAddress address : stack.addresses()) {
					if (address.address().getAddress().length == 4) {
						return address.address();
					}
				}
			}
			Thread.sleep(10);
		}
		throw new TimeoutException("no address on " + network + " after 30 s: " + this.node.networks());
	}

	Bootstrap kernelClient() {
		return new Bootstrap().group(this.group)
			.channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class);
	}

	Bootstrap zeroTierClient() {
		return new Bootstrap().group(this.group).channelFactory(() -> new ZeroTierSocketChannel(this.sockets));
	}

	InetSocketAddress serveKernel() throws Exception {
		return serve(
				new ServerBootstrap()
					.channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class),
				new InetSocketAddress(LOOPBACK, 0));
	}

	InetSocketAddress serveZeroTier(InetAddress address) throws Exception {
		return serve(new ServerBootstrap().channelFactory(() -> new ZeroTierServerSocketChannel(this.sockets)),
				new InetSocketAddress(address, 0));
	}

	private InetSocketAddress serve(ServerBootstrap bootstrap, InetSocketAddress address) throws Exception {
		Channel channel = bootstrap.group(this.group).childHandler(new ChannelInitializer<Channel>() {

			@Override
			protected void initChannel(Channel child) {
				child.pipeline().addLast(new TrafficServer());
			}

		}).bind(address).sync().channel();
		return (InetSocketAddress) channel.localAddress();
	}

	@Override
	public void close() {
		this.sockets.close();
		this.node.close();
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
	}

}
