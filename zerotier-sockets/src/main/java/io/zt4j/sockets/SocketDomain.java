package io.zt4j.sockets;

import java.net.InetAddress;
import java.util.List;

import io.netty.channel.EventLoop;
import io.zt4j.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * The stacks a program's sockets may use: one for each joined network. Channels and
 * sockets find their stack here. Any thread may call.
 */
public interface SocketDomain {

	/**
	 * Return the loop all stacks of this domain are confined to.
	 * @return the event loop
	 */
	EventLoop eventLoop();

	/**
	 * Return the stacks there are now.
	 * @return an immutable snapshot
	 */
	List<NetworkStack> stacks();

	/**
	 * Find the stack that reaches a destination; the longest prefix wins.
	 * @param destination the destination
	 * @return the stack, or null if none reaches it
	 */
	@Nullable NetworkStack route(InetAddress destination);

	/**
	 * Find the stack that owns a local address.
	 * @param local an address, not a wildcard
	 * @return the stack, or null if no interface has this address
	 */
	@Nullable NetworkStack owner(InetAddress local);

	/**
	 * Watch stacks come and go; how a socket bound to a wildcard follows networks joined
	 * later. Called on {@link #eventLoop()}.
	 * @param listener the listener
	 */
	void addListener(Listener listener);

	/**
	 * Cease to watch.
	 * @param listener the listener
	 */
	void removeListener(Listener listener);

	/**
	 * Watches stacks come and go.
	 */
	interface Listener {

		/**
		 * A stack was added.
		 * @param stack the stack
		 */
		void added(NetworkStack stack);

		/**
		 * A stack was closed.
		 * @param stack the stack
		 */
		void removed(NetworkStack stack);

	}

}
