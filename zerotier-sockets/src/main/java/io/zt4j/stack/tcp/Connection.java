package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpInfo;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.TcpState;
import io.zt4j.stack.ip.IcmpError;
import org.jspecify.annotations.Nullable;

/**
 * A connection: what the application sees of it, its life and its events. Confined to the
 * event loop.
 */
final class Connection extends Flow implements TcpConnection {

	/** How long a closed connection waits for the peer's FIN. */
	private static final long FIN_WAIT_2_TIMEOUT = 60_000_000_000L;

	private final TcpProtocol tcp;

	private final @Nullable Listener listener;

	private final ConnectionTimers timers;

	private final Sender sender;

	private final Handshake handshake;

	private final StateMachine machine;

	private final KeepAlive keepAlive;

	private final Events events;

	private final int timestampOffset;

	private TcpOptions options;

	private TcpState state;

	private Receiver receiver;

	private @Nullable TimeWait timeWait;

	private @Nullable IOException failure;

	private boolean closedByApplication;

	private boolean queued;

	Connection(TcpProtocol tcp, Flow flow, int initialSequence, TcpOptions options, @Nullable Listener listener,
			@Nullable Handler handler) {
		super(flow);
		this.tcp = tcp;
		this.options = options;
		this.listener = listener;
		this.state = (listener != null) ? TcpState.SYN_RECEIVED : TcpState.SYN_SENT;
		this.timestampOffset = tcp.initialSequenceNumbers().timestampOffset(this);
		this.timers = new ConnectionTimers(tcp, this);
		this.sender = new Sender(this, this.timers, initialSequence, options);
		this.receiver = new Receiver(tcp, this.timers, 0, options);
		this.handshake = new Handshake(this);
		this.machine = new StateMachine(this);
		this.keepAlive = new KeepAlive(this);
		this.events = new Events(this, handler);
	}

	// what the parts of a connection need of one another

	TcpProtocol tcp() {
		return this.tcp;
	}

	ConnectionTimers timers() {
		return this.timers;
	}

	Sender sender() {
		return this.sender;
	}

	Receiver receiver() {
		return this.receiver;
	}

	Handshake handshake() {
		return this.handshake;
	}

	@Nullable Listener listener() {
		return this.listener;
	}

	@Nullable IOException failure() {
		return this.failure;
	}

	boolean isPassive() {
		return this.listener != null;
	}

	boolean isClosedByApplication() {
		return this.closedByApplication;
	}

	void state(TcpState state) {
		this.state = state;
	}

	long scaled(int window) {
		return this.sender.scaled(window);
	}

	int timestamp(long now) {
		return Timestamps.at(now, this.timestampOffset);
	}

	long timeOfEcho(Segment segment, long now) {
		return (this.handshake.hasTimestamps() && segment.hasTimestamps)
				? Timestamps.endOf(segment.timestampEcho, this.timestampOffset, now) : ConnectionTimers.OFF;
	}

	void countRetransmission() {
		this.tcp.counters().retransmitted();
	}

	// segments

	@Override
	void receive(Segment segment) {
		long now = this.tcp.now();
		this.keepAlive.heard(now);
		this.machine.receive(segment, now);
		this.tcp.enqueue(this);
	}

	// The peer's SYN arrived.
	void synReceived(Segment syn, long now) {
		this.receiver = new Receiver(this.tcp, this.timers, syn.sequence, this.options);
		if (syn.hasTimestamps) {
			this.receiver.timestamp(syn.timestamp, now);
		}
		this.handshake.peerOffered(syn);
		// RFC 7323 2.2: the window of a SYN is never scaled
		this.sender.initialWindow(syn.window, this.receiver.initial(), 0);
	}

	void transmit(long sequence, int length, int flags, ByteQueue source) {
		boolean timestamps = this.handshake.hasTimestamps();
		SegmentWriter writer = this.tcp.writer();
		ByteBuf out = writer.begin(this, sequence, this.receiver.next(), flags, this.receiver.windowField(),
				timestamps ? TcpOption.TIMESTAMPS_LENGTH : 0, length);
		if (timestamps) {
			SegmentWriter.timestamps(out, timestamp(this.tcp.now()), this.receiver.recentTimestamp());
		}
		if (length > 0) {
			source.copyTo(sequence, length, out);
		}
		writer.send(this, this.options.trafficClass(), out);
		this.receiver.acknowledged(false);
	}

