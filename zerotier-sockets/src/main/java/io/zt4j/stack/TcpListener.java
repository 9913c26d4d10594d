package io.zt4j.stack;

import java.net.InetSocketAddress;

/**
 * A listening TCP port. Confined to the stack's event loop.
 */
public interface TcpListener {

	/**
	 * Return the address and the port in use.
	 * @return the local address, a wildcard if bound to one
	 */
	InetSocketAddress localAddress();

	/**
	 * Stop or resume handing out connections; while paused, established connections wait
	 * in the backlog.
	 * @param paused whether to pause
	 */
	void pause(boolean paused);

	/**
	 * Stop listening: waiting connections are reset, accepted ones go on.
	 */
	void close();

	/**
	 * Takes established connections.
	 */
	@FunctionalInterface
	interface Acceptor {

		/**
		 * Take one connection.
		 * @param connection an established connection
		 * @return its handler
		 */
		TcpConnection.Handler accept(TcpConnection connection);

	}

}
