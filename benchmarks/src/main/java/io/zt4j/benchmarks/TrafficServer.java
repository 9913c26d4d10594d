package io.zt4j.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The serving side of the measurements; the same handler on kernel and ZeroTier channels.
 * A connection begins with one byte that names its kind: {@value #ECHO} echoes what
 * follows, {@value #SINK} swallows it and answers each {@value #REPORT} bytes with one
 * byte, {@value #SOURCE} sends until the connection is closed.
 */
final class TrafficServer extends ChannelInboundHandlerAdapter {

	static final byte ECHO = 'E';

	static final byte SINK = 'K';

	static final byte SOURCE = 'S';

	static final int REPORT = 1 << 20;

	static final int CHUNK = 64 * 1024;

	private static final ByteBuf ZEROES = Unpooled.unreleasableBuffer(Unpooled.directBuffer(CHUNK).writeZero(CHUNK));

	private byte kind;

	private long swallowed;

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ByteBuf data = (ByteBuf) message;
		if (this.kind == 0) {
			this.kind = data.readByte();
			if (this.kind == SOURCE) {
				fill(context);
			}
		}
		switch (this.kind) {
			case ECHO -> context.write(data);
			case SINK -> {
				swallow(context, data.readableBytes());
				data.release();
			}
			default -> data.release();
		}
	}

	private void swallow(ChannelHandlerContext context, int bytes) {
		long reports = (this.swallowed + bytes) / REPORT - this.swallowed / REPORT;
		this.swallowed += bytes;
		if (reports > 0) {
			context.write(ZEROES.retainedSlice(0, (int) reports));
		}
	}

	private void fill(ChannelHandlerContext context) {
		while (context.channel().isWritable()) {
			context.write(ZEROES.retainedDuplicate(), context.voidPromise());
		}
		context.flush();
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		context.flush();
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (this.kind == SOURCE && context.channel().isActive()) {
			fill(context);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		context.close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
	}

}