	private void sendAcknowledgement(long sequence) {
		boolean timestamps = this.handshake.hasTimestamps();
		int blocks = this.receiver.collectBlocks(timestamps ? 3 : Segment.MAX_SACK_BLOCKS);
		int optionLength = (timestamps ? TcpOption.TIMESTAMPS_LENGTH : 0) + ((blocks > 0) ? 4 + 8 * blocks : 0);
		SegmentWriter writer = this.tcp.writer();
		ByteBuf out = writer.begin(this, sequence, this.receiver.next(), Segment.ACK, this.receiver.windowField(),
				optionLength, 0);
		if (timestamps) {
			SegmentWriter.timestamps(out, timestamp(this.tcp.now()), this.receiver.recentTimestamp());
		}
		if (blocks > 0) {
			this.receiver.writeBlocks(out, blocks);
		}
		writer.send(this, this.options.trafficClass(), out);
	}

	/** Probe with a sequence number already acknowledged (RFC 9293 3.8.4). */
	void sendKeepAlive() {
		sendAcknowledgement(this.sender.unacknowledged() - 1);
	}

	void sendReset(long sequence, boolean acknowledge) {
		SegmentWriter writer = this.tcp.writer();
		int flags = acknowledge ? Segment.RST | Segment.ACK : Segment.RST;
		writer.send(this, this.options.trafficClass(),
				writer.begin(this, sequence, this.receiver.next(), flags, 0, 0, 0));
	}

	/**
	 * Deliver events, then send data and acknowledgements: the end of a batch.
	 * @param now the time
	 */
	void work(long now) {
		this.queued = false;
		this.events.deliver();
		if (canTransmit()) {
			boolean more = this.sender.output(now);
			if (this.receiver.needsAcknowledgement(now)) {
				for (int i = this.receiver.acknowledgementsOwed(); i > 0; i--) {
					sendAcknowledgement(this.sender.next());
				}
				this.receiver.acknowledged(true);
			}
			if (more) {
				this.tcp.enqueue(this);
			}
			this.events.offerRoom();
		}
		if (this.state != TcpState.CLOSED && this.timeWait == null) {
			this.timers.arm();
		}
	}

	private boolean canTransmit() {
		return switch (this.state) {
			case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK -> true;
			default -> false;
		};
	}

	boolean isQueued() {
		return this.queued;
	}

	void queued() {
		this.queued = true;
	}

	// timers

	void expired(int kind, long now) {
		switch (kind) {
			case ConnectionTimers.RETRANSMISSION -> retransmissionTimeout(now);
			case ConnectionTimers.LOSS_PROBE -> this.sender.lossProbe(now);
			case ConnectionTimers.REORDERING -> this.sender.reorderingTimeout(now);
			case ConnectionTimers.PERSIST -> failUnless(this.sender.persistTimeout(now));
			case ConnectionTimers.DELAYED_ACK -> this.receiver.acknowledgeNow();
			case ConnectionTimers.KEEP_ALIVE -> failUnless(this.keepAlive.expired(now));
			case ConnectionTimers.LINGER ->
				abort(new SocketException("Connection reset: lingered, but not all data was acknowledged"));
			default -> lifetimeOver();
		}
		this.tcp.enqueue(this);
	}

	private void retransmissionTimeout(long now) {
		if (canTransmit()) {
			failUnless(this.sender.retransmissionTimeout(now));
		}
		else if (this.state != TcpState.CLOSED && !this.handshake.retransmit(now)) {
			terminate(new ConnectException("Connection timed out: " + remoteSocketAddress()));
		}
	}

	private void failUnless(boolean alive) {
		if (!alive) {
			abort(new SocketException("Connection timed out: " + remoteSocketAddress() + " does not answer"));
		}
	}

	private void lifetimeOver() {
		if (this.state == TcpState.FIN_WAIT_2) {
			terminate(null);
		}
		else if (this.state == TcpState.SYN_SENT || this.state == TcpState.SYN_RECEIVED) {
			terminate(new ConnectException("Connection timed out: " + remoteSocketAddress()));
		}
	}

	// life

	// Begin an active open.
	void open(long now) {
		this.timers.set(ConnectionTimers.LIFETIME, now + this.options.connectTimeout().toNanos());
		this.handshake.send(now);
		this.tcp.enqueue(this);
	}

	// Whether the listener has room for one more connection.
	boolean mayEstablish() {
		return this.listener == null || this.listener.hasRoom();
	}

	void established() {
		this.state = TcpState.ESTABLISHED;
		this.timers.cancel(ConnectionTimers.LIFETIME);
		this.keepAlive.restart();
		if (this.listener != null) {
			this.listener.established(this);
		}
		else {
			this.events.connected();
		}
		if (this.sender.isFinQueued()) {
			this.state = TcpState.FIN_WAIT_1;
		}
	}

	// The listener hands out the connection.
	void accepted(TcpListener.Acceptor acceptor) {
		this.events.accepted(acceptor);
		this.tcp.enqueue(this);
	}

