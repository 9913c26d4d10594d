package io.zt4j.netty;

import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;

import io.netty.channel.Channel.Unsafe;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code bind} asynchronous. Netty's own binds within the call; ours is carried out
 * on the stack's loop, and a channel's loop must not wait for another. So the port is
 * taken first, and Netty's {@code bind} called when it is.
 */
final class AsyncBindUnsafe implements Unsafe {

	private final Unsafe delegate;

	private final Binder binder;

	AsyncBindUnsafe(Unsafe delegate, Binder binder) {
		this.delegate = delegate;
		this.binder = binder;
	}

	@Override
	public void bind(SocketAddress localAddress, ChannelPromise promise) {
		if (!promise.setUncancellable()) {
			return;
		}
		this.binder.bind(localAddress, (cause) -> {
			if (cause != null) {
				promise.tryFailure(cause);
			}
			else {
				this.delegate.bind(localAddress, promise);
			}
		});
	}

	/**
	 * Run a task on a channel's loop, directly if this is it or if it is shut down.
	 * @param loop the loop
	 * @param task the task
	 */
	static void on(EventLoop loop, Runnable task) {
		if (loop.inEventLoop()) {
			task.run();
			return;
		}
		try {
			loop.execute(task);
		}
		catch (RejectedExecutionException ex) {
			task.run();
		}
	}

	@Override
	public RecvByteBufAllocator.Handle recvBufAllocHandle() {
		return this.delegate.recvBufAllocHandle();
	}

	@Override
	public @Nullable SocketAddress localAddress() {
		return this.delegate.localAddress();
	}

	@Override
	public @Nullable SocketAddress remoteAddress() {
		return this.delegate.remoteAddress();
	}

	@Override
	public void register(EventLoop eventLoop, ChannelPromise promise) {
		this.delegate.register(eventLoop, promise);
	}

	@Override
	public void connect(SocketAddress remoteAddress, @Nullable SocketAddress localAddress, ChannelPromise promise) {
		this.delegate.connect(remoteAddress, localAddress, promise);
	}

	@Override
	public void disconnect(ChannelPromise promise) {
		this.delegate.disconnect(promise);
	}

	@Override
	public void close(ChannelPromise promise) {
		this.delegate.close(promise);
	}

	@Override
	public void closeForcibly() {
		this.delegate.closeForcibly();
	}

	@Override
	public void deregister(ChannelPromise promise) {
		this.delegate.deregister(promise);
	}

	@Override
	public void beginRead() {
		this.delegate.beginRead();
	}

	@Override
	public void write(Object msg, ChannelPromise promise) {
		this.delegate.write(msg, promise);
	}

	@Override
	public void flush() {
		this.delegate.flush();
	}

	@Override
	public ChannelPromise voidPromise() {
		return this.delegate.voidPromise();
	}

	@Override
	public @Nullable ChannelOutboundBuffer outboundBuffer() {
		return this.delegate.outboundBuffer();
	}

	/**
	 * Takes the port.
	 */
	@FunctionalInterface
	interface Binder {

		/**
		 * Take the port.
		 * @param localAddress what to bind
		 * @param done told on the channel's loop, once: why it failed, or null
		 */
		void bind(SocketAddress localAddress, Completion done);

	}

	/**
	 * Learns how it ended.
	 */
	@FunctionalInterface
	interface Completion {

		/**
		 * It ended.
		 * @param cause why it failed, or null
		 */
		void completed(@Nullable Throwable cause);

	}

}
