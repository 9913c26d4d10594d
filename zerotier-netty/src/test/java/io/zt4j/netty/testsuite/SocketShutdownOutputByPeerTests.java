package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.AbstractSocketShutdownOutputByPeerTest;

/**
 * Netty's {@code SocketShutdownOutputByPeerTest} on our channels; the peer is one, too.
 */
class SocketShutdownOutputByPeerTests
		extends AbstractSocketShutdownOutputByPeerTest<SocketShutdownOutputByPeerTests.Peer> {

	@Override
	protected List<BootstrapFactory<ServerBootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.serverSocket();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

	@Override
	protected Peer newSocket() {
		return new Peer();
	}

	@Override
	protected void connect(Peer peer, SocketAddress address) {
		peer.channel = (SocketChannel) ZeroTierSocketTestPermutation.INSTANCE.clientSocket()
			.get(0)
			.newInstance()
			.handler(new ChannelInboundHandlerAdapter())
			.connect(address)
			.syncUninterruptibly()
			.channel();
	}

	@Override
	protected void write(Peer peer, int data) {
		peer.channel.writeAndFlush(Unpooled.buffer().writeByte(data)).syncUninterruptibly();
	}

	@Override
	protected void shutdownOutput(Peer peer) {
		peer.channel.shutdownOutput().syncUninterruptibly();
	}

	@Override
	protected void close(Peer peer) {
		peer.channel.close().syncUninterruptibly();
	}

	static final class Peer {

		private SocketChannel channel;

	}

}
