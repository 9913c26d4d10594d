package io.zt4j.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.zt4j.stack.NetworkStack;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpInfo;
import io.zt4j.stack.TcpOptions;
import org.jspecify.annotations.Nullable;

/**
 * Joins one {@link TcpConnection}, confined to the stack's loop, to one channel, confined
 * to its own.
 * <p>
 * On one loop, calls go straight through. Between two, bytes travel by reference in a
 * queue each way, up to {@link #HANDOFF} bytes; beyond that the sender waits: outbound,
 * the channel stops writing; inbound, the connection is not read, so that its window
 * closes. What the channel asks for beside data is a bit in {@link #requests}, and takes
 * effect once the outbound queue, which the channel no longer fills then, is empty.
 * <p>
 * Members say which side may call them: C for the channel's loop, S for the stack's.
 */
final class ConnectionPort implements TcpConnection.Handler {

	/** Greatest number of bytes on their way between two loops, each way. */
	static final int HANDOFF = 512 * 1024;

	/** Bytes taken from the connection at a time for another loop. */
	static final int CHUNK = 64 * 1024;

	/**
	 * How long a closed connection may stay without room for the bytes still queued
	 * before it is reset.
	 */
	static final int ORPHAN_SECONDS = 60;

	private static final int SLOTS = 256;

	/** Chunks smaller than this are copied together. */
	private static final int SMALL = 512;

	private static final int COALESCED = 4096;

	private static final int SHUTDOWN_OUTPUT = 1;

	private static final int SHUTDOWN_INPUT = 2;

	private static final int CLOSE = 4;

	private static final int ABORT = 8;

	private static final int OPTIONS = 16;

	private final EventLoop stackLoop;

	private final LoopLink link;

	private final HandoffQueue<ByteBuf> outbound = new HandoffQueue<>(SLOTS);

	private final HandoffQueue<ByteBuf> inbound = new HandoffQueue<>(SLOTS);

	private final AtomicInteger outboundBytes = new AtomicInteger();

	private final AtomicInteger inboundBytes = new AtomicInteger();

	private final AtomicInteger requests = new AtomicInteger();

	/** C waits for room in the outbound queue, or in the connection when inline. */
	private volatile boolean writerWaits;

	/** S waits for room in the inbound queue. */
	private volatile boolean readerWaits;

	/** There is or will be a connection that changed options must be told to. */
	private volatile boolean started;

	private volatile boolean connected;

	private volatile @Nullable InetSocketAddress localAddress;

	private volatile @Nullable InetSocketAddress remoteAddress;

	/** The connection is over, for the writer. */
	private volatile boolean over;

	/** Why it failed, if it did. Set before {@link #over}. */
	private volatile @Nullable IOException cause;

	/** Everything that will ever arrive is in the inbound queue. */
	private volatile boolean inputEnd;

	private volatile TcpOptions options;

	/** C. */
	private Runnable onSignal = () -> {
	};

	/** C: what is left of a chunk the channel wanted a part of. */
	private @Nullable ByteBuf rest;

	/** C: unread input was thrown away by closing. */
	private volatile boolean unread;

	/** S: what the connection had no room for yet. */
	private @Nullable ByteBuf waiting;

	/** S. */
	private @Nullable TcpConnection connection;

	/** S: no more input is wanted. */
	private boolean inputShutdown;

	/** S. */
	private boolean outputShutdown;

	/** S. */
	private boolean closed;

	/** S: guards against the connection calling back while it is called. */
	private boolean draining;

	/** S: what to run when the connection is over. */
	private @Nullable Runnable whenOver;

	/**
	 * Create a port.
	 * @param stackLoop the loop of the stack
	 * @param options the options to begin with
	 */
	ConnectionPort(EventLoop stackLoop, TcpOptions options) {
		this.stackLoop = stackLoop;
		this.options = options;
		this.link = new LoopLink(stackLoop, this::work, () -> this.onSignal.run(), this::abortNow);
	}

	// C, before {@link #attach}: what to do when there is news.
	void onSignal(Runnable task) {
		this.onSignal = task;
	}

	// C: the channel has a loop.
	void attach(EventLoop loop) {
		this.link.attach(loop);
		this.link.wakeStack();
	}

	// C: the channel has no loop any more.
	void detach() {
		this.link.attach(null);
	}

	// Any: whether the handshake was completed.
	boolean isConnected() {
		return this.connected;
	}

