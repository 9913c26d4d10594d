package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketMultipleConnectTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Netty's {@link SocketMultipleConnectTest} on our channels.
 */
class SocketMultipleConnectTests extends SocketMultipleConnectTest {

	@Override
	protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.loopback();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

	/**
	 * The original binds to the loopback address.
	 */
	@Override
	public void testMultipleConnect(ServerBootstrap sb, Bootstrap cb) throws Exception {
		Channel server = sb.childHandler(new ChannelInboundHandlerAdapter()).bind().sync().channel();
		Channel client = cb.handler(new ChannelInboundHandlerAdapter()).register().sync().channel();
		client.connect(server.localAddress()).sync();
		ChannelFuture again = client.connect(server.localAddress()).await();
		assertThat(again.cause()).isInstanceOf(AlreadyConnectedException.class);
		client.close().sync();
		server.close().sync();
	}

}
