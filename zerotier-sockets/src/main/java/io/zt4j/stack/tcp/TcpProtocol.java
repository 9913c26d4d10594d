package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IcmpError;
import io.zt4j.stack.ip.IpAddresses;
import io.zt4j.stack.ip.IpDatagram;
import io.zt4j.stack.ip.IpOutput;
import io.zt4j.stack.ip.TransportProtocol;
import io.zt4j.stack.tcp.TcpCounters.Drop;
import org.jspecify.annotations.Nullable;

/**
 * TCP of one host (RFC 9293). Confined to the event loop except where a method says
 * otherwise.
 * <p>
 * Arriving segments change the state of connections and put them into a queue of work;
 * when the batch is over, each delivers its events and sends data and acknowledgements,
 * once. What applications do outside of a batch waits in the same queue for the loop's
 * next task.
 */
public final class TcpProtocol implements TransportProtocol {

	private final EventLoop loop;

	private final Ticker ticker;

	/** When this was made; a ticker may begin anywhere. */
	private final long origin;

	private final IpOutput ip;

	private final ByteBufAllocator allocator;

	private final TcpCounters counters = new TcpCounters();

	private final SegmentWriter writer;

	private final FlowTable flows;

	private final Listeners listeners;

	private final TimeWaits timeWaits;

	private final InitialSequenceNumbers initialSequenceNumbers;

	private final RateLimit resets = new RateLimit(1000);

	private final Segment segment = new Segment();

	private final ArrayDeque<Connection> work = new ArrayDeque<>();

	private final Runnable workTask = this::runWorkTask;

	/** Connections that are over but for what the application has not read. */
	private final Set<Connection> unread = new HashSet<>();

	private boolean working;

	private boolean workScheduled;

	private boolean inBatch;

	private boolean closed;

	private long now;

	private @Nullable TimeWait reincarnated;

	/**
	 * Create the protocol.
	 * @param loop the loop everything is confined to
	 * @param ticker monotonic time, the same the loop's timers run by
	 * @param random makes secrets, ports and sequence numbers; unpredictable outside of
	 * tests
	 * @param ip what stands below
	 */
	public TcpProtocol(EventLoop loop, Ticker ticker, RandomGenerator random, IpOutput ip) {
		this(loop, ticker, random, ip, ByteBufAllocator.DEFAULT);
	}

	TcpProtocol(EventLoop loop, Ticker ticker, RandomGenerator random, IpOutput ip, ByteBufAllocator allocator) {
		this.loop = loop;
		this.ticker = ticker;
		this.origin = ticker.nanoTime();
		this.ip = ip;
		this.allocator = allocator;
		this.writer = new SegmentWriter(ip, this.counters);
		this.flows = new FlowTable(random.nextLong());
		this.listeners = new Listeners(random);
		this.timeWaits = new TimeWaits(this);
		this.initialSequenceNumbers = new InitialSequenceNumbers(random);
		refreshNow();
	}

	EventLoop loop() {
		return this.loop;
	}

	IpOutput ip() {
		return this.ip;
	}

	ByteBufAllocator allocator() {
		return this.allocator;
	}

	TcpCounters counters() {
		return this.counters;
	}

	SegmentWriter writer() {
		return this.writer;
	}

	InitialSequenceNumbers initialSequenceNumbers() {
		return this.initialSequenceNumbers;
	}

	// The time as of this batch, nanoseconds since this was made.
	long now() {
		return this.now;
	}

	// The time at this moment.
	long refreshNow() {
		this.now = this.ticker.nanoTime() - this.origin;
		return this.now;
	}

