package io.zt4j.netty;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.Collections;
import java.util.concurrent.Executor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.internal.StringUtil;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket on ZeroTier. Bound to a wildcard it sends and receives on all joined
 * networks, also on those joined later. Lives on any Netty event loop.
 * <p>
 * A datagram that cannot be sent fails its own write and leaves the channel open: an
 * address that is not resolved, a destination no network reaches, too many bytes, a
 * broadcast without {@code SO_BROADCAST}.
 */
public final class ZeroTierDatagramChannel extends AbstractChannel implements DatagramChannel {

	private static final ChannelMetadata METADATA = new ChannelMetadata(true, 16);

	private final SocketDomain domain;

	private final @Nullable SocketProtocolFamily family;

	private final DatagramPort port;

	private final ZeroTierDatagramChannelConfig config;

	private final Runnable readTask = this::readInput;

	private final Runnable shutdownHook = () -> unsafe().close(unsafe().voidPromise());

	/** Set lazily: the superclass's constructor already asks for it. */
	private @Nullable Unsafe unsafe;

	private volatile boolean open = true;

	private volatile boolean binding;

	private volatile @Nullable InetSocketAddress local;

	private volatile @Nullable InetSocketAddress remote;

	/** What was bound on the stack's loop and not yet by Netty. */
	private @Nullable InetSocketAddress prepared;

	private volatile boolean readPending;

	private boolean reading;

	private boolean readScheduled;

	/**
	 * Create a channel for both address families.
	 * @param domain the networks to send and receive on
	 */
	public ZeroTierDatagramChannel(SocketDomain domain) {
		this(domain, null);
	}

	/**
	 * Create a channel.
	 * @param domain the networks to send and receive on
	 * @param family the address family a wildcard stands for, or null for both
	 */
	public ZeroTierDatagramChannel(SocketDomain domain, @Nullable SocketProtocolFamily family) {
		super(null);
		if (family == SocketProtocolFamily.UNIX) {
			throw new UnsupportedOperationException("ZeroTier networks have no UNIX domain sockets");
		}
		this.domain = domain;
		this.family = family;
		this.port = new DatagramPort(domain);
		this.port.onSignal(this::signalled);
		this.config = new ZeroTierDatagramChannelConfig(this);
	}

	@Override
	public ChannelMetadata metadata() {
		return METADATA;
	}

	@Override
	public DatagramChannelConfig config() {
		return this.config;
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return this.local;
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return this.remote;
	}

	@Override
	protected @Nullable SocketAddress localAddress0() {
		return this.local;
	}