	void inputArrived() {
		this.events.readable();
	}

	/** Our FIN was acknowledged. */
	void outputFinished() {
		this.timers.cancel(ConnectionTimers.LINGER);
		if (this.closedByApplication) {
			this.timers.set(ConnectionTimers.LIFETIME, this.tcp.now() + FIN_WAIT_2_TIMEOUT);
			this.events.closed();
		}
	}

	void enterTimeWait() {
		this.timers.stop();
		this.state = TcpState.TIME_WAIT;
		// the peer's FIN must be acknowledged even though the connection sleeps now
		sendAcknowledgement(this.sender.next());
		this.timeWait = new TimeWait(this.tcp, this, this.sender.next(), this.receiver.next(),
				this.handshake.hasTimestamps(), this.timestampOffset, this.receiver.recentTimestamp(),
				this.receiver.windowField());
		this.tcp.timeWait(this, this.timeWait);
		this.sender.clear();
		this.events.closed();
	}

	/**
	 * The connection is no more.
	 * @param cause why it failed, or null
	 */
	void terminate(@Nullable IOException cause) {
		if (this.state == TcpState.CLOSED) {
			return;
		}
		TcpState before = this.state;
		this.state = TcpState.CLOSED;
		this.failure = cause;
		this.timers.stop();
		this.tcp.remove(this);
		if (this.listener != null) {
			this.listener.terminated(this, before);
		}
		this.sender.clear();
		if (this.closedByApplication) {
			this.receiver.clear();
		}
		this.events.closed();
		this.tcp.enqueue(this);
	}

	private void abort(IOException cause) {
		resetPeer();
		terminate(cause);
	}

	private void resetPeer() {
		if (canTransmit() || this.state == TcpState.SYN_RECEIVED) {
			sendReset((this.state == TcpState.SYN_RECEIVED) ? this.sender.initial() + 1 : this.sender.next(), true);
		}
	}

	/**
	 * The stack lets go of the connection: reset it.
	 * @param message why
	 */
	void fail(String message) {
		abort(new SocketException(message));
	}

	@Override
	void error(IcmpError error, int sequence) {
		long position = SequenceNumber.unwrap(sequence, this.sender.unacknowledged());
		boolean opening = this.state == TcpState.SYN_SENT || this.state == TcpState.SYN_RECEIVED;
		boolean plausible = opening ? (int) position == (int) this.sender.initial()
				: position >= this.sender.unacknowledged() && position < this.sender.next();
		if (!plausible) {
			// RFC 5927 4.1
			this.tcp.counters().dropped(TcpCounters.Drop.BAD_ICMP);
			return;
		}
		if (error == IcmpError.PACKET_TOO_BIG) {
			pathChanged();
			return;
		}
		if (!opening) {
			// RFC 5461: soft once the connection is established
			return;
		}
		switch (error) {
			case PORT_UNREACHABLE -> terminate(new ConnectException("Connection refused: " + remoteSocketAddress()));
			case HOST_UNREACHABLE ->
				terminate(new NoRouteToHostException("Host unreachable: " + remoteSocketAddress()));
			case NETWORK_UNREACHABLE ->
				terminate(new NoRouteToHostException("Network unreachable: " + remoteSocketAddress()));
			case PROHIBITED ->
				terminate(new NoRouteToHostException("Administratively prohibited: " + remoteSocketAddress()));
			default -> {
				// RFC 9293 3.9.2.2: soft
			}
		}
	}

	/** The greatest packet of the path changed. */
	void pathChanged() {
		this.sender.segmentSize(this.handshake.segmentSize());
		this.tcp.enqueue(this);
	}

	// the application's side

	@Override
	public InetSocketAddress localAddress() {
		return localSocketAddress();
	}

	@Override
	public InetSocketAddress remoteAddress() {
		return remoteSocketAddress();
	}

	@Override
	public TcpState state() {
		if (this.timeWait != null && this.timeWait.isOver()) {
			return TcpState.CLOSED;
		}
		return this.state;
	}

	@Override
	public int writableBytes() {
		if (isOutputShut()) {
			return 0;
		}
		return Math.max(0, this.options.sendBufferSize() - this.sender.bufferedBytes());
	}

	private boolean isOutputShut() {
		return this.closedByApplication || this.sender.isFinQueued() || this.state == TcpState.CLOSED
				|| this.state == TcpState.TIME_WAIT;
	}