	/**
	 * Listen for connections.
	 * @param local address or wildcard, and port; port 0 picks a free one
	 * @param backlog greatest number of connections not yet accepted, at least 1
	 * @param options options of accepted connections
	 * @param acceptor takes connections
	 * @return the listener
	 * @throws IOException {@link BindException} if the address is not ours or the port is
	 * taken
	 */
	public TcpListener listen(InetSocketAddress local, int backlog, TcpOptions options, TcpListener.Acceptor acceptor)
			throws IOException {
		if (backlog < 1) {
			throw new IllegalArgumentException("The backlog must be at least 1, not " + backlog);
		}
		InetAddress address = resolved(local);
		checkLocal(address);
		int port = local.getPort();
		if (port == 0) {
			port = this.listeners.ephemeral((candidate) -> true);
		}
		if (port == 0 || this.listeners.isTaken(address, port)) {
			throw new BindException("Address already in use: " + local);
		}
		Listener listener = new Listener(this, new InetSocketAddress(address, port), backlog, options, acceptor);
		this.listeners.add(listener);
		return listener;
	}

	/**
	 * Begin to connect.
	 * @param local address and port to connect from; null, a wildcard or port 0 leave the
	 * choice to the stack
	 * @param remote where to
	 * @param options options
	 * @param handler takes the connection's events
	 * @return the connection, in SYN-SENT
	 * @throws IOException {@link NoRouteToHostException} or {@link BindException}
	 */
	public TcpConnection connect(@Nullable InetSocketAddress local, InetSocketAddress remote, TcpOptions options,
			TcpConnection.Handler handler) throws IOException {
		InetAddress destination = resolved(remote);
		if (remote.getPort() == 0 || destination.isAnyLocalAddress() || destination.isMulticastAddress()) {
			throw new NoRouteToHostException("Not an address to connect to: " + remote);
		}
		InetAddress source = source(local, destination);
		int port = (local != null) ? local.getPort() : 0;
		long now = refreshNow();
		TimeWait old = null;
		if (port == 0) {
			port = this.listeners.ephemeral((candidate) -> isFree(source, candidate, destination, remote.getPort()));
		}
		Flow flow = new Tuple(source, port, destination, remote.getPort());
		if (port == 0 || !isFree(source, port, destination, remote.getPort())) {
			throw new BindException("Address already in use: " + local + " to " + remote);
		}
		if (this.flows.find(flow) instanceof TimeWait reused) {
			old = reused;
			this.timeWaits.end(reused);
		}
		Connection connection = new Connection(this, flow, initialSequence(flow, old, now), options, null, handler);
		add(connection);
		connection.open(now);
		return connection;
	}

	private static InetAddress resolved(InetSocketAddress address) throws IOException {
		if (address.isUnresolved()) {
			throw new NoRouteToHostException("The name is not resolved: " + address + "; resolve it first");
		}
		return address.getAddress();
	}

	private void checkLocal(InetAddress address) throws BindException {
		if (this.closed) {
			throw new BindException("The stack is closed");
		}
		if (!address.isAnyLocalAddress() && !this.ip.isLocal(address)) {
			throw new BindException("Not an address of this host: " + address.getHostAddress());
		}
	}

	private InetAddress source(@Nullable InetSocketAddress local, InetAddress destination) throws IOException {
		if (local != null) {
			checkLocal(resolved(local));
		}
		else if (this.closed) {
			throw new NoRouteToHostException("The stack is closed");
		}
		InetAddress chosen = this.ip.sourceFor(destination);
		if (chosen == null) {
			throw new NoRouteToHostException("No route to " + destination.getHostAddress());
		}
		if (local == null || local.getAddress().isAnyLocalAddress()) {
			return chosen;
		}
		if (local.getAddress().getClass() != destination.getClass()) {
			throw new BindException("The local address " + local.getAddress().getHostAddress()
					+ " is not of the address family of " + destination.getHostAddress());
		}
		return local.getAddress();
	}

	private boolean isFree(InetAddress source, int port, InetAddress destination, int remotePort) {
		Flow there = this.flows.find(IpAddresses.version(source), IpAddresses.high(source), IpAddresses.low(source),
				port, IpAddresses.high(destination), IpAddresses.low(destination), remotePort);
		return there == null || there instanceof TimeWait timeWait && timeWait.isReusable(this.now);
	}

	private int initialSequence(Flow flow, @Nullable TimeWait old, long now) {
		int sequence = this.initialSequenceNumbers.sequence(flow, now);
		if (old != null && sequence - (int) old.sendNext() <= 0) {
			// RFC 9293 3.10.7.4: larger than the last one used
			sequence = (int) old.sendNext() + 64_000;
		}
		return sequence;
	}

