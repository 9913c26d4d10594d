package io.zt4j.netty;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * One bound address as sockets of stacks: one socket if the address is that of one
 * network, or one on each network, also on those joined later, if it is a wildcard.
 * Confined to the domain's loop.
 *
 * @param <S> the type of socket
 */
final class StackSockets<S> implements SocketDomain.Listener {

	private static final InternalLogger logger = InternalLoggerFactory.getInstance(StackSockets.class);

	/** First port of the dynamic range (RFC 6335 6). */
	private static final int FIRST_PORT = 49152;

	private static final int ATTEMPTS = 128;

	private final SocketDomain domain;

	private final Opener<S> opener;

	private final Consumer<S> closer;

	private final Map<NetworkStack, S> sockets = new LinkedHashMap<>();

	private @Nullable InetSocketAddress address;

	private boolean watching;

	StackSockets(SocketDomain domain, Opener<S> opener, Consumer<S> closer) {
		this.domain = domain;
		this.opener = opener;
		this.closer = closer;
	}

	/**
	 * Bind.
	 * @param local address or wildcard, port or 0
	 * @return the address in use
	 * @throws IOException {@link BindException} if the address is not ours or the port is
	 * taken
	 */
	InetSocketAddress bind(InetSocketAddress local) throws IOException {
		InetSocketAddress used = local.getAddress().isAnyLocalAddress() ? bindAll(local) : bindOne(local);
		this.address = used;
		return used;
	}

	private InetSocketAddress bindOne(InetSocketAddress local) throws IOException {
		NetworkStack stack = this.domain.owner(local.getAddress());
		if (stack == null) {
			throw Addresses.notOurs(local);
		}
		this.sockets.put(stack, this.opener.open(stack, local));
		InetSocketAddress used = localAddress(stack);
		return new InetSocketAddress(local.getAddress(), used.getPort());
	}

	private InetSocketAddress bindAll(InetSocketAddress local) throws IOException {
		if (local.getPort() != 0) {
			openAll(local);
			watch();
			return local;
		}
		// One port for all networks, so the choice cannot be left to one stack.
		IOException failure = new BindException("Address already in use: no free port");
		for (int i = 0; i < ATTEMPTS; i++) {
			int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(65536 - FIRST_PORT);
			InetSocketAddress candidate = new InetSocketAddress(local.getAddress(), port);
			try {
				openAll(candidate);
				watch();
				return candidate;
			}
			catch (BindException ex) {
				failure = ex;
			}
		}
		throw failure;
	}

	private void openAll(InetSocketAddress local) throws IOException {
		try {
			for (NetworkStack stack : this.domain.stacks()) {
				this.sockets.put(stack, this.opener.open(stack, local));
			}
		}
		catch (IOException ex) {
			closeAll();
			throw ex;
		}
	}

	private void watch() {
		this.watching = true;
		this.domain.addListener(this);
	}

	private InetSocketAddress localAddress(NetworkStack stack) {
		return this.opener.localAddress(this.sockets.get(stack));
	}

	/**
	 * Return the sockets there are now.
	 * @return a snapshot
	 */
	List<S> sockets() {
		return List.copyOf(this.sockets.values());
	}

	/**
	 * Find the socket that reaches a destination.
	 * @param destination the destination
	 * @return the socket, or null if no network with a socket of ours reaches it
	 */
	@Nullable S towards(InetAddress destination) {
		NetworkStack stack = this.domain.route(destination);
		return (stack != null) ? this.sockets.get(stack) : null;
	}

	/**
	 * Find the socket on the network that has a local address.
	 * @param local the address
	 * @return the socket, or null
	 */
	@Nullable S on(InetAddress local) {
		NetworkStack stack = this.domain.owner(local);
		return (stack != null) ? this.sockets.get(stack) : null;
	}

	@Override
	public void added(NetworkStack stack) {
		InetSocketAddress local = this.address;
		if (local == null || this.sockets.containsKey(stack)) {
			return;
		}
		try {
			this.sockets.put(stack, this.opener.open(stack, local));
		}
		catch (IOException ex) {
			logger.warn("A socket bound to {} cannot be opened on the network just joined: its port is taken there",
					local, ex);
		}
	}

	@Override
	public void removed(NetworkStack stack) {
		S socket = this.sockets.remove(stack);
		if (socket != null) {
			this.closer.accept(socket);
		}
	}

	/**
	 * Close all sockets and cease to watch.
	 */
	void close() {
		if (this.watching) {
			this.watching = false;
			this.domain.removeListener(this);
		}
		closeAll();
	}

	private void closeAll() {
		List<S> all = sockets();
		this.sockets.clear();
		all.forEach(this.closer);
	}

	/**
	 * Opens sockets.
	 *
	 * @param <S> the type of socket
	 */
	interface Opener<S> {

		/**
		 * Open a socket.
		 * @param stack where
		 * @param local what to bind
		 * @return the socket
		 * @throws IOException if it cannot be bound
		 */
		S open(NetworkStack stack, InetSocketAddress local) throws IOException;

		/**
		 * Return what a socket is bound to.
		 * @param socket the socket
		 * @return its local address
		 */
		InetSocketAddress localAddress(S socket);

	}

}
