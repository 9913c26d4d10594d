package io.zt4j.node;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zt4j.node.identity.Address;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a node: those given to it, and its own for what was not given.
 */
final class NodeThreads {

	private static final long IDLE_SECONDS = 10;

	private final @Nullable EventLoopGroup group;

	private final EventLoop loop;

	private final @Nullable ExecutorService ownListeners;

	private final Executor listeners;

	private final @Nullable ExecutorService ownValidation;

	private final Executor validation;

	NodeThreads(Address node, @Nullable EventLoop loop, @Nullable Executor listeners, @Nullable Executor validation) {
		this.group = (loop != null) ? null
				: new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("zerotier-" + node, true),
						Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
		this.loop = (this.group != null) ? this.group.next() : Objects.requireNonNull(loop);
		this.ownListeners = (listeners != null) ? null : single("zerotier-events-" + node);
		this.listeners = (this.ownListeners != null) ? this.ownListeners : Objects.requireNonNull(listeners);
		this.ownValidation = (validation != null) ? null : single("zerotier-identities-" + node);
		this.validation = (this.ownValidation != null) ? this.ownValidation : Objects.requireNonNull(validation);
	}

	// the thread ends when idle; both users bound what they submit
	private static ExecutorService single(String name) {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), new DefaultThreadFactory(name, true));
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	EventLoop loop() {
		return this.loop;
	}

	Executor listeners() {
		return this.listeners;
	}

	Executor validation() {
		return this.validation;
	}

	// End the node's own threads; listeners still get what was published.
	CompletableFuture<Void> shutdown() {
		if (this.ownValidation != null) {
			this.ownValidation.shutdownNow();
		}
		if (this.ownListeners != null) {
			this.ownListeners.shutdown();
		}
		CompletableFuture<Void> done = new CompletableFuture<>();
		if (this.group == null) {
			done.complete(null);
		}
		else {
			this.group.shutdownGracefully(0, 2, TimeUnit.SECONDS).addListener((future) -> done.complete(null));
		}
		return done;
	}

}