	/**
	 * An address of this host was removed: connections and listeners bound to it fail.
	 * @param address the address
	 */
	public void addressRemoved(InetAddress address) {
		for (Listener listener : this.listeners.all()) {
			if (listener.localAddress().getAddress().equals(address)) {
				listener.close();
			}
		}
		for (Flow flow : this.flows.toArray()) {
			if (flow.local.equals(address)) {
				end(flow, "The address " + address.getHostAddress() + " was removed");
			}
		}
	}

	/**
	 * The link's MTU changed.
	 */
	public void mtuChanged() {
		for (Flow flow : this.flows.toArray()) {
			if (flow instanceof Connection connection) {
				connection.pathChanged();
			}
		}
	}

	@Override
	public void receive(IpDatagram datagram) {
		if (!this.inBatch) {
			this.inBatch = true;
			refreshNow();
		}
		this.counters.received();
		Segment segment = this.segment;
		if (!datagram.isUnicast()) {
			this.counters.dropped(Drop.NOT_UNICAST);
		}
		else if (!segment.parse(datagram.payload())) {
			this.counters.dropped(Drop.MALFORMED);
		}
		else if (!Checksum.isValid(datagram)) {
			this.counters.dropped(Drop.CHECKSUM);
		}
		else {
			dispatch(datagram, segment);
		}
		segment.clear();
	}

	private void dispatch(IpDatagram datagram, Segment segment) {
		Flow flow = this.flows.find(datagram.version(), datagram.destinationHigh(), datagram.destinationLow(),
				segment.destinationPort, datagram.sourceHigh(), datagram.sourceLow(), segment.sourcePort);
		TimeWait old = null;
		if (flow != null) {
			flow.receive(segment);
			old = this.reincarnated;
			if (old == null) {
				return;
			}
			this.reincarnated = null;
		}
		Listener listener = this.listeners.find(datagram.version(), datagram.destinationHigh(),
				datagram.destinationLow(), segment.destinationPort);
		if (listener == null || segment.has(Segment.ACK) || !segment.has(Segment.SYN)) {
			// RFC 9293 3.10.7.1, 3.10.7.2
			this.counters.dropped(Drop.NO_CONNECTION);
			boolean silent = segment.has(Segment.RST) || listener != null && !segment.has(Segment.ACK);
			if (!silent && this.resets.permits(this.now)) {
				this.writer.reset(datagram, segment);
			}
			return;
		}
		if (segment.has(Segment.RST) || segment.has(Segment.FIN)) {
			this.counters.dropped(Drop.MALFORMED);
			return;
		}
		if (!listener.hasRoom()) {
			this.counters.dropped(Drop.BACKLOG_FULL);
			return;
		}
		accept(listener, datagram, segment, old);
	}

	private void accept(Listener listener, IpDatagram datagram, Segment syn, @Nullable TimeWait old) {
		Flow flow = new Tuple(datagram.destination(), syn.destinationPort, datagram.source(), syn.sourcePort);
		Connection connection = new Connection(this, flow, initialSequence(flow, old, this.now), listener.options(),
				listener, null);
		listener.halfOpen(connection);
		add(connection);
		connection.synReceived(syn, this.now);
		connection.handshake().send(this.now);
		enqueue(connection);
	}

	// A SYN may take the place of a connection in TIME-WAIT.
	void reincarnate(TimeWait old, Segment syn) {
		Listener listener = this.listeners.find(old.version, old.localHigh, old.localLow, old.localPort);
		if (listener != null && listener.hasRoom()) {
			this.timeWaits.end(old);
			this.reincarnated = old;
		}
	}

	@Override
	public void error(InetAddress local, InetAddress remote, IcmpError error, ByteBuf quotedTransportHeader) {
		if (quotedTransportHeader.readableBytes() < 8) {
			this.counters.dropped(Drop.BAD_ICMP);
			return;
		}
		int index = quotedTransportHeader.readerIndex();
		Flow flow = this.flows.find(IpAddresses.version(local), IpAddresses.high(local), IpAddresses.low(local),
				quotedTransportHeader.getUnsignedShort(index), IpAddresses.high(remote), IpAddresses.low(remote),
				quotedTransportHeader.getUnsignedShort(index + 2));
		if (flow == null) {
			this.counters.dropped(Drop.BAD_ICMP);
			return;
		}
		flow.error(error, quotedTransportHeader.getInt(index + 4));
	}