	// Any: whether the connection is over.
	boolean isOver() {
		return this.over;
	}

	// Any: why the connection failed, or null.
	@Nullable IOException cause() {
		return this.cause;
	}

	// Any.
	@Nullable InetSocketAddress localAddress() {
		return this.localAddress;
	}

	// Any.
	@Nullable InetSocketAddress remoteAddress() {
		return this.remoteAddress;
	}

	// Any: the options that are or will be in force.
	TcpOptions options() {
		return this.options;
	}

	// Any.
	void options(TcpOptions options) {
		this.options = options;
		if (this.started) {
			request(OPTIONS);
		}
	}

	// S: adopt an accepted connection.
	void accepted(TcpConnection connection) {
		this.started = true;
		this.connection = connection;
		established(connection);
	}

	// C: begin to connect.
	void connect(NetworkStack stack, @Nullable InetSocketAddress local, InetSocketAddress remote) {
		this.started = true;
		this.link.onStack(() -> {
			if (this.closed) {
				return;
			}
			try {
				this.connection = stack.connect(local, remote, this.options, this);
				this.requests.getAndUpdate((bits) -> bits & ~OPTIONS);
			}
			catch (IOException ex) {
				closed(null, ex);
			}
		});
	}

	/**
	 * C: send bytes; moves the reader index over what was taken. When not all was, the
	 * channel is signalled once there is room.
	 * @param data the bytes
	 * @return bytes taken
	 */
	int write(ByteBuf data) throws IOException {
		if (this.over) {
			IOException failure = this.cause;
			throw (failure != null) ? failure : new IOException("Connection closed");
		}
		TcpConnection direct = direct();
		if (direct != null) {
			this.writerWaits = true;
			int taken = direct.write(data);
			this.writerWaits = data.isReadable();
			return taken;
		}
		int length = data.readableBytes();
		int room = room();
		if (room < length) {
			this.writerWaits = true;
			room = room();
			if (room >= length) {
				this.writerWaits = false;
			}
			length = Math.min(room, length);
			if (length <= 0) {
				return 0;
			}
		}
		this.outboundBytes.addAndGet(length);
		this.outbound.offer(data.readRetainedSlice(length));
		return length;
	}

	private int room() {
		return this.outbound.isFull() ? 0 : HANDOFF - this.outboundBytes.get();
	}

	// C: send what was written.
	void flush() {
		TcpConnection direct = direct();
		if (direct != null) {
			direct.flush();
		}
		else {
			this.link.wakeStack();
		}
	}

	// The connection, if this side may call it and nothing is queued in front of it.
	private @Nullable TcpConnection direct() {
		return (this.link.isInline() && this.waiting == null && this.outbound.isEmpty()) ? this.connection : null;
	}

	// C: whether bytes, the end of the stream or a failure are waiting.
	boolean hasInput() {
		return hasBytes() || isInputEnd();
	}

	private boolean hasBytes() {
		if (this.rest != null || !this.inbound.isEmpty()) {
			return true;
		}
		TcpConnection here = this.link.isInline() ? this.connection : null;
		return here != null && here.readableBytes() > 0;
	}

	// C: whether all input was read and none will follow.
	boolean isInputEnd() {
		// the flag is set after the last chunk was queued, so it is read first
		boolean end = this.inputEnd;
		if (this.link.isInline() && this.connection != null) {
			end = this.over || this.connection.isInputClosed();
		}
		return end && !hasBytes();
	}

	/**
	 * C: take received bytes.
	 * @param limit greatest number of bytes
	 * @param allocator makes buffers small chunks are put together in
	 * @return at most that many bytes, owned by the caller, or null
	 */
	@Nullable ByteBuf read(int limit, ByteBufAllocator allocator) {
		ByteBuf first = next(limit);
		if (first == null || first.readableBytes() >= Math.min(SMALL, limit)) {
			return first;
		}
		ByteBuf more = next(Math.min(limit, COALESCED) - first.readableBytes());
		if (more == null) {
			return first;
		}
		int capacity = Math.min(limit, COALESCED);
		ByteBuf together = allocator.ioBuffer(capacity, capacity).writeBytes(first);
		first.release();
		while (more != null) {
			together.writeBytes(more);
			more.release();
			more = together.isWritable() ? next(together.writableBytes()) : null;
		}
		return together;
	}

