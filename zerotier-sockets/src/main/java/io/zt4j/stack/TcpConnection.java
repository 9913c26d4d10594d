package io.zt4j.stack;

import java.io.IOException;
import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection (RFC 9293). Confined to the stack's event loop.
 * <p>
 * Data flows by credit in both directions: {@link #write} takes no more than the send
 * buffer has room for, and received bytes stay in the receive buffer, closing the window
 * offered to the peer, until {@link #read} takes them.
 */
public interface TcpConnection {

	/**
	 * Return the local address.
	 * @return address and port
	 */
	InetSocketAddress localAddress();

	/**
	 * Return the remote address.
	 * @return address and port
	 */
	InetSocketAddress remoteAddress();

	/**
	 * Return the state.
	 * @return the state
	 */
	TcpState state();

	/**
	 * Return the room in the send buffer.
	 * @return bytes {@link #write} would take now
	 */
	int writableBytes();

	/**
	 * Append bytes to the send buffer. Consumes up to {@link #writableBytes()} bytes by
	 * moving the reader index; keeps a reference or a copy of what it took, so the caller
	 * still owns the buffer itself. When it took less than was offered,
	 * {@link Handler#writable} follows once there is room again.
	 * @param data what to send
	 * @return bytes taken
	 * @throws IOException if the connection failed or its output is shut down
	 */
	int write(ByteBuf data) throws IOException;

	/**
	 * Send what {@link #write} took and was held back to fill whole segments.
	 */
	void flush();

	/**
	 * Return the bytes waiting in the receive buffer.
	 * @return bytes {@link #read} would return now
	 */
	int readableBytes();

	/**
	 * Take received bytes in order and reopen the window.
	 * @param limit greatest number of bytes wanted, at least 1
	 * @return the bytes, owned by the caller; null if none are waiting
	 */
	@Nullable ByteBuf read(int limit);

	/**
	 * Whether the peer's FIN was received and all data before it was read.
	 * @return true at end of stream
	 */
	boolean isInputClosed();

	/**
	 * Send FIN after the data in the send buffer.
	 */
	void shutdownOutput();

	/**
	 * Discard what is received from now on. Data arriving later is acknowledged and
	 * dropped.
	 */
	void shutdownInput();

	/**
	 * Close in order: FIN after the data in the send buffer; the state lives on in the
	 * stack until the peer is done. Unread received data turns this into a reset (RFC
	 * 9293 3.6, RFC 2525 2.17). {@link Handler#closed} follows when the application's
	 * part is over.
	 */
	void close();

	/**
	 * Reset the connection at once.
	 */
	void abort();

	/**
	 * Return the options in force.
	 * @return the options
	 */
	TcpOptions options();

	/**
	 * Change options of the living connection.
	 * @param options the new options
	 */
	void options(TcpOptions options);

	/**
	 * Return figures of this connection.
	 * @return a snapshot
	 */
	TcpInfo info();

	/**
	 * Takes the events of one connection, on the stack's event loop. No method may throw.
	 */
	interface Handler {

		/**
		 * The handshake is complete. Not called for accepted connections.
		 * @param connection the connection
		 */
		void connected(TcpConnection connection);

		/**
		 * Bytes, or the end of the stream, are waiting. Called once per batch while
		 * something is unread and new data or the FIN arrived.
		 * @param connection the connection
		 */
		void readable(TcpConnection connection);

		/**
		 * The send buffer has room again after {@link TcpConnection#write} took less than
		 * offered.
		 * @param connection the connection
		 */
		void writable(TcpConnection connection);

		/**
		 * The connection is over: both directions are closed and all sent data was
		 * acknowledged (the stack may keep TIME-WAIT), or it failed. The last call. What
		 * was received before a failure can be read during this call for the last time.
		 * @param connection the connection
		 * @param cause why it failed ({@link java.net.ConnectException} when refused or
		 * timed out while connecting, else {@link java.net.SocketException}), or null
		 * after an orderly close
		 */
		void closed(TcpConnection connection, @Nullable IOException cause);

	}

}
