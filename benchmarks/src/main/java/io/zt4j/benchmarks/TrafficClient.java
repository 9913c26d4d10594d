package io.zt4j.benchmarks;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The measuring side, on any Netty bootstrap.
 */
final class TrafficClient {

	private final Bootstrap bootstrap;

	private final InetSocketAddress server;

	TrafficClient(Bootstrap bootstrap, InetSocketAddress server) {
		this.bootstrap = bootstrap;
		this.server = server;
	}

	/**
	 * Receive at full speed.
	 * @param millis how long, after a warm-up of a quarter of it
	 * @return bytes per second
	 */
	double download(long millis) throws Exception {
		Downloader downloader = new Downloader();
		Channel channel = connect(downloader, TrafficServer.SOURCE);
		Thread.sleep(millis / 4);
		long bytes = downloader.received;
		long start = System.nanoTime();
		Thread.sleep(millis);
		double rate = (downloader.received - bytes) * 1e9 / (System.nanoTime() - start);
		channel.close().await(5, TimeUnit.SECONDS);
		return rate;
	}

	/**
	 * Exchange small messages, one at a time.
	 * @param size bytes of a message
	 * @param count how many are measured, after a fifth as many to warm up
	 * @return sorted round-trip times in nanoseconds
	 */
	long[] pingPong(int size, int count) throws Exception {
		PingPong pingPong = new PingPong(size, count);
		Channel channel = connect(pingPong, TrafficServer.ECHO);
		long[] samples = pingPong.done.get(120, TimeUnit.SECONDS);
		channel.close().await(5, TimeUnit.SECONDS);
		Arrays.sort(samples);
		return samples;
	}

	private Channel connect(ChannelHandler handler, byte kind) throws Exception {
		Channel channel = this.bootstrap.clone().handler(handler).connect(this.server).sync().channel();
		channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] { kind })).sync();
		return channel;
	}

	private static final class Downloader extends ChannelInboundHandlerAdapter {

		private volatile long received;

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ByteBuf data = (ByteBuf) message;
			this.received = this.received + data.readableBytes();
			data.release();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

	private static final class PingPong extends ChannelInboundHandlerAdapter {

		private final int size;

		private final long[] samples;

		private final int warmUp;

		private final CompletableFuture<long[]> done = new CompletableFuture<>();

		private int index;

		private int received;

		private long sentAt;

		PingPong(int size, int count) {
			this.size = size;
			this.samples = new long[count];
			this.warmUp = count / 5;
		}

		@Override
		public void channelActive(ChannelHandlerContext context) {
			// after the byte that names the kind
			context.executor().schedule(() -> send(context), 50, TimeUnit.MILLISECONDS);
		}

		private void send(ChannelHandlerContext context) {
			this.received = 0;
			this.sentAt = System.nanoTime();
			context.writeAndFlush(context.alloc().directBuffer(this.size).writeZero(this.size), context.voidPromise());
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ByteBuf data = (ByteBuf) message;
			this.received += data.readableBytes();
			data.release();
			if (this.received < this.size) {
				return;
			}
			int sample = this.index++ - this.warmUp;
			if (sample >= 0) {
				this.samples[sample] = System.nanoTime() - this.sentAt;
			}
			if (sample == this.samples.length - 1) {
				this.done.complete(this.samples);
			}
			else {
				send(context);
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			this.done.completeExceptionally(cause);
			context.close();
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			this.done.completeExceptionally(new IllegalStateException("closed after " + this.index + " exchanges"));
		}

	}

}