	@Override
	protected @Nullable SocketAddress remoteAddress0() {
		return this.remote;
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public boolean isActive() {
		return this.open && (this.local != null || (this.config.isActiveOnOpen() && isRegistered()));
	}

	@Override
	public boolean isConnected() {
		return this.open && this.remote != null;
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
		return new DatagramUnsafe();
	}

	@Override
	protected boolean isCompatible(EventLoop loop) {
		return true;
	}

	void optionsChanged() {
		this.port.options(options(), this.config.getInterface());
	}

	private DatagramPort.Options options() {
		return new DatagramPort.Options(this.config.getTimeToLive(), !this.config.isLoopbackModeDisabled(),
				this.config.getTrafficClass(), this.config.isReuseAddress(), this.config.getSendBufferSize(),
				this.config.getReceiveBufferSize(), this.config.isOriginalDestination());
	}

	boolean isOurs(InetAddress address) {
		return this.domain.owner(address) != null;
	}

	InetAddress addressOn(NetworkInterface networkInterface) throws SocketException {
		for (InetAddress address : Collections.list(networkInterface.getInetAddresses())) {
			if (isOurs(address)) {
				return address;
			}
		}
		throw new SocketException("The interface " + networkInterface.getName() + " of this host is not a ZeroTier "
				+ "network of ours; name the network by one of our addresses on it (IP_MULTICAST_ADDR)");
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

	private InetSocketAddress bindable(SocketAddress address) {
		InetSocketAddress wanted = Addresses.bindable(address);
		if (this.family == SocketProtocolFamily.INET && wanted.getAddress().isAnyLocalAddress()) {
			return new InetSocketAddress(Addresses.ANY4, wanted.getPort());
		}
		return wanted;
	}

	private void prepare(SocketAddress localAddress, AsyncBindUnsafe.Completion done) {
		InetSocketAddress wanted;
		try {
			wanted = bindable(localAddress);
		}
		catch (RuntimeException ex) {
			done.completed(ex);
			return;
		}
		if (!this.open || this.local != null || this.binding) {
			done.completed(this.open ? new AlreadyBoundException() : new ClosedChannelException());
			return;
		}
		this.binding = true;
		EventLoop loop = eventLoop();
		optionsChanged();
		this.port.bind(wanted, (bound, cause) -> AsyncBindUnsafe.on(loop, () -> {
			this.binding = false;
			this.prepared = bound;
			done.completed(cause);
		}));
	}

	@Override
	protected void doBind(SocketAddress localAddress) {
		this.local = this.prepared;
	}

	@Override
	protected void doDisconnect() {
		this.remote = null;
		this.port.remote(null);
	}

	// Bind to whatever there is before the first datagram of an unbound channel.
	private void bindForSending() {
		if (this.local == null && !this.binding) {
			prepare(new InetSocketAddress(Addresses.ANY, 0), (cause) -> {
				if (cause == null && this.open) {
					this.local = this.prepared;
				}
				else if (cause != null) {
					pipeline().fireExceptionCaught(cause);
					unsafe().close(unsafe().voidPromise());
				}
			});
		}
	}

	private void signalled() {
		if (!this.open || !isRegistered()) {
			return;
		}
		if (this.port.isGone()) {
			pipeline().fireExceptionCaught(
					new SocketException("Network is down: the address " + this.local + " was removed"));
			unsafe().close(unsafe().voidPromise());
			return;
		}
		ChannelOutboundBuffer pending = unsafe().outboundBuffer();
		if (pending != null && !pending.isEmpty()) {
			((DatagramUnsafe) super.unsafe()).flush0();
		}
		readInput();
	}

	@Override
	protected void doBeginRead() {
		this.readPending = true;
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
		if (this.readPending && this.open) {
			scheduleRead();
		}
	}

	private void readLoop() {
		ChannelPipeline pipeline = pipeline();
		RecvByteBufAllocator.Handle handle = unsafe().recvBufAllocHandle();
		handle.reset(this.config);
		IOException error = null;
		do {
			Object next = this.open ? this.port.poll() : null;
			if (next == null) {
				break;
			}
			this.readPending = false;
			if (!(next instanceof DatagramPacket packet)) {
				error = (IOException) next;
				break;
			}
			int length = packet.content().readableBytes();
			handle.attemptedBytesRead(length);
			handle.lastBytesRead(length);
			handle.incMessagesRead(1);
			pipeline.fireChannelRead(packet);
		}
		while (continueReading(handle));
		handle.readComplete();
		pipeline.fireChannelReadComplete();
		if (error != null) {
			pipeline.fireExceptionCaught(error);
		}
	}

	private boolean continueReading(RecvByteBufAllocator.Handle handle) {
		return (handle instanceof RecvByteBufAllocator.ExtendedHandle extended)
				? extended.continueReading(() -> !this.port.isEmpty()) : handle.continueReading();
	}

	@Override
	protected Object filterOutboundMessage(Object msg) {
		if (msg instanceof ByteBuf) {
			return msg;
		}
		if (msg instanceof AddressedEnvelope<?, ?> envelope && envelope.content() instanceof ByteBuf) {
			if (envelope.recipient() != null) {
				Addresses.resolved(envelope.recipient());
			}
			return msg;
		}
		throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg)
				+ " (expected: DatagramPacket, AddressedEnvelope<ByteBuf, InetSocketAddress>, ByteBuf)");
	}

