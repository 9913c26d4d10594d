package io.zt4j.netty;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.internal.StringUtil;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.stack.NetworkStack;
import io.zt4j.stack.TcpInfo;
import io.zt4j.stack.TcpOptions;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection over ZeroTier. Lives on any Netty event loop; one that is the
 * {@linkplain SocketDomain#eventLoop() domain's} own saves the hand-over between threads.
 * <p>
 * Connecting finds the network by the remote address and fails as the JDK's channels do:
 * {@link NoRouteToHostException} if no joined network reaches it, {@link BindException}
 * if the local address is not ours, {@link java.net.ConnectException} if refused. A bound
 * address is checked at once, its port when connecting.
 */
public final class ZeroTierSocketChannel extends AbstractChannel implements SocketChannel {

	private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

	private static final int REGION_CHUNK = 64 * 1024;

	private final SocketDomain domain;

	private final ConnectionPort port;

	private final ZeroTierSocketChannelConfig config;

	private final Runnable readTask = this::readInput;

	private final Runnable shutdownHook = () -> unsafe().close(unsafe().voidPromise());

	private volatile State state = State.OPEN;

	private volatile boolean inputShutdown;

	private volatile boolean outputShutdown;

	private volatile @Nullable InetSocketAddress bound;

	private @Nullable ChannelPromise connectPromise;

	private @Nullable Future<?> connectTimeout;

	private @Nullable SocketAddress requestedRemote;

	/** What of a file region was copied and not yet taken. */
	private @Nullable ByteBuf regionChunk;

	private volatile boolean readPending;

	private boolean reading;

	private boolean readScheduled;

	private boolean inputEndSeen;

	private boolean lingering;

	/**
	 * Create a channel to connect.
	 * @param domain where to find the network
	 */
	public ZeroTierSocketChannel(SocketDomain domain) {
		super(null);
		this.domain = domain;
		this.port = new ConnectionPort(domain.eventLoop(), TcpOptions.DEFAULT);
		this.port.onSignal(this::signalled);
		this.config = new ZeroTierSocketChannelConfig(this);
	}

	/**
	 * Create an accepted channel.
	 * @param parent who accepted it
	 * @param domain where it came from
	 * @param accepted the connection
	 */
	ZeroTierSocketChannel(ZeroTierServerSocketChannel parent, SocketDomain domain, ConnectionPort accepted) {
		super(parent);
		this.domain = domain;
		this.port = accepted;
		this.port.onSignal(this::signalled);
		this.config = new ZeroTierSocketChannelConfig(this);
		this.state = State.CONNECTED;
	}

	@Override
	public ChannelMetadata metadata() {
		return METADATA;
	}

	@Override
	public SocketChannelConfig config() {
		return this.config;
	}

	@Override
	public @Nullable ServerSocketChannel parent() {
		return (ServerSocketChannel) super.parent();
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return (InetSocketAddress) localAddress0();
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return (InetSocketAddress) remoteAddress0();
	}

	@Override
	protected @Nullable SocketAddress localAddress0() {
		InetSocketAddress address = this.port.localAddress();
		return (address != null) ? address : this.bound;
	}

	@Override
	protected @Nullable SocketAddress remoteAddress0() {
		return this.port.remoteAddress();
	}

	@Override
	public boolean isOpen() {
		return this.state != State.CLOSED;
	}

	@Override
	public boolean isActive() {
		return this.state == State.CONNECTED;
	}

	@Override
	public boolean isInputShutdown() {
		return this.inputShutdown || !isActive();
	}

	@Override
	public boolean isOutputShutdown() {
		return this.outputShutdown || !isActive();
	}

	@Override
	public boolean isShutdown() {
		return isInputShutdown() && isOutputShutdown();
	}

	/**
	 * Ask for the figures of the connection: round-trip time, windows, retransmissions.
	 * Any thread may ask.
	 * @return the figures; fails with {@link NotYetConnectedException} if there is no
	 * connection
	 */
	public Future<TcpInfo> tcpInfo() {
		Promise<TcpInfo> promise = eventLoop().newPromise();
		this.port.info((info) -> {
			if (info != null) {
				promise.trySuccess(info);
			}
			else {
				promise.tryFailure(new NotYetConnectedException());
			}
		});
		return promise;
	}

	TcpOptions tcpOptions() {
		return this.port.options();
	}

	void tcpOptions(TcpOptions options) {
		this.port.options(options);
	}

	void clearReadPending() {
		if (isRegistered() && !eventLoop().inEventLoop()) {
			eventLoop().execute(() -> this.readPending = false);
		}
		else {
			this.readPending = false;
		}
	}

	@Override
	protected AbstractUnsafe newUnsafe() {
		return new SocketUnsafe();
	}

	@Override
	protected boolean isCompatible(EventLoop loop) {
		return true;
	}

	@Override
	protected void doRegister() {
		if (eventLoop() instanceof SingleThreadEventExecutor executor) {
			executor.addShutdownHook(this.shutdownHook);
		}
		this.port.attach(eventLoop());
		if (this.port.isConnected() || this.port.isOver()) {
			// What happened while there was no loop to tell.
			eventLoop().execute(this::signalled);
		}
	}

	@Override
	protected void doDeregister() {
		if (eventLoop() instanceof SingleThreadEventExecutor executor) {
			executor.removeShutdownHook(this.shutdownHook);
		}
		this.port.detach();
	}

	@Override
	protected void doBind(SocketAddress localAddress) throws Exception {
		if (this.bound != null) {
			throw new AlreadyBoundException();
		}
		InetSocketAddress address = Addresses.resolved(localAddress);
		if (!address.getAddress().isAnyLocalAddress() && this.domain.owner(address.getAddress()) == null) {
			throw Addresses.notOurs(address);
		}
		this.bound = address;
	}

	private void connectTo(SocketAddress remoteAddress, @Nullable SocketAddress localAddress) throws Exception {
		if (this.state == State.CONNECTED) {
			throw new AlreadyConnectedException();
		}
		if (this.connectPromise != null) {
			throw new ConnectionPendingException();
		}
		InetSocketAddress remote = Addresses.resolved(remoteAddress);
		if (localAddress != null) {
			doBind(localAddress);
		}
		NetworkStack stack = this.domain.route(remote.getAddress());
		if (stack == null) {
			throw Addresses.noRoute(remote);
		}
		this.port.options(this.port.options()
			.withConnectTimeout(ZeroTierSocketChannelConfig.connectTimeout(this.config.getConnectTimeoutMillis())));
		this.port.connect(stack, this.bound, remote);
	}

	// There is news from the stack's side.
	private void signalled() {
		if (this.state == State.CLOSED || !isRegistered()) {
			return;
		}
		if (this.state == State.OPEN) {
			if (this.port.isConnected()) {
				((SocketUnsafe) unsafe()).connected();
			}
			else if (this.port.isOver()) {
				((SocketUnsafe) unsafe()).connectFailed();
				return;
			}
		}
		if (this.state == State.CONNECTED && !this.lingering) {
			((SocketUnsafe) unsafe()).continueFlush();
			readInput();
		}
	}

	@Override
	protected void doBeginRead() {
		this.readPending = true;
		if (!this.reading && isActive()) {
			scheduleRead();
		}
	}

	private void scheduleRead() {
		if (!this.readScheduled && this.port.hasInput()) {
			// Never from here: the caller is often a handler that is told of the last
			// read.
			this.readScheduled = true;
			eventLoop().execute(this.readTask);
		}
	}

	private void readInput() {
		this.readScheduled = false;
		if (this.reading || this.lingering || !isActive()) {
			return;
		}
		if (this.port.isInputEnd() && !this.inputEndSeen) {
			// The end of the stream, unlike its bytes, is told without being asked for.
			inputEnded();
			return;
		}
		if (!this.readPending || !this.port.hasInput()) {
			return;
		}
		if (this.inputShutdown) {
			this.readPending = false;
			return;
		}
		this.reading = true;
		try {
			readLoop();
		}
		finally {
			this.reading = false;
		}
		if (this.readPending && isActive() && isRegistered()) {
			scheduleRead();
		}
	}

	private void readLoop() {
		ChannelPipeline pipeline = pipeline();
		RecvByteBufAllocator.Handle handle = unsafe().recvBufAllocHandle();
		handle.reset(this.config);
		boolean end = false;
		do {
			int limit = Math.max(1, handle.guess());
			handle.attemptedBytesRead(limit);
			ByteBuf data = this.inputShutdown ? null : this.port.read(limit, this.config.getAllocator());
			if (data == null) {
				end = this.port.isInputEnd();
				handle.lastBytesRead(end ? -1 : 0);
				if (end) {
					this.readPending = false;
				}
				break;
			}
			handle.lastBytesRead(data.readableBytes());
			handle.incMessagesRead(1);
			this.readPending = false;
			pipeline.fireChannelRead(data);
		}
		while (isActive() && continueReading(handle));
		handle.readComplete();
		pipeline.fireChannelReadComplete();
		if (end) {
			inputEnded();
		}
	}

	private boolean continueReading(RecvByteBufAllocator.Handle handle) {
		// A chunk shorter than asked for does not mean that there is no other.
		return (handle instanceof RecvByteBufAllocator.ExtendedHandle extended)
				? extended.continueReading(this.port::hasInput) : handle.continueReading();
	}

	private void inputEnded() {
		ChannelPipeline pipeline = pipeline();
		IOException cause = this.port.cause();
		this.readPending = false;
		if (cause != null && !this.inputShutdown) {
			pipeline.fireExceptionCaught(cause);
		}
		if (!isActive()) {
			return;
		}
		if (!this.inputShutdown && !this.config.isAllowHalfClosure()) {
			unsafe().close(unsafe().voidPromise());
			return;
		}
		if (!this.inputShutdown) {
			this.inputShutdown = true;
			pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		}
		if (isActive() && !this.inputEndSeen) {
			this.inputEndSeen = true;
			pipeline.fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
		}
	}

	@Override
	protected Object filterOutboundMessage(Object msg) {
		if (msg instanceof ByteBuf || msg instanceof FileRegion) {
			return msg;
		}
		throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg)
				+ " (expected: " + StringUtil.simpleClassName(ByteBuf.class) + ", "
				+ StringUtil.simpleClassName(FileRegion.class) + ")");
	}

	@Override
	protected void doWrite(ChannelOutboundBuffer in) throws Exception {
		try {
			boolean room = true;
			for (Object msg = in.current(); msg != null && room; msg = in.current()) {
				room = (msg instanceof FileRegion region) ? write(region, in) : write((ByteBuf) msg, in);
			}
		}
		finally {
			this.port.flush();
		}
	}

	private boolean write(ByteBuf data, ChannelOutboundBuffer in) throws IOException {
		if (data.isReadable()) {
			in.progress(this.port.write(data));
		}
		if (data.isReadable()) {
			return false;
		}
		in.remove();
		return true;
	}

	private boolean write(FileRegion region, ChannelOutboundBuffer in) throws IOException {
		while (true) {
			ByteBuf chunk = this.regionChunk;
			if (chunk == null) {
				if (region.transferred() >= region.count()) {
					in.remove();
					return true;
				}
				chunk = FileRegionReader.read(region, REGION_CHUNK, this.config.getAllocator());
				this.regionChunk = chunk;
			}
			in.progress(this.port.write(chunk));
			if (chunk.isReadable()) {
				return false;
			}
			releaseRegionChunk();
		}
	}

	private void releaseRegionChunk() {
		ByteBuf chunk = this.regionChunk;
		if (chunk != null) {
			this.regionChunk = null;
			chunk.release();
		}
	}

	@Override
	public ChannelFuture shutdownInput() {
		return shutdownInput(newPromise());
	}

	@Override
	public ChannelFuture shutdownInput(ChannelPromise promise) {
		onLoop(() -> {
			if (!isActive()) {
				promise.setFailure(isOpen() ? new NotYetConnectedException() : new ClosedChannelException());
				return;
			}
			this.inputShutdown = true;
			this.port.shutdownInput();
			promise.setSuccess();
			if (this.config.isAllowHalfClosure() && !this.inputEndSeen) {
				this.inputEndSeen = true;
				pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
			}
		});
		return promise;
	}

	@Override
	public ChannelFuture shutdownOutput() {
		return shutdownOutput(newPromise());
	}

	@Override
	public ChannelFuture shutdownOutput(ChannelPromise promise) {
		onLoop(() -> {
			if (this.state == State.OPEN) {
				promise.setFailure(new NotYetConnectedException());
			}
			else {
				((AbstractUnsafe) unsafe()).shutdownOutput(promise);
			}
		});
		return promise;
	}

	@Override
	public ChannelFuture shutdown() {
		return shutdown(newPromise());
	}

	@Override
	public ChannelFuture shutdown(ChannelPromise promise) {
		// Both are tried; the failure of the first is the one told.
		shutdownOutput().addListener((output) -> shutdownInput().addListener((input) -> {
			Throwable cause = (output.cause() != null) ? output.cause() : input.cause();
			if (cause != null) {
				promise.setFailure(cause);
			}
			else {
				promise.setSuccess();
			}
		}));
		return promise;
	}

	private void onLoop(Runnable task) {
		if (eventLoop().inEventLoop()) {
			task.run();
		}
		else {
			eventLoop().execute(task);
		}
	}

	@Override
	protected void doShutdownOutput() {
		this.outputShutdown = true;
		releaseRegionChunk();
		this.port.shutdownOutput();
	}

	@Override
	protected void doDisconnect() {
		doClose();
	}

	@Override
	protected void doClose() {
		State before = this.state;
		if (before == State.CLOSED) {
			return;
		}
		this.state = State.CLOSED;
		this.readPending = false;
		releaseRegionChunk();
		ChannelPromise connecting = this.connectPromise;
		if (connecting != null) {
			this.connectPromise = null;
			connecting.tryFailure(new ClosedChannelException());
		}
		cancelConnectTimeout();
		if (this.lingering) {
			return;
		}
		if (before == State.OPEN || this.config.getSoLinger() == 0) {
			this.port.abort();
		}
		else {
			this.port.close();
		}
	}

	private void cancelConnectTimeout() {
		Future<?> timeout = this.connectTimeout;
		if (timeout != null) {
			this.connectTimeout = null;
			timeout.cancel(false);
		}
	}

	private enum State {

		OPEN, CONNECTED, CLOSED

	}

	private final class SocketUnsafe extends AbstractUnsafe {

		private ZeroTierSocketChannel channel() {
			return ZeroTierSocketChannel.this;
		}

		@Override
		public void connect(SocketAddress remoteAddress, @Nullable SocketAddress localAddress, ChannelPromise promise) {
			// Not made uncancellable: an attempt to connect can be given up.
			if (promise.isDone() || !ensureOpen(promise)) {
				return;
			}
			try {
				channel().connectTo(remoteAddress, localAddress);
			}
			catch (AlreadyConnectedException | ConnectionPendingException ex) {
				promise.tryFailure(ex);
				return;
			}
			catch (Throwable ex) {
				promise.tryFailure(annotated(ex, remoteAddress));
				close(voidPromise());
				return;
			}
			channel().connectPromise = promise;
			channel().requestedRemote = remoteAddress;
			int millis = channel().config.getConnectTimeoutMillis();
			if (millis > 0) {
				channel().connectTimeout = eventLoop().schedule(() -> timedOut(remoteAddress, millis), millis,
						TimeUnit.MILLISECONDS);
			}
			promise.addListener((future) -> {
				if (future.isCancelled()) {
					cancelConnectTimeout();
					channel().connectPromise = null;
					close(voidPromise());
				}
			});
		}

		private void timedOut(SocketAddress remote, int millis) {
			ChannelPromise connecting = channel().connectPromise;
			if (connecting != null && !connecting.isDone() && connecting
				.tryFailure(new ConnectTimeoutException("connection timed out after " + millis + " ms: " + remote))) {
				close(voidPromise());
			}
		}

		private void connected() {
			ChannelPromise connecting = channel().connectPromise;
			channel().connectPromise = null;
			cancelConnectTimeout();
			if (connecting == null) {
				return;
			}
			channel().state = State.CONNECTED;
			boolean told = connecting.trySuccess();
			pipeline().fireChannelActive();
			if (!told) {
				close(voidPromise());
			}
		}

		private void connectFailed() {
			ChannelPromise connecting = channel().connectPromise;
			channel().connectPromise = null;
			cancelConnectTimeout();
			Throwable cause = channel().port.cause();
			SocketAddress remote = channel().requestedRemote;
			if (cause == null) {
				cause = new ConnectException("Connection closed while connecting");
			}
			if (connecting != null) {
				connecting.tryFailure((remote != null) ? annotated(cause, remote) : cause);
			}
			close(voidPromise());
		}

		// Netty would make an exception of another type of this one.
		private Throwable annotated(Throwable cause, SocketAddress remote) {
			return (cause instanceof BindException) ? cause : annotateConnectException(cause, remote);
		}

		// Write on, and only if something had been flushed before.
		private void continueFlush() {
			ChannelOutboundBuffer pending = outboundBuffer();
			if (pending != null && !pending.isEmpty()) {
				flush0();
			}
		}

		@Override
		protected @Nullable Executor prepareToClose() {
			int seconds = channel().config.getSoLinger();
			if (seconds <= 0 || !isActive() || channel().port.isOver() || eventLoop().isShuttingDown()) {
				return null;
			}
			// SO_LINGER: the channel is closed when all that was sent is acknowledged.
			channel().lingering = true;
			channel().readPending = false;
			EventLoop loop = eventLoop();
			return (task) -> channel().port.linger(seconds, () -> AsyncBindUnsafe.on(loop, task));
		}

	}

}
