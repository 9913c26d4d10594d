package io.zt4j.netty.testsuite;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code DatagramUnicastTest.testReceiveEmptyDatagrams} tests, sent from a channel
 * of ours.
 */
final class EmptyDatagrams {

	private EmptyDatagrams() {
	}

	static void test(Bootstrap sb, Bootstrap cb, SocketAddress any, UnaryOperator<InetSocketAddress> target)
			throws Exception {
		Semaphore received = new Semaphore(0);
		Channel server = sb.handler(new SimpleChannelInboundHandler<DatagramPacket>() {
			@Override
			protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket msg) {
				assertThat(msg.content().isReadable()).isFalse();
				received.release();
			}
		}).bind(any).sync().channel();
		Channel client = cb.handler(new ChannelInboundHandlerAdapter()).bind(any).sync().channel();
		InetSocketAddress to = target.apply((InetSocketAddress) server.localAddress());
		for (int i = 0; i < 100; i++) {
			client.writeAndFlush(new DatagramPacket(Unpooled.EMPTY_BUFFER, to)).sync();
			assertThat(received.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
		}
		client.close().sync();
		server.close().sync();
	}

}
