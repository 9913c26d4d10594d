package io.zt4j.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.stack.NetworkStack;
import io.zt4j.stack.UdpSocket;
import org.jspecify.annotations.Nullable;

/**
 * The stack's side of a {@link ZeroTierDatagramChannel}: one {@link UdpSocket} per
 * network, and a queue each way. Received datagrams beyond the receive buffer are
 * dropped, as UDP does. Members say which side may call them: C for the channel's loop, S
 * for the stack's.
 */
final class DatagramPort implements StackSockets.Opener<UdpSocket>, UdpSocket.Handler {

	private static final InternalLogger logger = InternalLoggerFactory.getInstance(DatagramPort.class);

	/** What a queued datagram counts beside its bytes. */
	private static final int OVERHEAD = 64;

	private static final int SLOTS = 1024;

	private final LoopLink link;

	private final StackSockets<UdpSocket> sockets;

	private final MulticastMemberships memberships = new MulticastMemberships();

	private final HandoffQueue<DatagramPacket> outbound = new HandoffQueue<>(SLOTS);

	/** Datagrams, and errors for a connected channel. */
	private final HandoffQueue<Object> inbound = new HandoffQueue<>(SLOTS);

	private final AtomicInteger outboundBytes = new AtomicInteger();

	private final AtomicInteger inboundBytes = new AtomicInteger();

	/** C. */
	private Runnable onSignal = () -> {
	};

	private volatile Options options = Options.DEFAULT;

	private volatile @Nullable InetSocketAddress remote;

	private volatile @Nullable InetAddress multicastInterface;

	private volatile boolean writerWaits;

	private volatile boolean optionsChanged;

	private volatile boolean gone;

	/** S. */
	private @Nullable InetSocketAddress local;

	/** S. */
	private boolean closed;

	DatagramPort(SocketDomain domain) {
		this.link = new LoopLink(domain.eventLoop(), this::work, () -> this.onSignal.run(), this::closeNow);
		this.sockets = new StackSockets<>(domain, this, UdpSocket::close);
	}

	// C, before {@link #attach}: what to do when there is news.
	void onSignal(Runnable task) {
		this.onSignal = task;
	}

	// C.
	void attach(@Nullable EventLoop loop) {
		this.link.attach(loop);
	}

	// Any.
	void options(Options options, @Nullable InetAddress multicastInterface) {
		this.options = options;
		this.multicastInterface = multicastInterface;
		this.optionsChanged = true;
		this.link.wakeStack();
	}

	// C: accept datagrams of one sender only.
	void remote(@Nullable InetSocketAddress remote) {
		this.remote = remote;
	}

	// C: bind; the outcome is told on the stack's loop.
	void bind(InetSocketAddress address, ListenerPort.Bound bound) {
		this.link.onStack(() -> {
			if (this.closed) {
				bound.bound(null, new ClosedChannelException());
				return;
			}
			try {
				this.local = this.sockets.bind(address);
				bound.bound(this.local, null);
				work();
			}
			catch (IOException ex) {
				bound.bound(null, ex);
			}
		});
	}

	/**
	 * C: send one datagram; takes ownership unless it returns false.
	 * @param packet the datagram
	 * @return false if the channel must wait for a signal
	 */
	boolean send(DatagramPacket packet) {
		int size = packet.content().readableBytes() + OVERHEAD;
		if (!hasRoom(size)) {
			this.writerWaits = true;
			if (!hasRoom(size)) {
				return false;
			}
			this.writerWaits = false;
		}
		this.outboundBytes.addAndGet(size);
		this.outbound.offer(packet);
		return true;
	}

	private boolean hasRoom(int size) {
		int used = this.outboundBytes.get();
		return !this.outbound.isFull() && (used == 0 || used + size <= this.options.sendBufferSize());
	}

	// C: have sent what was queued.
	void flush() {
		this.link.wakeStack();
	}

	// C.
	boolean isEmpty() {
		return this.inbound.isEmpty();
	}

	// C: take a {@link DatagramPacket} or an {@link IOException}.
	@Nullable Object poll() {
		Object next = this.inbound.poll();
		if (next instanceof DatagramPacket packet) {
			this.inboundBytes.addAndGet(-packet.content().readableBytes() - OVERHEAD);
		}
		return next;
	}

	// C: whether the stack closed the socket.
	boolean isGone() {
		return this.gone;
	}

	// C: join a group; the outcome is told on the stack's loop.
	void join(InetAddress group, @Nullable InetAddress on, @Nullable InetAddress source, Done done) {
		this.link.onStack(() -> {
			try {
				checkBound();
				if (this.memberships.join(group, on, source)) {
					eachOn(on, (socket) -> socket.join(group));
				}
				done.done(null);
			}
			catch (IOException ex) {
				this.memberships.leave(group, on, source);
				done.done(ex);
			}
		});
	}

	// C: leave a group.
	void leave(InetAddress group, @Nullable InetAddress on, @Nullable InetAddress source, Done done) {
		this.link.onStack(() -> {
			try {
				checkBound();
				if (this.memberships.leave(group, on, source)) {
					eachOn(on, (socket) -> socket.leave(group));
				}
				done.done(null);
			}
			catch (IOException ex) {
				done.done(ex);
			}
		});
	}

	// C: drop what one source sends to a group.
	void block(InetAddress group, InetAddress source, Done done) {
		this.link.onStack(() -> done
			.done(this.memberships.block(group, source) ? null : new SocketException("Not a member of " + group)));
	}

	// C: send what is queued and release the port.
	void close(Runnable done) {
		this.link.onStack(() -> {
			work();
			closeNow();
			done.run();
		});
	}

	// --- the stack's side -----------------------------------------------------------