	@Override
	protected void doWrite(ChannelOutboundBuffer in) {
		bindForSending();
		for (Object msg = in.current(); msg != null; msg = in.current()) {
			ByteBuf content;
			InetSocketAddress recipient = this.remote;
			if (msg instanceof ByteBuf data) {
				content = data;
			}
			else {
				AddressedEnvelope<?, ?> envelope = (AddressedEnvelope<?, ?>) msg;
				content = (ByteBuf) envelope.content();
				recipient = (envelope.recipient() != null) ? (InetSocketAddress) envelope.recipient() : recipient;
			}
			Exception failure = checkSend(recipient, content.readableBytes());
			if (failure != null || recipient == null) {
				in.remove(failure);
				continue;
			}
			// A slice: the same buffer may be written to several recipients.
			DatagramPacket packet = new DatagramPacket(content.retainedSlice(), recipient);
			if (!this.port.send(packet)) {
				packet.release();
				break;
			}
			in.remove();
		}
		this.port.flush();
	}

	private @Nullable Exception checkSend(@Nullable InetSocketAddress recipient, int length) {
		if (recipient == null) {
			return new NotYetConnectedException();
		}
		InetAddress address = recipient.getAddress();
		int limit = (address instanceof Inet4Address) ? 65507 : 65527;
		if (length > limit) {
			return new SocketException("Message too long: " + length + " bytes, at most " + limit + " can be sent");
		}
		if (address.isMulticastAddress()) {
			return null;
		}
		boolean broadcast = Addresses.BROADCAST.equals(address);
		NetworkStack stack = broadcast ? null : this.domain.route(address);
		if (stack == null && !broadcast) {
			return Addresses.noRoute(recipient);
		}
		if (!this.config.isBroadcast() && (broadcast || Addresses.isBroadcast(address, stack))) {
			return new SocketException(
					"Permission denied: set SO_BROADCAST to send to the broadcast address " + address.getHostAddress());
		}
		return null;
	}

	@Override
	public ChannelFuture joinGroup(InetAddress multicastAddress) {
		return joinGroup(multicastAddress, newPromise());
	}

	@Override
	public ChannelFuture joinGroup(InetAddress multicastAddress, ChannelPromise promise) {
		return joinGroup(multicastAddress, null, null, promise);
	}

	@Override
	public ChannelFuture joinGroup(InetSocketAddress multicastAddress, @Nullable NetworkInterface networkInterface) {
		return joinGroup(multicastAddress, networkInterface, newPromise());
	}

	@Override
	public ChannelFuture joinGroup(InetSocketAddress multicastAddress, @Nullable NetworkInterface networkInterface,
			ChannelPromise promise) {
		return joinGroup(multicastAddress.getAddress(), networkInterface, null, promise);
	}

	@Override
	public ChannelFuture joinGroup(InetAddress multicastAddress, @Nullable NetworkInterface networkInterface,
			@Nullable InetAddress source) {
		return joinGroup(multicastAddress, networkInterface, source, newPromise());
	}

	@Override
	public ChannelFuture joinGroup(InetAddress multicastAddress, @Nullable NetworkInterface networkInterface,
			@Nullable InetAddress source, ChannelPromise promise) {
		try {
			this.port.join(multicastAddress, groupInterface(networkInterface), source, done(promise));
		}
		catch (SocketException ex) {
			promise.setFailure(ex);
		}
		return promise;
	}

	@Override
	public ChannelFuture leaveGroup(InetAddress multicastAddress) {
		return leaveGroup(multicastAddress, newPromise());
	}

	@Override
	public ChannelFuture leaveGroup(InetAddress multicastAddress, ChannelPromise promise) {
		return leaveGroup(multicastAddress, null, null, promise);
	}

	@Override
	public ChannelFuture leaveGroup(InetSocketAddress multicastAddress, @Nullable NetworkInterface networkInterface) {
		return leaveGroup(multicastAddress, networkInterface, newPromise());
	}

	@Override
	public ChannelFuture leaveGroup(InetSocketAddress multicastAddress, @Nullable NetworkInterface networkInterface,
			ChannelPromise promise) {
		return leaveGroup(multicastAddress.getAddress(), networkInterface, null, promise);
	}

	@Override
	public ChannelFuture leaveGroup(InetAddress multicastAddress, @Nullable NetworkInterface networkInterface,
			@Nullable InetAddress source) {
		return leaveGroup(multicastAddress, networkInterface, source, newPromise());
	}

