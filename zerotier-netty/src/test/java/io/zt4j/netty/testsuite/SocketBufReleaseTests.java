package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketBufReleaseTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Netty's {@link SocketBufReleaseTest} on our channels.
 */
class SocketBufReleaseTests extends SocketBufReleaseTest {

	@Override
	protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.socket();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

	/**
	 * The original expects the buffer back when the channel is closed. The stack keeps
	 * buffers by reference until their bytes are acknowledged or given up, which may be a
	 * little later.
	 */
	@Override
	public void testBufRelease(ServerBootstrap sb, Bootstrap cb) throws Throwable {
		Writer atServer = new Writer();
		Writer atClient = new Writer();
		Channel server = sb.childHandler(atServer).bind().sync().channel();
		Channel client = cb.handler(atClient).connect(server.localAddress()).sync().channel();
		ByteBuf[] buffers = { atServer.written.get(5, TimeUnit.SECONDS), atClient.written.get(5, TimeUnit.SECONDS) };
		server.close().sync();
		client.close().sync();
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
		for (ByteBuf buffer : buffers) {
			while (buffer.refCnt() != 1 && System.nanoTime() < deadline) {
				Thread.sleep(1);
			}
			assertThat(buffer.refCnt()).isEqualTo(1);
			buffer.release();
		}
	}

	private static final class Writer extends SimpleChannelInboundHandler<Object> {

		private final CompletableFuture<ByteBuf> written = new CompletableFuture<>();

		@Override
		public void channelActive(ChannelHandlerContext ctx) {
			ByteBuf buffer = ctx.alloc().buffer().writeZero(1024).retain();
			ctx.channel().writeAndFlush(buffer).addListener((future) -> this.written.complete(buffer));
		}

		@Override
		protected void channelRead0(ChannelHandlerContext ctx, Object msg) {
		}

	}

}