	private void checkBound() throws SocketException {
		if (this.closed || this.local == null) {
			throw new SocketException(this.closed ? "Socket closed" : "Not bound: bind before joining a group");
		}
	}

	private void eachOn(@Nullable InetAddress on, Action action) throws IOException {
		if (on == null) {
			for (UdpSocket socket : this.sockets.sockets()) {
				action.apply(socket);
			}
			return;
		}
		UdpSocket socket = this.sockets.on(on);
		if (socket == null) {
			throw new SocketException("Not bound on the network of " + on.getHostAddress());
		}
		action.apply(socket);
	}

	private void work() {
		if (this.optionsChanged) {
			this.optionsChanged = false;
			this.sockets.sockets().forEach(this::configure);
		}
		if (this.local == null && !this.closed) {
			// Datagrams written before the port is bound wait for it.
			return;
		}
		for (DatagramPacket packet = this.outbound.poll(); packet != null; packet = this.outbound.poll()) {
			this.outboundBytes.addAndGet(-packet.content().readableBytes() - OVERHEAD);
			transmit(packet.recipient(), packet.content());
		}
		if (this.writerWaits) {
			this.writerWaits = false;
			this.link.wakeChannelLater();
		}
	}

	private void transmit(InetSocketAddress recipient, ByteBuf data) {
		UdpSocket socket = this.closed ? null : socketFor(recipient.getAddress());
		if (socket == null) {
			data.release();
			return;
		}
		try {
			socket.send(recipient, data);
		}
		catch (IOException ex) {
			logger.debug("Datagram to {} not sent", recipient, ex);
		}
	}

	private @Nullable UdpSocket socketFor(InetAddress destination) {
		UdpSocket socket = null;
		InetAddress on = this.multicastInterface;
		if (on != null && destination.isMulticastAddress()) {
			socket = this.sockets.on(on);
		}
		if (socket == null) {
			socket = this.sockets.towards(destination);
		}
		if (socket == null) {
			// Multicast and broadcast have no route; the first network is the default.
			Iterator<UdpSocket> all = this.sockets.sockets().iterator();
			socket = all.hasNext() ? all.next() : null;
		}
		return socket;
	}

	private void configure(UdpSocket socket) {
		Options current = this.options;
		socket.multicast(current.timeToLive(), current.loopback());
		socket.trafficClass(current.trafficClass());
	}

	@Override
	public UdpSocket open(NetworkStack stack, InetSocketAddress address) throws IOException {
		UdpSocket socket = stack.bind(address, this.options.reuseAddress(), this);
		configure(socket);
		this.memberships.forEach((group, on) -> {
			if (on == null) {
				try {
					socket.join(group);
				}
				catch (IOException ex) {
					logger.warn("Cannot join {} on the network just joined", group, ex);
				}
			}
		});
		return socket;
	}

	@Override
	public InetSocketAddress localAddress(UdpSocket socket) {
		return socket.localAddress();
	}

	@Override
	public void receive(InetSocketAddress source, InetSocketAddress destination, ByteBuf data) {
		InetSocketAddress only = this.remote;
		int size = data.readableBytes() + OVERHEAD;
		int used = this.inboundBytes.get();
		if (this.closed || this.inbound.isFull() || (used > 0 && used + size > this.options.receiveBufferSize())
				|| (only != null && !only.equals(source))
				|| !this.memberships.accepts(destination.getAddress(), source.getAddress())) {
			data.release();
			return;
		}
		this.inboundBytes.addAndGet(size);
		InetSocketAddress bound = this.local;
		boolean actual = this.options.originalDestination() || bound == null;
		this.inbound.offer(new DatagramPacket(data, actual ? destination : bound, source));
		this.link.wakeChannelLater();
	}

	@Override
	public void error(InetSocketAddress destination, IOException cause) {
		// As for any datagram socket, only a connected one learns of such errors.
		if (destination.equals(this.remote) && this.inbound.offer(cause)) {
			this.link.wakeChannelLater();
		}
	}

	@Override
	public void closed() {
		InetSocketAddress address = this.local;
		if (!this.closed && address != null && !address.getAddress().isAnyLocalAddress()) {
			this.gone = true;
			this.link.wakeChannelLater();
		}
	}

	private void closeNow() {
		this.closed = true;
		this.sockets.close();
		for (DatagramPacket packet = this.outbound.poll(); packet != null; packet = this.outbound.poll()) {
			packet.release();
		}
		// The channel reads no more, so this side may empty the queue it filled.
		for (Object next = this.inbound.poll(); next != null; next = this.inbound.poll()) {
			ReferenceCountUtil.release(next);
		}
	}

	/**
	 * What can be set.
	 *
	 * @param timeToLive of multicast datagrams
	 * @param loopback whether multicast is looped back
	 * @param trafficClass of datagrams sent
	 * @param reuseAddress whether the port may be shared
	 * @param sendBufferSize bytes
	 * @param receiveBufferSize bytes
	 * @param originalDestination whether the recipient of a received datagram is the
	 * address it was sent to, rather than the bound one
	 */
	record Options(int timeToLive, boolean loopback, int trafficClass, boolean reuseAddress, int sendBufferSize,
			int receiveBufferSize, boolean originalDestination) {

		static final Options DEFAULT = new Options(1, true, 0, false, 1 << 20, 1 << 20, false);

	}

	/**
	 * Learns the outcome, on the stack's loop.
	 */
	@FunctionalInterface
	interface Done {

		/**
		 * It ended.
		 * @param cause why it failed, or null
		 */
		void done(@Nullable Throwable cause);

	}

	/**
	 * Does something to a socket.
	 */
	@FunctionalInterface
	private interface Action {

		void apply(UdpSocket socket) throws IOException;

	}

}