	private @Nullable ByteBuf next(int limit) {
		ByteBuf chunk = this.rest;
		if (chunk == null) {
			chunk = this.inbound.poll();
		}
		if (chunk == null) {
			TcpConnection here = this.link.isInline() ? this.connection : null;
			return (here != null) ? here.read(limit) : null;
		}
		if (chunk.readableBytes() > limit) {
			this.rest = chunk;
			chunk = chunk.readRetainedSlice(limit);
		}
		else {
			this.rest = null;
		}
		int left = this.inboundBytes.addAndGet(-chunk.readableBytes());
		if (this.readerWaits && left <= HANDOFF / 2) {
			this.readerWaits = false;
			this.link.wakeStack();
		}
		return chunk;
	}

	// C: send FIN after everything written.
	void shutdownOutput() {
		request(SHUTDOWN_OUTPUT);
	}

	// C: throw away what was and will be received.
	void shutdownInput() {
		releaseInput();
		request(SHUTDOWN_INPUT);
	}

	// C: close after everything written; with unread input, reset.
	void close() {
		if (releaseInput()) {
			this.unread = true;
		}
		request(CLOSE);
	}

	// C: reset at once.
	void abort() {
		releaseInput();
		request(ABORT);
	}

	/**
	 * C: close and learn when everything written was acknowledged, or the time is over.
	 * @param seconds how long to wait before resetting
	 * @param done what to run, on the stack's loop
	 */
	void linger(int seconds, Runnable done) {
		this.link.onStack(() -> {
			if (this.over) {
				done.run();
				return;
			}
			this.whenOver = done;
			schedule(seconds, () -> {
				if (!this.over) {
					abortNow();
				}
			});
		});
		close();
	}

	// C: ask for figures; null if there is no connection.
	void info(Consumer<@Nullable TcpInfo> consumer) {
		this.link.onStack(() -> consumer.accept((this.connection != null) ? this.connection.info() : null));
	}

	private void request(int bit) {
		this.requests.getAndUpdate((bits) -> bits | bit);
		this.link.wakeStack();
	}

	private boolean releaseInput() {
		boolean any = false;
		if (this.rest != null) {
			this.rest.release();
			this.rest = null;
			any = true;
		}
		for (ByteBuf chunk = this.inbound.poll(); chunk != null; chunk = this.inbound.poll()) {
			chunk.release();
			any = true;
		}
		this.inboundBytes.set(0);
		return any;
	}

	// --- the stack's side -----------------------------------------------------------

	// S: do what the channel asked for.
	private void work() {
		int asked = this.requests.get();
		TcpConnection current = this.connection;
		if ((asked & ABORT) != 0) {
			abortSoon(current);
			return;
		}
		if (current == null) {
			if ((asked & CLOSE) != 0) {
				this.closed = true;
			}
			return;
		}
		if ((asked & OPTIONS) != 0 && !this.over) {
			this.requests.getAndUpdate((bits) -> bits & ~OPTIONS);
			current.options(this.options);
		}
		if ((asked & SHUTDOWN_INPUT) != 0 && !this.inputShutdown) {
			this.inputShutdown = true;
			if (!this.over) {
				current.shutdownInput();
			}
		}
		drain(current);
		// the requests read above were made after all that is written was queued
		if (this.waiting == null && this.outbound.isEmpty()) {
			if ((asked & SHUTDOWN_OUTPUT) != 0 && !this.outputShutdown && !this.over) {
				this.outputShutdown = true;
				current.shutdownOutput();
			}
			if ((asked & CLOSE) != 0) {
				closeNow(current);
				return;
			}
		}
		else if ((asked & CLOSE) != 0 && !this.inputShutdown) {
			this.inputShutdown = true;
			schedule(ORPHAN_SECONDS, () -> {
				if (!this.closed) {
					abortNow();
				}
			});
		}
		pull(current);
	}

	private void drain(TcpConnection current) {
		if (this.draining) {
			return;
		}
		this.draining = true;
		try {
			if (feed(current)) {
				current.flush();
			}
		}
		catch (IOException ex) {
			fail(ex);
		}
		finally {
			this.draining = false;
		}
		if (this.over) {
			releaseOutput();
		}
		if (this.writerWaits && this.outboundBytes.get() <= HANDOFF / 2) {
			this.writerWaits = false;
			this.link.wakeChannel();
		}
	}

