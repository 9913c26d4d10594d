package io.zt4j.node.network;

import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.concurrent.Future;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.PacketSender;
import io.zt4j.node.peer.VerbHandler;
import io.zt4j.node.store.StateStore;
import org.jspecify.annotations.Nullable;

/**
 * VL2 of one node: the joined networks, the handlers of the VL2 verbs and the timers (VL2
 * 15, 22). Confined to the node's event loop, except {@link #drops()}.
 */
public final class Networks {

	private static final long TICK = 5_000;

	private static final long SWEEP_INTERVAL = 30_000;

	private final NodeContext context;

	private final LongObjectHashMap<VirtualNetwork> networks = new LongObjectHashMap<>();

	private final Vl2Dispatcher dispatcher;

	/** A snapshot to walk through while listeners join and leave. */
	private List<VirtualNetwork> all = List.of();

	private @Nullable Future<?> timer;

	private long lastSweep;

	private boolean running;

	/**
	 * Create the VL2 of a node.
	 * @param sender what sends through VL1
	 * @param loop the node's event loop
	 * @param store where {@code networks.d/} is
	 * @param random for random recipients and random rules
	 * @param events takes the events of the networks, on the event loop
	 */
	public Networks(PacketSender sender, EventLoop loop, StateStore store, RandomGenerator random,
			Consumer<NodeEvent> events) {
		this.context = new NodeContext(sender, loop, store, random, events);
		this.dispatcher = new Vl2Dispatcher(this.context, this.networks);
	}

	/**
	 * Return the handlers VL1 should register. That of {@link Verb#OK} takes OKs that
	 * passed the gate of expected replies (VL1 7.4), that of {@link Verb#ERROR} takes any
	 * ERROR; both find the reader index at the in-re verb (packet offset 28) and ignore
	 * what is not about a VL2 verb. {@link Verb#NETWORK_CONFIG_REQUEST} is answered with
	 * UNSUPPORTED_OPERATION (VL1 8.9): a controller registers its own handler instead.
	 * @return verb to handler
	 */
	public Map<Verb, VerbHandler> handlers() {
		return this.dispatcher.handlers();
	}

	/**
	 * Join every network of {@code networks.d/} and start the timers.
	 */
	public void start() {
		if (this.running) {
			return;
		}
		this.context.cache.joined().forEach(this::join);
		this.running = true;
		this.all.forEach((network) -> network.requester().start());
		this.timer = this.context.loop.scheduleAtFixedRate(this::tick, TICK, TICK, TimeUnit.MILLISECONDS);
	}

	/**
	 * Close all ports and stop the timers. Files stay, nothing is sent (VL2 15).
	 */
	public void stop() {
		this.running = false;
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
		this.all.forEach(VirtualNetwork::close);
		this.networks.clear();
		this.all = List.of();
	}

	private void tick() {
		long now = this.context.sender.now();
		for (VirtualNetwork network : this.all) {
			network.ownGroups().tick(now);
			network.multicaster().sweep(now);
		}
		if (now - this.lastSweep >= SWEEP_INTERVAL) {
			this.lastSweep = now;
			this.context.groups.sweep(now);
			this.context.membershipErrors.sweep(now);
			this.context.strangerPushes.sweep(now);
			this.dispatcher.sweep(now);
			for (VirtualNetwork network : this.all) {
				network.membership().sweep(now);
			}
		}
		this.context.sender.flush();
	}

	/**
	 * Join a network; idempotent. Its configuration is requested at once. May be called
	 * before {@link #start()}.
	 * @param id the network
	 * @return the network
	 */
	public VirtualNetwork join(NetworkId id) {
		VirtualNetwork known = this.networks.get(id.value());
		if (known != null) {
			return known;
		}
		VirtualNetwork network = new VirtualNetwork(this.context, id);
		this.networks.put(id.value(), network);
		this.all = List.copyOf(this.networks.values());
		this.context.events.accept(new NodeEvent.NetworkJoined(id));
		network.requester().restore();
		if (this.running) {
			network.requester().start();
		}
		return network;
	}

	/**
	 * Leave a network and delete its files.
	 * @param id the network
	 * @return false if it was not joined
	 */
	public boolean leave(NetworkId id) {
		VirtualNetwork network = this.networks.remove(id.value());
		if (network == null) {
			return false;
		}
		this.all = List.copyOf(this.networks.values());
		network.close();
		this.context.cache.delete(id);
		this.context.events.accept(new NodeEvent.NetworkLeft(id));
		return true;
	}

	/**
	 * Return a joined network.
	 * @param id its ID
	 * @return the network, or null if it is not joined
	 */
	public @Nullable VirtualNetwork network(NetworkId id) {
		return this.networks.get(id.value());
	}

	/**
	 * Return the joined networks.
	 * @return an immutable snapshot
	 */
	public Collection<VirtualNetwork> networks() {
		return this.all;
	}

	/**
	 * VL1 came online: networks that wait for a configuration ask at once.
	 */
	public void online() {
		this.all.forEach((network) -> network.requester().hurry());
	}

	/**
	 * A batch of datagrams is over: hand this on to every port, then flush.
	 */
	public void receiveComplete() {
		for (VirtualNetwork network : this.all) {
			network.receiveComplete();
		}
		this.context.sender.flush();
	}

	/**
	 * Give this node the controller role, or take it away.
	 * @param controller the controller of this node, or null
	 */
	public void controller(@Nullable ControllerRole controller) {
		this.context.controller = controller;
		if (controller != null) {
			controller.localRevocations(this::revoked);
		}
		online();
	}

	private void revoked(Revocation revocation) {
		VirtualNetwork network = network(revocation.network());
		if (network != null) {
			network.membership().add(revocation, this.context.self, this.context.sender.now());
		}
	}

	/**
	 * Whether an IP address lies inside a prefix assigned to this node on a joined
	 * network; VL1 must not use it as a physical path (VL1 12.6, VL2 15).
	 * @param address the physical address
	 * @return true if it must not be used
	 */
	public boolean isManaged(InetAddress address) {
		for (VirtualNetwork network : this.all) {
			NetworkConfig config = network.config();
			if (config != null) {
				for (InetPrefix prefix : config.staticAddresses()) {
					if (prefix.contains(address)) {
						return true;
					}
				}
			}
		}
		return false;
	}

	/**
	 * Return the anchors and multicast replicators of all joined networks, which VL1
	 * keeps in contact with (VL2 6, VL1 12.5).
	 * @return their addresses
	 */
	public Collection<Address> contacts() {
		Set<Address> contacts = new LinkedHashSet<>();
		for (VirtualNetwork network : this.all) {
			NetworkConfig config = network.config();
			if (config != null) {
				for (Specialist specialist : config.specialists()) {
					if (specialist.isAnchor() || specialist.isMulticastReplicator()) {
						contacts.add(specialist.address());
					}
				}
			}
		}
		contacts.remove(this.context.self);
		return contacts;
	}

	/**
	 * Return how many packets and frames were dropped, by reason. Any thread.
	 * @return reason to count, reasons that never happened left out
	 */
	public Map<String, Long> drops() {
		return this.context.drops.snapshot();
	}

	GroupDirectory directory() {
		return this.context.groups;
	}

}
