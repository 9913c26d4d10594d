package io.zt4j.netty.testsuite;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketTestPermutation;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zt4j.netty.ZeroTierDatagramChannel;
import io.zt4j.netty.ZeroTierServerSocketChannel;
import io.zt4j.netty.ZeroTierSocketChannel;
import io.zt4j.sockets.SocketDomain;

/**
 * Netty's tests on our channels: server and client on different hosts, on NIO loops, on
 * epoll loops where there are, and on the stack's own loop.
 */
final class ZeroTierSocketTestPermutation extends SocketTestPermutation {

	static final ZeroTierSocketTestPermutation INSTANCE = new ZeroTierSocketTestPermutation();

	private final EventLoopGroup alternative = Epoll.isAvailable() ? new MultiThreadIoEventLoopGroup(NUM_THREADS,
			new DefaultThreadFactory("testsuite-epoll", true), EpollIoHandler.newFactory()) : NIO_GROUP;

	private ZeroTierSocketTestPermutation() {
	}

	// Where servers and clients alike may bind.
	static SocketAddress newSocketAddress() {
		return new InetSocketAddress(TestNetwork.SERVER_ADDRESS, 0);
	}

	// For tests that spend their time waiting, whatever the allocator.
	static List<ByteBufAllocator> oneAllocator() {
		return List.of(PooledByteBufAllocator.DEFAULT);
	}

	@Override
	public List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socket() {
		return socket(TestNetwork.CLIENT);
	}

	// Both ends on the server's host.
	List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> loopback() {
		return socket(TestNetwork.SERVER);
	}

	// Enough for tests that are about TLS.
	List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> one() {
		return combo(List.of(server(NIO_GROUP)), List.of(client(this.alternative, TestNetwork.CLIENT)));
	}

	private List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socket(SocketDomain clients) {
		List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> combos = new ArrayList<>();
		combos.addAll(combo(List.of(server(NIO_GROUP)), List.of(client(this.alternative, clients))));
		combos.addAll(combo(List.of(server(this.alternative)), List.of(client(TestNetwork.LOOP, clients))));
		combos.addAll(combo(List.of(server(TestNetwork.LOOP)), List.of(client(NIO_GROUP, clients))));
		combos.addAll(combo(List.of(server(TestNetwork.LOOP)), List.of(client(TestNetwork.LOOP, clients))));
		return combos;
	}

	@Override
	public List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socketWithFastOpen() {
		return socket();
	}

	@Override
	public List<BootstrapFactory<ServerBootstrap>> serverSocket() {
		return List.of(server(NIO_GROUP), server(this.alternative), server(TestNetwork.LOOP));
	}

	@Override
	public List<BootstrapFactory<Bootstrap>> clientSocket() {
		return List.of(client(NIO_GROUP, TestNetwork.SERVER), client(this.alternative, TestNetwork.SERVER),
				client(TestNetwork.LOOP, TestNetwork.SERVER));
	}

	@Override
	public List<BootstrapFactory<Bootstrap>> clientSocketWithFastOpen() {
		return clientSocket();
	}

	@Override
	public List<BootstrapComboFactory<Bootstrap, Bootstrap>> datagram(SocketProtocolFamily family) {
		return combo(List.of(datagram(NIO_GROUP, family), datagram(TestNetwork.LOOP, family)),
				List.of(datagram(this.alternative, family), datagram(TestNetwork.LOOP, family)));
	}

	@Override
	public List<BootstrapFactory<Bootstrap>> datagramSocket() {
		return List.of(datagram(NIO_GROUP, null), datagram(this.alternative, null), datagram(TestNetwork.LOOP, null));
	}

	private static BootstrapFactory<ServerBootstrap> server(EventLoopGroup group) {
		return () -> new ServerBootstrap().group(group)
			.channelFactory(() -> new ZeroTierServerSocketChannel(TestNetwork.SERVER));
	}

	private static BootstrapFactory<Bootstrap> client(EventLoopGroup group, SocketDomain domain) {
		return () -> new Bootstrap().group(group)
			.resolver(LoopbackResolverGroup.INSTANCE)
			.channelFactory(() -> new ZeroTierSocketChannel(domain));
	}

	private static BootstrapFactory<Bootstrap> datagram(EventLoopGroup group, SocketProtocolFamily family) {
		return () -> new Bootstrap().group(group)
			.resolver(LoopbackResolverGroup.INSTANCE)
			.channelFactory(() -> new ZeroTierDatagramChannel(TestNetwork.SERVER, family));
	}

}