	private boolean feed(TcpConnection current) throws IOException {
		boolean wrote = false;
		while (!this.over) {
			if (this.waiting == null) {
				this.waiting = this.outbound.poll();
			}
			ByteBuf data = this.waiting;
			if (data == null) {
				break;
			}
			int taken = current.write(data);
			this.outboundBytes.addAndGet(-taken);
			wrote |= taken > 0;
			if (data.isReadable()) {
				break;
			}
			if (this.waiting == data) {
				this.waiting = null;
				data.release();
			}
		}
		return wrote && !this.over;
	}

	// S: hand received bytes to a channel on another loop.
	private void pull(TcpConnection current) {
		if (this.inputShutdown && this.over) {
			this.inputEnd = true;
		}
		if (!this.link.isRemote() || this.inputEnd || this.inputShutdown) {
			return;
		}
		boolean news = false;
		while (true) {
			int room = HANDOFF - this.inboundBytes.get();
			if (room <= 0 || this.inbound.isFull()) {
				this.readerWaits = true;
				if (HANDOFF - this.inboundBytes.get() <= HANDOFF / 2 || this.inbound.isFull()) {
					break;
				}
				this.readerWaits = false;
				continue;
			}
			ByteBuf chunk = current.read(Math.min(room, CHUNK));
			if (chunk == null) {
				if (this.over || current.isInputClosed()) {
					this.inputEnd = true;
					news = true;
				}
				break;
			}
			this.inboundBytes.addAndGet(chunk.readableBytes());
			this.inbound.offer(chunk);
			news = true;
		}
		if (news) {
			this.link.wakeChannel();
		}
	}

	private void closeNow(TcpConnection current) {
		if (this.closed) {
			return;
		}
		this.closed = true;
		// The channel reads no more, so this side may empty the queue it filled.
		boolean left = releaseInput() || this.unread;
		if (left && (this.requests.get() & SHUTDOWN_INPUT) == 0) {
			abortNow();
		}
		else {
			current.close();
		}
	}

	private void abortSoon(@Nullable TcpConnection current) {
		if (this.closed) {
			return;
		}
		this.closed = true;
		if (current == null || this.over) {
			abortNow();
			return;
		}
		// What was written before goes out first if it can, as it would from a socket of
		// the system; the stack sends at the end of this turn.
		drain(current);
		try {
			this.stackLoop.execute(this::abortNow);
		}
		catch (RejectedExecutionException ex) {
			abortNow();
		}
	}

	private void abortNow() {
		this.closed = true;
		releaseInput();
		TcpConnection current = this.connection;
		if (current != null) {
			// Also of a connection that is over: it may hold bytes nobody will read.
			current.abort();
		}
		fail(null);
	}

	private void releaseOutput() {
		if (this.waiting != null) {
			this.waiting.release();
			this.waiting = null;
		}
		for (ByteBuf data = this.outbound.poll(); data != null; data = this.outbound.poll()) {
			data.release();
		}
		this.outboundBytes.set(0);
	}

	private void schedule(int seconds, Runnable task) {
		try {
			this.stackLoop.schedule(task, seconds, TimeUnit.SECONDS);
		}
		catch (RejectedExecutionException ex) {
			task.run();
		}
	}

	private void established(TcpConnection connection) {
		this.localAddress = connection.localAddress();
		this.remoteAddress = connection.remoteAddress();
		this.connected = true;
	}

	@Override
	public void connected(TcpConnection connection) {
		this.connection = connection;
		established(connection);
		this.link.wakeChannel();
	}

	@Override
	public void readable(TcpConnection connection) {
		if (this.link.isInline()) {
			this.link.wakeChannel();
		}
		else {
			pull(connection);
		}
	}

	@Override
	public void writable(TcpConnection connection) {
		if (this.link.isInline() && this.waiting == null && this.outbound.isEmpty()) {
			if (this.writerWaits) {
				this.writerWaits = false;
				this.link.wakeChannel();
			}
		}
		else {
			work();
		}
	}

	@Override
	public void closed(@Nullable TcpConnection connection, @Nullable IOException cause) {
		fail(cause);
	}

	private void fail(@Nullable IOException failure) {
		if (this.over) {
			return;
		}
		this.cause = failure;
		this.over = true;
		if (!this.draining) {
			releaseOutput();
		}
		TcpConnection current = this.connection;
		if (current == null) {
			this.inputEnd = true;
		}
		else {
			pull(current);
		}
		this.link.wakeChannel();
		Runnable done = this.whenOver;
		if (done != null) {
			this.whenOver = null;
			done.run();
		}
	}

}
