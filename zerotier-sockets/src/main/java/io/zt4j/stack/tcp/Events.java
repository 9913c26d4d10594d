package io.zt4j.stack.tcp;

import java.io.IOException;

import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one connection: noted while segments are processed, delivered at the end
 * of the batch. Handlers may call the connection from within. Confined to the event loop.
 */
final class Events {

	private static final Logger logger = LoggerFactory.getLogger(TcpConnection.class);

	/** Part of the send buffer that must be free before more is asked for. */
	private static final int ROOM_FRACTION = 8;

	private final Connection connection;

	private TcpConnection.@Nullable Handler handler;

	private TcpListener.@Nullable Acceptor acceptor;

	private boolean connected;

	private boolean readable;

	private boolean wantsRoom;

	private boolean closed;

	private boolean closedDelivered;

	Events(Connection connection, TcpConnection.@Nullable Handler handler) {
		this.connection = connection;
		this.handler = handler;
	}

	void connected() {
		this.connected = true;
	}

	void accepted(TcpListener.Acceptor acceptor) {
		this.acceptor = acceptor;
	}

	void readable() {
		this.readable = true;
	}

	void wantRoom() {
		this.wantsRoom = true;
	}

	void closed() {
		this.closed = true;
	}

	// Whether the closed event waits until the application has read everything.
	boolean isWaitingForRead() {
		return this.closed && !this.closedDelivered;
	}

	/** Deliver what was noted. */
	void deliver() {
		if (this.closedDelivered) {
			return;
		}
		try {
			if (this.acceptor != null) {
				TcpListener.Acceptor acceptor = this.acceptor;
				this.acceptor = null;
				this.handler = acceptor.accept(this.connection);
			}
			TcpConnection.Handler handler = this.handler;
			if (handler == null) {
				return;
			}
			if (this.connected) {
				this.connected = false;
				handler.connected(this.connection);
			}
			deliverReadable(handler);
			deliverClosed(handler);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void deliverReadable(TcpConnection.Handler handler) {
		if (!this.readable) {
			return;
		}
		this.readable = false;
		Receiver receiver = this.connection.receiver();
		// also when a reset came with or right after the data
		if (!this.connection.isClosedByApplication() && (receiver.readableBytes() > 0 || receiver.isFinReceived())) {
			handler.readable(this.connection);
		}
	}

	private void deliverClosed(TcpConnection.Handler handler) {
		if (!this.closed || this.closedDelivered) {
			return;
		}
		IOException cause = this.connection.failure();
		if (cause == null && !this.connection.isClosedByApplication()
				&& this.connection.receiver().readableBytes() > 0) {
			this.connection.tcp().waitsForReader(this.connection, true);
			return;
		}
		this.closedDelivered = true;
		this.connection.tcp().waitsForReader(this.connection, false);
		this.handler = null;
		handler.closed(this.connection, cause);
		if (cause != null) {
			// RFC 9293 3.10.7.4: a reset flushes all queues, but not before the
			// application was told of what had arrived in the same batch
			this.connection.receiver().clear();
		}
	}

	/** Tell the application if there is room to write again. */
	void offerRoom() {
		TcpConnection.Handler handler = this.handler;
		if (!this.wantsRoom || handler == null || this.connection.writableBytes() < Math.max(1,
				this.connection.options().sendBufferSize() / ROOM_FRACTION)) {
			return;
		}
		this.wantsRoom = false;
		try {
			handler.writable(this.connection);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void failed(Throwable ex) {
		logger.warn("A handler of {} failed; the connection is reset", this.connection, ex);
		if (this.connection.state() != TcpState.CLOSED) {
			this.connection.abort();
		}
	}

}
