package io.zt4j.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.netty.channel.EventLoop;
import io.zt4j.node.controller.NetworkController;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkRoute;
import io.zt4j.node.network.Networks;
import io.zt4j.node.network.VirtualNetwork;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.Protocol;
import io.zt4j.node.peer.Vl1;
import io.zt4j.node.store.MemoryStateStore;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.transport.PhysicalTransport;
import io.zt4j.node.transport.UdpTransport;
import io.zt4j.node.world.World;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ZeroTier node. Every method may be called from any thread; the work is done on the
 * node's event loop. Nothing is sent before {@link #start()}.
 */
public final class ZeroTierNode implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ZeroTierNode.class);

	private final Identity identity;

	private final NodeThreads threads;

	private final EventLoop loop;

	private final EventDelivery events;

	private final Vl1 vl1;

	private final Networks networks;

	private final @Nullable NetworkController controller;

	private volatile boolean running;

	private volatile boolean online;

	private @Nullable CompletableFuture<Void> started;

	private @Nullable CompletableFuture<Void> stopped;

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private ZeroTierNode(Builder builder) {
		StateStore store = builder.store;
		this.identity = NodeState.identity(store, builder.identity, builder.random);
		World planet = NodeState.planet(store, builder.planet);
		this.threads = new NodeThreads(this.identity.address(), builder.loop, builder.listenerExecutor,
				builder.validationExecutor);
		this.loop = this.threads.loop();
		this.events = new EventDelivery(this.threads.listeners());
		PhysicalTransport transport = (builder.transport != null) ? builder.transport
				: new UdpTransport(this.loop, builder.port, builder.bindAddresses, loopbackEndpoints(planet));
		this.vl1 = new Vl1(this.identity, this.loop, builder.clock, builder.random, transport, store, planet,
				this.threads.validation(), this::publish);
		this.networks = new Networks(this.vl1, this.loop, store, builder.random, this::publish);
		this.networks.handlers().forEach(this.vl1::register);
		this.controller = builder.controller
				? new NetworkController(this.vl1, this.loop, store, builder.random, this.threads.listeners()) : null;
		if (this.controller != null) {
			this.vl1.register(Verb.NETWORK_CONFIG_REQUEST, this.controller);
			this.networks.controller(this.controller);
		}
		this.vl1.attach(new NetworksOnVl1(this.networks));
	}

	// a root of this planet on loopback means that nodes of one machine play together
	private static Set<InetAddress> loopbackEndpoints(World planet) {
		Set<InetAddress> loopback = new HashSet<>();
		for (World.Root root : planet.roots()) {
			root.endpoints()
				.stream()
				.map(InetSocketAddress::getAddress)
				.filter(InetAddress::isLoopbackAddress)
				.forEach(loopback::add);
		}
		return loopback;
	}

	private void publish(NodeEvent event) {
		if (event instanceof NodeEvent.Online) {
			this.online = true;
		}
		else if (event instanceof NodeEvent.Offline || event instanceof NodeEvent.Stopped) {
			this.online = false;
		}
		this.events.publish(event);
	}

	private CompletableFuture<Void> open() {
		return this.vl1.start().thenRun(() -> {
			this.running = true;
			this.networks.start();
		}).toCompletableFuture();
	}

	private CompletableFuture<Void> shut() {
		boolean wasRunning = this.running;
		this.running = false;
		this.networks.stop();
		this.vl1.stop().whenComplete((nothing, failure) -> {
			if (wasRunning) {
				publish(new NodeEvent.Stopped(address()));
			}
			this.threads.shutdown().whenComplete((ignored, ex) -> this.closed.complete(null));
		});
		return this.closed;
	}

	private <T> CompletionStage<T> call(Supplier<CompletableFuture<T>> action) {
		if (this.loop.inEventLoop()) {
			return action.get().copy();
		}
		CompletableFuture<T> result = new CompletableFuture<>();
		try {
			this.loop.execute(() -> {
				try {
					action.get().whenComplete((value, ex) -> complete(result, value, ex));
				}
				catch (RuntimeException ex) {
					result.completeExceptionally(ex);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			result.completeExceptionally(new IllegalStateException("Node " + address() + " is stopped", ex));
		}
		return result;
	}

	private static <T> void complete(CompletableFuture<T> result, @Nullable T value, @Nullable Throwable failure) {
		if (failure == null) {
			result.complete(value);
		}
		else {
			result.completeExceptionally((failure instanceof CompletionException && failure.getCause() != null)
					? failure.getCause() : failure);
		}
	}

	private static NetworkInfo info(VirtualNetwork network) {
		NetworkConfig config = network.config();
		if (config == null) {
			return new NetworkInfo(network.id(), network.status(), null, network.mtu(), List.of(), List.of());
		}
		return new NetworkInfo(network.id(), network.status(), config.name(), network.mtu(),
				config.staticAddresses().stream().map(InetPrefix::toString).toList(),
				config.routes().stream().map(NetworkRoute::toString).toList());
	}

	// once the loop has ended nothing changes any more, so any thread may look
	private <T> T query(Supplier<T> question) {
		if (this.loop.inEventLoop() || this.loop.isTerminated()) {
			return question.get();
		}
		CompletableFuture<T> answer = new CompletableFuture<>();
		try {
			this.loop.execute(() -> {
				try {
					answer.complete(question.get());
				}
				catch (RuntimeException ex) {
					answer.completeExceptionally(ex);
				}
			});
			return answer.get(5, TimeUnit.SECONDS);
		}
		catch (RejectedExecutionException ex) {
			return question.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while asking node " + address(), ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IllegalStateException("Node " + address() + " does not answer: its event loop is blocked", ex);
		}
	}

	/**
	 * Begin to build a node.
	 * @return a builder with defaults: state in memory, UDP port 9993 on all interfaces
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Open the sockets, contact the roots and join the stored networks; idempotent.
	 * @return completes when the sockets are open, or exceptionally with what prevented
	 * it, such as a {@link java.net.BindException} that names address and port
	 */
	public CompletionStage<Void> start() {
		return call(() -> {
			if (this.started == null) {
				this.started = (this.stopped != null)
						? CompletableFuture.failedFuture(new IllegalStateException("A stopped node cannot be started"))
						: open();
			}
			return this.started;
		});
	}

	/**
	 * Save the peer cache and close the sockets; idempotent. A node is started once: it
	 * cannot be started again.
	 * @return completes when everything is closed
	 */
	public CompletionStage<Void> stop() {
		if (this.loop.isShuttingDown()) {
			return this.closed;
		}
		return call(() -> {
			if (this.stopped == null) {
				this.stopped = shut();
			}
			return this.stopped;
		});
	}

	/**
	 * Stop and wait up to five seconds.
	 */
	@Override
	public void close() {
		CompletionStage<Void> done = stop();
		if (this.loop.inEventLoop()) {
			return;
		}
		try {
			done.toCompletableFuture().get(5, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.warn("Node {} did not stop cleanly", address(), ex);
		}
	}

	/**
	 * Return the node's identity.
	 * @return the identity, with its secret
	 */
	public Identity identity() {
		return this.identity;
	}

	/**
	 * Return the node's address.
	 * @return the address
	 */
	public Address address() {
		return this.identity.address();
	}

	/**
	 * Return the event loop that owns the node.
	 * @return the loop
	 */
	public EventLoop eventLoop() {
		return this.loop;
	}

	/**
	 * Whether a root answers, or the node is a root (VL1 11.3).
	 * @return true if online
	 */
	public boolean isOnline() {
		return this.online;
	}

	/**
	 * Return the state of the node.
	 * @return a snapshot
	 */
	public NodeStatus status() {
		return query(() -> {
			World planet = this.vl1.planet();
			return new NodeStatus(address(), this.running, this.vl1.isOnline(), this.vl1.isUpstream(),
					Protocol.softwareVersion(), planet.id(), planet.timestamp(), this.vl1.endpoints(),
					this.vl1.surfaces());
		});
	}

	/**
	 * Return the peers.
	 * @return a snapshot
	 */
	public List<PeerStatus> peers() {
		return query(this.vl1::peers);
	}

	/**
	 * Return the joined networks.
	 * @return a snapshot
	 */
	public List<NetworkInfo> networks() {
		return query(() -> this.networks.networks().stream().map(ZeroTierNode::info).toList());
	}

	/**
	 * Return the counters.
	 * @return a snapshot
	 */
	public NodeStatistics statistics() {
		return query(() -> {
			NodeStatistics vl1 = this.vl1.statistics();
			Map<String, Long> drops = new TreeMap<>(vl1.drops());
			this.networks.drops().forEach((reason, count) -> drops.merge(reason, count, Long::sum));
			if (this.controller != null) {
				this.controller.drops().forEach((reason, count) -> drops.merge(reason, count, Long::sum));
			}
			return new NodeStatistics(vl1.datagramsReceived(), vl1.bytesReceived(), vl1.datagramsSent(),
					vl1.bytesSent(), vl1.packetsReceived(), vl1.packetsRelayed(), drops);
		});
	}

	/**
	 * Return the packet layer, for protocols of one's own on USER_MESSAGE and for tests.
	 * @return the layer, to be used on {@link #eventLoop()} only
	 */
	public Vl1 vl1() {
		return this.vl1;
	}

	/**
	 * Join a network; idempotent. Remembered in the state store until {@link #leave}.
	 * @param network the network
	 * @return the network, usually not configured yet
	 */
	public CompletionStage<VirtualNetwork> join(NetworkId network) {
		return call(() -> CompletableFuture.completedFuture(this.networks.join(network)));
	}

	/**
	 * Leave a network; idempotent.
	 * @param network the network
	 * @return completes when left
	 */
	public CompletionStage<Void> leave(NetworkId network) {
		return call(() -> {
			this.networks.leave(network);
			return CompletableFuture.completedFuture(null);
		});
	}

	/**
	 * Return a joined network.
	 * @param network its ID
	 * @return the network, or null if it is not joined
	 */
	public @Nullable VirtualNetwork network(NetworkId network) {
		return query(() -> this.networks.network(network));
	}

	/**
	 * Return the controller role.
	 * @return the controller, or null if the node was built without
	 */
	public @Nullable NetworkController controller() {
		return this.controller;
	}

	/**
	 * Orbit a moon (VL1 10.5).
	 * @param worldId the moon's world ID
	 * @param seed a root of the moon that delivers it, or null if the moon is in the
	 * state store
	 * @return completes when asked for, not when found
	 */
	public CompletionStage<Void> orbit(long worldId, @Nullable Address seed) {
		return call(() -> {
			this.vl1.orbit(worldId, seed);
			return CompletableFuture.completedFuture(null);
		});
	}

	/**
	 * Forget a moon (VL1 10.5).
	 * @param worldId the moon's world ID
	 * @return completes when forgotten
	 */
	public CompletionStage<Void> deorbit(long worldId) {
		return call(() -> {
			this.vl1.deorbit(worldId);
			return CompletableFuture.completedFuture(null);
		});
	}

	/**
	 * Add a listener. Events are delivered in order on the listener executor.
	 * @param listener takes the events
	 */
	public void addListener(Consumer<NodeEvent> listener) {
		this.events.add(listener);
	}

	/**
	 * Remove a listener.
	 * @param listener the listener
	 */
	public void removeListener(Consumer<NodeEvent> listener) {
		this.events.remove(listener);
	}

	/**
	 * Builds a {@link ZeroTierNode}. Not thread-safe.
	 */
	public static final class Builder {

		private StateStore store = new MemoryStateStore();

		private @Nullable Identity identity;

		private @Nullable World planet;

		private @Nullable PhysicalTransport transport;

		private int port = 9993;

		private @Nullable List<InetAddress> bindAddresses;

		private @Nullable EventLoop loop;

		private InstantSource clock = InstantSource.system();

		private SecureRandom random = new SecureRandom();

		private @Nullable Executor listenerExecutor;

		private @Nullable Executor validationExecutor;

		private boolean controller;

		private Builder() {
		}

		/**
		 * Where identity, planet, moons, peers and networks are kept.
		 * @param store the store; in memory if not set
		 * @return this builder
		 */
		public Builder storage(StateStore store) {
			this.store = store;
			return this;
		}

		/**
		 * The identity to use instead of the one in the store.
		 * @param identity an identity with its secret
		 * @return this builder
		 */
		public Builder identity(Identity identity) {
			this.identity = identity;
			return this;
		}

		/**
		 * The planet, instead of the one in the store, or else the default planet of the
		 * public service. A newer revision in the store, signed by this planet's key, is
		 * preferred.
		 * @param planet the planet
		 * @return this builder
		 */
		public Builder planet(World planet) {
			this.planet = planet;
			return this;
		}

		/**
		 * What carries datagrams instead of UDP.
		 * @param transport the transport, driven by the node's event loop
		 * @return this builder
		 */
		public Builder transport(PhysicalTransport transport) {
			this.transport = transport;
			return this;
		}

		/**
		 * The UDP port.
		 * @param port 0..65535, 0 for any free port; 9993 if not set
		 * @return this builder
		 */
		public Builder port(int port) {
			if (port < 0 || port > 65_535) {
				throw new IllegalArgumentException("UDP port " + port + " is not in 0..65535");
			}
			this.port = port;
			return this;
		}

		/**
		 * The addresses to bind UDP sockets to, instead of every usable interface address
		 * (VL1 13.2).
		 * @param addresses local addresses; a loopback address allows loopback paths
		 * @return this builder
		 */
		public Builder bindAddresses(List<InetAddress> addresses) {
			if (addresses.isEmpty()) {
				throw new IllegalArgumentException(
						"No address to bind to; leave bindAddresses out to use every interface");
			}
			this.bindAddresses = List.copyOf(addresses);
			return this;
		}

		/**
		 * The event loop that owns the node, instead of a thread of its own. It is not
		 * shut down by the node.
		 * @param loop the loop
		 * @return this builder
		 */
		public Builder eventLoop(EventLoop loop) {
			this.loop = loop;
			return this;
		}

		/**
		 * The time of day.
		 * @param clock the clock; the system's if not set
		 * @return this builder
		 */
		public Builder clock(InstantSource clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Where keys, packet IDs and random choices come from.
		 * @param random the generator
		 * @return this builder
		 */
		public Builder random(SecureRandom random) {
			this.random = random;
			return this;
		}

		/**
		 * What runs the listeners, instead of a thread of the node's own.
		 * @param executor the executor; tasks are handed to it one at a time
		 * @return this builder
		 */
		public Builder listenerExecutor(Executor executor) {
			this.listenerExecutor = executor;
			return this;
		}

		/**
		 * What runs the memory-hard check of unknown identities (VL1 1.5), tens of
		 * milliseconds each, instead of a thread of the node's own.
		 * @param executor the executor
		 * @return this builder
		 */
		public Builder validationExecutor(Executor executor) {
			this.validationExecutor = executor;
			return this;
		}

		/**
		 * Whether the node is a network controller too (VL2 17).
		 * @param enabled true to enable the role; false if not set
		 * @return this builder
		 */
		public Builder controller(boolean enabled) {
			this.controller = enabled;
			return this;
		}

		/**
		 * Build the node. An identity is loaded, or generated and stored.
		 * @return the node, not started
		 * @throws io.zt4j.node.store.StateStoreException if the store cannot be used
		 * @throws IllegalArgumentException if settings contradict one another
		 */
		public ZeroTierNode build() {
			return new ZeroTierNode(this);
		}

	}

}
