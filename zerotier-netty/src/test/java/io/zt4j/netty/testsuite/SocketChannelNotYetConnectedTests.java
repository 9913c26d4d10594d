package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketChannelNotYetConnectedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Netty's {@link SocketChannelNotYetConnectedTest} on our channels.
 */
class SocketChannelNotYetConnectedTests extends SocketChannelNotYetConnectedTest {

	@Override
	protected List<BootstrapFactory<Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.clientSocket();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

	/**
	 * The original connects to a server channel of NIO.
	 */
	@Override
	@Test
	public void readMustBePendingUntilChannelIsActive(TestInfo info) throws Throwable {
		run(info, (bootstrap) -> {
			Channel server = ZeroTierSocketTestPermutation.INSTANCE.serverSocket()
				.get(0)
				.newInstance()
				.childHandler(new ChannelInboundHandlerAdapter() {
					@Override
					public void channelActive(ChannelHandlerContext ctx) {
						ctx.writeAndFlush(Unpooled.copyInt(42));
					}
				})
				.bind(newSocketAddress())
				.sync()
				.channel();
			CountDownLatch read = new CountDownLatch(1);
			bootstrap.handler(new ByteToMessageDecoder() {
				@Override
				public void handlerAdded(ChannelHandlerContext ctx) {
					assertThat(ctx.channel().isActive()).isFalse();
					ctx.read();
				}

				@Override
				protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
					if (in.readableBytes() == Integer.BYTES) {
						assertThat(in.readInt()).isEqualTo(42);
						read.countDown();
					}
				}
			});
			Channel client = bootstrap.connect(server.localAddress()).sync().channel();
			assertThat(read.await(5, TimeUnit.SECONDS)).isTrue();
			client.close().sync();
			server.close().sync();
		});
	}

}
