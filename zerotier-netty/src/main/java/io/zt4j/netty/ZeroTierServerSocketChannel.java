package io.zt4j.netty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.stack.TcpOptions;
import org.jspecify.annotations.Nullable;

/**
 * Listens for TCP connections on ZeroTier. Bound to a wildcard it listens on all joined
 * networks, also on those joined later; bound to an address, on its network. Lives on any
 * Netty event loop.
 * <p>
 * Binding fails with {@link java.net.BindException} if the address is not ours or the
 * port is taken. While the channel does not read, connections wait in the backlog.
 */
public final class ZeroTierServerSocketChannel extends AbstractServerChannel implements ServerSocketChannel {

	private final SocketDomain domain;

	private final ListenerPort port;

	private final ZeroTierServerSocketChannelConfig config;

	private final Runnable readTask = this::readInput;

	private final Runnable shutdownHook = () -> unsafe().close(unsafe().voidPromise());

	/** Set lazily: the superclass's constructor already asks for it. */
	private @Nullable Unsafe unsafe;

	private volatile boolean open = true;

	private volatile @Nullable InetSocketAddress local;

	/** What was bound on the stack's loop and not yet by Netty. */
	private @Nullable InetSocketAddress prepared;

	private volatile boolean readPending;

	private boolean reading;

	private boolean readScheduled;

	/**
	 * Create a channel to bind.
	 * @param domain the networks to listen on
	 */
	public ZeroTierServerSocketChannel(SocketDomain domain) {
		this.domain = domain;
		this.port = new ListenerPort(domain);
		this.port.onSignal(this::readInput);
		this.config = new ZeroTierServerSocketChannelConfig(this);
	}

	@Override
	public ServerSocketChannelConfig config() {
		return this.config;
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return (InetSocketAddress) localAddress0();
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return null;
	}

	@Override
	protected @Nullable SocketAddress localAddress0() {
		return this.local;
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public boolean isActive() {
		return this.open && this.local != null;
	}

	@Override
	public Unsafe unsafe() {
		Unsafe current = this.unsafe;
		if (current == null) {
			current = new AsyncBindUnsafe(super.unsafe(), this::prepare);
			this.unsafe = current;
		}
		return current;
	}

	@Override
	protected AbstractUnsafe newUnsafe() {
		return new ServerUnsafe();
	}

	@Override
	protected boolean isCompatible(EventLoop loop) {
		return true;
	}

	void clearReadPending() {
		if (isRegistered() && !eventLoop().inEventLoop()) {
			eventLoop().execute(this::clearReadPending);
			return;
		}
		this.readPending = false;
		this.port.want(false);
	}

	@Override
	protected void doRegister() {
		if (eventLoop() instanceof SingleThreadEventExecutor executor) {
			executor.addShutdownHook(this.shutdownHook);
		}
		this.port.attach(eventLoop());
		if (!this.port.isEmpty()) {
			scheduleRead();
		}
	}

	@Override
	protected void doDeregister() {
		if (eventLoop() instanceof SingleThreadEventExecutor executor) {
			executor.removeShutdownHook(this.shutdownHook);
		}
		this.port.attach(null);
	}

	private void prepare(SocketAddress localAddress, AsyncBindUnsafe.Completion done) {
		InetSocketAddress wanted;
		try {
			wanted = Addresses.bindable(localAddress);
		}
		catch (RuntimeException ex) {
			done.completed(ex);
			return;
		}
		if (this.local != null || !this.open) {
			done.completed(this.open ? new AlreadyBoundException() : new ClosedChannelException());
			return;
		}
		EventLoop loop = eventLoop();
		TcpOptions options = TcpOptions.DEFAULT.withBufferSizes(TcpOptions.DEFAULT.sendBufferSize(),
				this.config.getReceiveBufferSize());
		this.port.bind(wanted, this.config.getBacklog(), options, (bound, cause) -> AsyncBindUnsafe.on(loop, () -> {
			this.prepared = bound;
			done.completed(cause);
		}));
	}

	@Override
	protected void doBind(SocketAddress localAddress) {
		this.local = this.prepared;
	}

	@Override
	protected void doBeginRead() {
		this.readPending = true;
		this.port.want(true);
		if (!this.reading) {
			scheduleRead();
		}
	}

	private void scheduleRead() {
		if (!this.readScheduled && !this.port.isEmpty()) {
			this.readScheduled = true;
			eventLoop().execute(this.readTask);
		}
	}

	private void readInput() {
		this.readScheduled = false;
		if (!this.readPending || this.reading || !this.open || this.port.isEmpty()) {
			return;
		}
		this.reading = true;
		try {
			readLoop();
		}
		finally {
			this.reading = false;
		}
		if (!this.open) {
			return;
		}
		if (this.readPending) {
			this.port.want(true);
			scheduleRead();
		}
		else {
			this.port.want(this.config.isAutoRead());
		}
	}

	private void readLoop() {
		ChannelPipeline pipeline = pipeline();
		RecvByteBufAllocator.Handle handle = unsafe().recvBufAllocHandle();
		handle.reset(this.config);
		do {
			ConnectionPort accepted = this.open ? this.port.poll() : null;
			if (accepted == null) {
				break;
			}
			handle.incMessagesRead(1);
			this.readPending = false;
			pipeline.fireChannelRead(new ZeroTierSocketChannel(this, this.domain, accepted));
		}
		while (continueReading(handle));
		handle.readComplete();
		pipeline.fireChannelReadComplete();
	}

	private boolean continueReading(RecvByteBufAllocator.Handle handle) {
		// Connections have no size; whether there are more is what counts.
		handle.lastBytesRead(1);
		return (handle instanceof RecvByteBufAllocator.ExtendedHandle extended)
				? extended.continueReading(() -> !this.port.isEmpty()) : handle.continueReading();
	}

	@Override
	protected void doClose() {
		if (this.open) {
			this.open = false;
			this.readPending = false;
			this.port.close(() -> {
			});
		}
	}

	private final class ServerUnsafe extends AbstractUnsafe {

		@Override
		public void connect(SocketAddress remoteAddress, @Nullable SocketAddress localAddress, ChannelPromise promise) {
			safeSetFailure(promise, new UnsupportedOperationException("A server channel cannot connect"));
		}

		@Override
		protected @Nullable Executor prepareToClose() {
			Channel channel = ZeroTierServerSocketChannel.this;
			if (!channel.isOpen() || eventLoop().isShuttingDown()) {
				return null;
			}
			// The channel is closed when its port is free again.
			EventLoop loop = eventLoop();
			return (task) -> ZeroTierServerSocketChannel.this.port.close(() -> AsyncBindUnsafe.on(loop, task));
		}

	}

}
