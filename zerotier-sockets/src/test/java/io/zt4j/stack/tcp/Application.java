package io.zt4j.stack.tcp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.TcpConnection;
import org.jspecify.annotations.Nullable;

/**
 * An application for tests: sends a stream whose bytes follow from their position, checks
 * what it receives, records events.
 */
class Application implements TcpConnection.Handler {

	final List<String> events = new ArrayList<>();

	final ByteBuf received = Unpooled.buffer();

	@Nullable TcpConnection connection;

	@Nullable IOException cause;

	boolean closed;

	/** How many bytes to send; FIN follows if {@link #finish}. */
	long toSend;

	long sent;

	boolean finish;

	/** Close when the peer has finished. */
	boolean closeAtEnd = true;

	/** Whether to read what comes. */
	boolean reading = true;

	/** Whether to keep what was read instead of checking it as a stream. */
	boolean keep;

	long count;

	/** Whether to check every byte. */
	boolean checking = true;

	int chunk = 16 * 1024;

	final int salt;

	final ByteBufAllocator allocator;

	Application(int salt) {
		this(salt, ByteBufAllocator.DEFAULT);
	}

	Application(int salt, ByteBufAllocator allocator) {
		this.allocator = allocator;
		this.salt = salt;
	}

	Application sending(long bytes) {
		this.toSend = bytes;
		this.finish = true;
		return this;
	}

	static byte at(long position, int salt) {
		long x = (position + salt) * 0x9e37_79b9_7f4a_7c15L;
		return (byte) (x >>> 56);
	}

	TcpConnection connection() {
		TcpConnection connection = this.connection;
		if (connection == null) {
			throw new AssertionError("not connected");
		}
		return connection;
	}

	Application start(TcpConnection connection) {
		this.connection = connection;
		pump();
		return this;
	}

	TcpConnection.Handler startAccepted(TcpConnection connection) {
		this.events.add("accepted");
		return start(connection);
	}

	void pump() {
		TcpConnection connection = connection();
		try {
			while (this.sent < this.toSend) {
				int length = (int) Math.min(Math.min(this.chunk, this.toSend - this.sent), connection.writableBytes());
				ByteBuf data = this.allocator.buffer(Math.max(1, length));
				fill(data, Math.max(1, length));
				int taken;
				try {
					taken = connection.write(data);
				}
				finally {
					data.release();
				}
				this.sent += taken;
				if (taken == 0) {
					return;
				}
			}
			connection.flush();
			if (this.finish) {
				this.finish = false;
				connection.shutdownOutput();
			}
		}
		catch (IOException ex) {
			this.events.add("write failed: " + ex.getMessage());
		}
	}

	private void fill(ByteBuf data, int length) {
		if (this.toSend == 1L << 40) {
			data.writeZero(length);
			return;
		}
		for (int i = 0; i < length; i++) {
			data.writeByte(at(this.sent + i, this.salt));
		}
	}

	@Override
	public void connected(TcpConnection connection) {
		this.events.add("connected");
	}

	@Override
	public void readable(TcpConnection connection) {
		this.events.add("readable");
		if (this.reading) {
			drain();
		}
	}

	void drain() {
		TcpConnection connection = connection();
		for (ByteBuf data = connection.read(64 * 1024); data != null; data = connection.read(64 * 1024)) {
			if (this.keep) {
				this.received.writeBytes(data);
			}
			else {
				check(data);
			}
			data.release();
		}
		if (connection.isInputClosed()) {
			this.events.add("end");
			if (this.closeAtEnd && this.sent == this.toSend) {
				connection.close();
			}
		}
	}

	private void check(ByteBuf data) {
		if (!this.checking) {
			this.count += data.readableBytes();
			return;
		}
		while (data.isReadable()) {
			byte b = data.readByte();
			if (b != at(this.count, 99 - this.salt)) {
				throw new AssertionError("wrong byte at " + this.count);
			}
			this.count++;
		}
	}

	@Override
	public void writable(TcpConnection connection) {
		this.events.add("writable");
		pump();
	}

	@Override
	public void closed(TcpConnection connection, @Nullable IOException cause) {
		this.events.add((cause != null) ? "closed: " + cause.getMessage() : "closed");
		this.closed = true;
		this.cause = cause;
	}

}