	@Override
	public void batchComplete() {
		this.inBatch = false;
		refreshNow();
		work();
	}

	/**
	 * Let a connection work at the end of the batch, or soon.
	 * @param connection the connection
	 */
	void enqueue(Connection connection) {
		if (connection.isQueued()) {
			return;
		}
		connection.queued();
		this.work.add(connection);
		if (!this.inBatch && !this.working) {
			scheduleWork();
		}
	}

	private void scheduleWork() {
		if (!this.workScheduled) {
			this.workScheduled = true;
			this.loop.execute(this.workTask);
		}
	}

	private void runWorkTask() {
		this.workScheduled = false;
		refreshNow();
		work();
	}

	private void work() {
		if (this.working) {
			return;
		}
		this.working = true;
		try {
			// what is added meanwhile has its turn later, so that nothing starves
			for (int i = this.work.size(); i > 0; i--) {
				Connection connection = this.work.poll();
				if (connection != null) {
					connection.work(this.now);
				}
			}
		}
		finally {
			this.working = false;
		}
		this.ip.flush();
		if (!this.work.isEmpty()) {
			scheduleWork();
		}
	}

	private void add(Connection connection) {
		this.flows.add(connection);
		this.counters.connections(this.flows.size());
	}

	void remove(Flow flow) {
		this.flows.remove(flow);
		this.counters.connections(this.flows.size());
	}

	void waitsForReader(Connection connection, boolean waits) {
		if (waits) {
			this.unread.add(connection);
		}
		else if (!this.unread.isEmpty()) {
			this.unread.remove(connection);
		}
	}

	void remove(Listener listener) {
		this.listeners.remove(listener);
	}

	void timeWait(Connection connection, TimeWait timeWait) {
		this.flows.replace(connection, timeWait);
		this.timeWaits.add(timeWait);
	}

	private void end(Flow flow, String message) {
		if (flow instanceof Connection connection) {
			connection.fail(message);
		}
		else if (flow instanceof TimeWait timeWait) {
			this.timeWaits.end(timeWait);
		}
	}

	/**
	 * Return the connections in any state but CLOSED. Any thread may ask.
	 * @return how many
	 */
	public int connections() {
		return this.counters.connectionCount();
	}

	/**
	 * Return the segments received. Any thread may ask.
	 * @return how many
	 */
	public long segmentsReceived() {
		return this.counters.receivedCount();
	}

	/**
	 * Return the segments sent, retransmissions included. Any thread may ask.
	 * @return how many
	 */
	public long segmentsSent() {
		return this.counters.sentCount();
	}

	/**
	 * Return the segments sent again. Any thread may ask.
	 * @return how many
	 */
	public long segmentsRetransmitted() {
		return this.counters.retransmittedCount();
	}

	/**
	 * Return the segments dropped, by reason. Any thread may ask.
	 * @return a snapshot
	 */
	public Map<String, Long> drops() {
		return this.counters.dropCounts();
	}

	/**
	 * Reset all connections, close all listeners. Handlers learn of it before this
	 * returns.
	 */
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		refreshNow();
		this.listeners.all().forEach(Listener::close);
		for (Flow flow : this.flows.toArray()) {
			end(flow, "The stack was closed");
		}
		List.copyOf(this.unread).forEach(TcpConnection::abort);
		this.timeWaits.stop();
		work();
	}

	/** Addresses and ports before there is a connection. */
	private static final class Tuple extends Flow {

		Tuple(InetAddress local, int localPort, InetAddress remote, int remotePort) {
			super(local, localPort, remote, remotePort);
		}

		@Override
		void receive(Segment segment) {
			throw new UnsupportedOperationException();
		}

		@Override
		void error(IcmpError error, int sequence) {
			throw new UnsupportedOperationException();
		}

	}

}