	@Override
	public int write(ByteBuf data) throws IOException {
		if (this.failure != null) {
			throw new SocketException(this.failure.getMessage());
		}
		if (isOutputShut()) {
			throw new SocketException("Output of the connection is shut down");
		}
		int length = Math.min(data.readableBytes(), writableBytes());
		if (length < data.readableBytes()) {
			this.events.wantRoom();
		}
		if (length > 0) {
			this.sender.append(data, length);
			if (this.sender.hasWholeSegment()) {
				this.tcp.enqueue(this);
			}
		}
		return length;
	}

	@Override
	public void flush() {
		this.sender.push();
		this.tcp.enqueue(this);
	}

	@Override
	public int readableBytes() {
		return this.receiver.readableBytes();
	}

	@Override
	public @Nullable ByteBuf read(int limit) {
		if (limit < 1) {
			throw new IllegalArgumentException("The limit must be at least 1, not " + limit);
		}
		ByteBuf data = this.receiver.read(limit);
		if (data != null) {
			if (canTransmit() && !this.receiver.isFinReceived() && this.receiver.shouldUpdateWindow()) {
				this.receiver.acknowledgeNow();
				this.tcp.enqueue(this);
			}
			if (this.events.isWaitingForRead()) {
				this.tcp.enqueue(this);
			}
		}
		return data;
	}

	@Override
	public boolean isInputClosed() {
		return this.receiver.isFinReceived() && this.receiver.readableBytes() == 0;
	}

	@Override
	public void shutdownOutput() {
		if (isOutputShut()) {
			return;
		}
		queueFin();
	}

	private void queueFin() {
		this.sender.queueFin();
		if (this.state == TcpState.ESTABLISHED) {
			this.state = TcpState.FIN_WAIT_1;
		}
		else if (this.state == TcpState.CLOSE_WAIT) {
			this.state = TcpState.LAST_ACK;
		}
		this.tcp.enqueue(this);
	}

	@Override
	public void shutdownInput() {
		this.receiver.discard();
		if (canTransmit()) {
			this.receiver.acknowledgeNow();
		}
		this.tcp.enqueue(this);
	}

	@Override
	public void close() {
		if (this.closedByApplication) {
			return;
		}
		this.closedByApplication = true;
		switch (this.state) {
			case SYN_SENT -> terminate(null);
			case SYN_RECEIVED -> abortQuietly();
			case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK -> closeSynchronized();
			default -> {
				this.receiver.clear();
				this.tcp.enqueue(this);
			}
		}
	}

	private void closeSynchronized() {
		if (this.receiver.hasUnread() || this.options.lingerSeconds() == 0) {
			// RFC 2525 2.17: the peer must learn that its data was not read
			abortQuietly();
			return;
		}
		if (this.options.lingerSeconds() > 0 && !this.sender.isFinAcknowledged()) {
			this.timers.set(ConnectionTimers.LINGER,
					this.tcp.refreshNow() + this.options.lingerSeconds() * 1_000_000_000L);
		}
		if (!this.sender.isFinQueued()) {
			queueFin();
		}
		if (this.state == TcpState.FIN_WAIT_2) {
			outputFinished();
		}
		this.tcp.enqueue(this);
	}

	@Override
	public void abort() {
		this.closedByApplication = true;
		if (this.state == TcpState.TIME_WAIT || this.state == TcpState.CLOSED) {
			this.receiver.clear();
			this.tcp.enqueue(this);
			return;
		}
		abortQuietly();
	}

	private void abortQuietly() {
		resetPeer();
		terminate(null);
		this.tcp.enqueue(this);
	}

	@Override
	public TcpOptions options() {
		return this.options;
	}

	@Override
	public void options(TcpOptions options) {
		TcpOptions before = this.options;
		this.options = options;
		this.receiver.capacity(options.receiveBufferSize());
		if (!before.congestionControl().equals(options.congestionControl())) {
			this.sender.congestionControl(options.congestionControl());
		}
		if (canTransmit()) {
			this.keepAlive.restart();
		}
		this.tcp.enqueue(this);
	}

	@Override
	public TcpInfo info() {
		RttEstimator rtt = this.sender.rtt();
		return new TcpInfo(state(), this.sender.maximumSegmentSize(), rtt.smoothed(), rtt.variation(), rtt.timeout(),
				this.sender.congestionWindow(), this.sender.congestion().slowStartThreshold(), this.sender.window(),
				this.receiver.window(), this.sender.bytesInFlight(), this.sender.bytesSent(),
				this.receiver.bytesReceived(), this.sender.retransmitted(), this.sender.timeouts());
	}

	@Override
	public String toString() {
		return "TCP " + text(this.local, this.localPort) + " -> " + text(this.remote, this.remotePort) + " " + state();
	}

	private static String text(InetAddress address, int port) {
		return address.getHostAddress() + ":" + port;
	}

}