	@Override
	public ChannelFuture leaveGroup(InetAddress multicastAddress, @Nullable NetworkInterface networkInterface,
			@Nullable InetAddress source, ChannelPromise promise) {
		try {
			this.port.leave(multicastAddress, groupInterface(networkInterface), source, done(promise));
		}
		catch (SocketException ex) {
			promise.setFailure(ex);
		}
		return promise;
	}

	@Override
	public ChannelFuture block(InetAddress multicastAddress, @Nullable NetworkInterface networkInterface,
			InetAddress sourceToBlock) {
		return block(multicastAddress, networkInterface, sourceToBlock, newPromise());
	}

	@Override
	public ChannelFuture block(InetAddress multicastAddress, @Nullable NetworkInterface networkInterface,
			InetAddress sourceToBlock, ChannelPromise promise) {
		return block(multicastAddress, sourceToBlock, promise);
	}

	@Override
	public ChannelFuture block(InetAddress multicastAddress, InetAddress sourceToBlock) {
		return block(multicastAddress, sourceToBlock, newPromise());
	}

	@Override
	public ChannelFuture block(InetAddress multicastAddress, InetAddress sourceToBlock, ChannelPromise promise) {
		this.port.block(multicastAddress, sourceToBlock, done(promise));
		return promise;
	}

	private @Nullable InetAddress groupInterface(@Nullable NetworkInterface networkInterface) throws SocketException {
		return (networkInterface != null) ? addressOn(networkInterface) : this.config.getInterface();
	}

	private static DatagramPort.Done done(ChannelPromise promise) {
		return (cause) -> {
			if (cause == null) {
				promise.trySuccess();
			}
			else {
				promise.tryFailure(cause);
			}
		};
	}

	@Override
	protected void doClose() {
		if (this.open) {
			this.open = false;
			this.readPending = false;
			this.remote = null;
			this.port.close(() -> {
			});
		}
	}

	private final class DatagramUnsafe extends AbstractUnsafe {

		private ZeroTierDatagramChannel channel() {
			return ZeroTierDatagramChannel.this;
		}

		@Override
		public void connect(SocketAddress remoteAddress, @Nullable SocketAddress localAddress, ChannelPromise promise) {
			if (!promise.setUncancellable() || !ensureOpen(promise)) {
				return;
			}
			if (isConnected()) {
				promise.tryFailure(new AlreadyConnectedException());
				return;
			}
			InetSocketAddress to;
			SocketAddress from = localAddress;
			try {
				to = Addresses.resolved(remoteAddress);
				NetworkStack stack = channel().domain.route(to.getAddress());
				if (stack == null && !to.getAddress().isMulticastAddress()) {
					throw Addresses.noRoute(to);
				}
				if (from == null && channel().local == null) {
					from = new InetSocketAddress(Addresses.source(stack, to.getAddress()), 0);
				}
			}
			catch (IOException | RuntimeException ex) {
				promise.tryFailure(annotateConnectException(ex, remoteAddress));
				close(voidPromise());
				return;
			}
			if (from == null) {
				connected(to, promise);
				return;
			}
			prepare(from, (cause) -> {
				if (cause != null) {
					promise.tryFailure(cause);
					close(voidPromise());
				}
				else {
					connected(to, promise);
				}
			});
		}

		private void connected(InetSocketAddress to, ChannelPromise promise) {
			if (!ensureOpen(promise)) {
				return;
			}
			boolean wasActive = isActive();
			if (channel().local == null) {
				channel().local = channel().prepared;
			}
			channel().remote = to;
			channel().port.remote(to);
			promise.trySuccess();
			if (!wasActive) {
				pipeline().fireChannelActive();
			}
		}

		@Override
		protected void flush0() {
			super.flush0();
		}

		@Override
		protected @Nullable Executor prepareToClose() {
			if (!isOpen() || eventLoop().isShuttingDown()) {
				return null;
			}
			// The channel is closed when what was written is sent and its port is free.
			EventLoop loop = eventLoop();
			return (task) -> channel().port.close(() -> AsyncBindUnsafe.on(loop, task));
		}

	}

}
