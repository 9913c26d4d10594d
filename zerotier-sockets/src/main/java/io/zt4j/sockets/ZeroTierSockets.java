package io.zt4j.sockets;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.VirtualNetwork;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.IpRoute;
import io.zt4j.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one node: puts a TCP/IP stack on every network the node joins, now and
 * later, and takes it away when the network is left. Thread-safe.
 */
public final class ZeroTierSockets implements SocketDomain, AutoCloseable {

	private final ZeroTierNode node;

	private final ManagedAddressPolicy policy;

	private final Ticker ticker;

	private final RandomGenerator random;

	private final Consumer<NodeEvent> watcher = this::onEvent;

	/** Confined to the event loop. */
	private final Map<NetworkId, NetworkPort> ports = new LinkedHashMap<>();

	/** Snapshot of {@link #ports} for other threads. */
	private volatile Map<NetworkId, NetworkStack> stacks = Map.of();

	private final List<Listener> listeners = new CopyOnWriteArrayList<>();

	private volatile boolean closed;

	private ZeroTierSockets(ZeroTierNode node, ManagedAddressPolicy policy, Ticker ticker, RandomGenerator random) {
		this.node = node;
		this.policy = policy;
		this.ticker = ticker;
		this.random = random;
	}

	/**
	 * Attach stacks to the networks of a node, with the default policy for managed
	 * addresses.
	 * @param node the node, started or not
	 * @return the sockets
	 */
	public static ZeroTierSockets attach(ZeroTierNode node) {
		return attach(node, ManagedAddressPolicy.DEFAULT, Ticker.systemTicker(), new SecureRandom());
	}

	/**
	 * Attach stacks to the networks of a node.
	 * @param node the node, started or not
	 * @param policy which managed addresses and routes are used
	 * @param ticker the time of the stacks' timers
	 * @param random for initial sequence numbers and ports
	 * @return the sockets
	 */
	public static ZeroTierSockets attach(ZeroTierNode node, ManagedAddressPolicy policy, Ticker ticker,
			RandomGenerator random) {
		ZeroTierSockets sockets = new ZeroTierSockets(node, policy, ticker, random);
		node.addListener(sockets.watcher);
		sockets.onLoop(() -> node.networks().forEach((network) -> sockets.open(network.id())));
		return sockets;
	}

	@Override
	public EventLoop eventLoop() {
		return this.node.eventLoop();
	}

	@Override
	public List<NetworkStack> stacks() {
		return List.copyOf(this.stacks.values());
	}

	/**
	 * Return the stack of a network.
	 * @param network the network
	 * @return the stack, or null if the network is not joined
	 */
	public @Nullable NetworkStack stack(NetworkId network) {
		return this.stacks.get(network);
	}

	@Override
	public @Nullable NetworkStack route(InetAddress destination) {
		NetworkStack best = null;
		int bestLength = -1;
		for (NetworkStack stack : this.stacks.values()) {
			int length = longestMatch(stack, destination);
			if (length > bestLength) {
				best = stack;
				bestLength = length;
			}
		}
		return best;
	}

	private static int longestMatch(NetworkStack stack, InetAddress destination) {
		int best = -1;
		for (InterfaceAddress own : stack.addresses()) {
			if (own.address().equals(destination)) {
				return Integer.MAX_VALUE;
			}
			if (own.contains(destination)) {
				best = Math.max(best, own.prefixLength());
			}
		}
		for (IpRoute route : stack.routes()) {
			if (route.contains(destination)) {
				best = Math.max(best, route.prefixLength());
			}
		}
		return best;
	}

	@Override
	public @Nullable NetworkStack owner(InetAddress local) {
		for (NetworkStack stack : this.stacks.values()) {
			for (InterfaceAddress own : stack.addresses()) {
				if (own.address().equals(local)) {
					return stack;
				}
			}
		}
		return null;
	}

	@Override
	public void addListener(Listener listener) {
		this.listeners.add(listener);
	}

	@Override
	public void removeListener(Listener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Close all stacks. The node and its networks go on.
	 */
	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.node.removeListener(this.watcher);
		if (eventLoop().isShuttingDown()) {
			return;
		}
		if (eventLoop().inEventLoop()) {
			closeAll();
		}
		else {
			Future<?> done = eventLoop().submit(this::closeAll);
			done.awaitUninterruptibly(5, TimeUnit.SECONDS);
		}
	}

	private void closeAll() {
		List.copyOf(this.ports.keySet()).forEach(this::remove);
	}

	private void onEvent(NodeEvent event) {
		if (event instanceof NodeEvent.NetworkJoined joined) {
			onLoop(() -> open(joined.network()));
		}
		else if (event instanceof NodeEvent.NetworkLeft left) {
			onLoop(() -> remove(left.network()));
		}
	}

	private void open(NetworkId id) {
		VirtualNetwork network = this.node.network(id);
		if (this.closed || network == null || this.ports.containsKey(id)) {
			return;
		}
		NetworkPort port = new NetworkPort(network, this.policy, eventLoop(), this.ticker, this.random);
		this.ports.put(id, port);
		network.attach(port);
		publish();
		this.listeners.forEach((listener) -> listener.added(port.stack()));
	}

	private void remove(NetworkId id) {
		NetworkPort port = this.ports.get(id);
		if (port == null || (!this.closed && this.node.network(id) == port.network())) {
			return;
		}
		this.ports.remove(id);
		publish();
		port.network().detach(port);
		this.listeners.forEach((listener) -> listener.removed(port.stack()));
		port.stack().close();
	}

	private void publish() {
		Map<NetworkId, NetworkStack> snapshot = new LinkedHashMap<>();
		this.ports.forEach((id, port) -> snapshot.put(id, port.stack()));
		this.stacks = snapshot;
	}

	private void onLoop(Runnable task) {
		if (eventLoop().inEventLoop()) {
			task.run();
		}
		else if (!eventLoop().isShuttingDown()) {
			eventLoop().execute(task);
		}
	}

}
