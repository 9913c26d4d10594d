package io.zt4j.node.network;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.identity.Identity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One joined network: a virtual Ethernet segment with this node as a host on it (VL2 10
 * to 15). {@link #id()}, {@link #mac()}, {@link #mtu()}, {@link #status()},
 * {@link #config()} and {@link #authentication()} may be called on any thread; everything
 * else on the node's event loop only.
 */
public final class VirtualNetwork {

	/**
	 * Bytes a frame given to {@link #transmit(ByteBuf)} must have in front of its
	 * Ethernet header: room for the VL1 header and the longest VL2 frame header.
	 */
	public static final int HEADROOM = 48;

	private static final Logger logger = LoggerFactory.getLogger(VirtualNetwork.class);

	private final NodeContext context;

	private final NetworkId id;

	private final MacAddress mac;

	private final long macValue;

	private final Membership membership;

	private final OwnGroups ownGroups;

	private final Multicaster multicaster;

	private final BridgeTable bridges = new BridgeTable();

	private final FrameFilter filter;

	private final FrameReceiver receiver;

	private final FrameTransmitter transmitter;

	private final ConfigRequester requester;

	private volatile NetworkStatus status = NetworkStatus.REQUESTING_CONFIGURATION;

	private volatile @Nullable NetworkConfig config;

	private volatile @Nullable SingleSignOn authentication;

	private @Nullable NetworkStatus refusal;

	private boolean portFailed;

	private boolean activeBridge;

	private boolean replicator;

	private @Nullable EthernetPort port;

	private boolean delivered;

	private boolean closed;

	VirtualNetwork(NodeContext context, NetworkId id) {
		this.context = context;
		this.id = id;
		this.mac = MacAddress.of(context.self, id);
		this.macValue = this.mac.value();
		this.membership = new Membership(context, id);
		this.filter = new FrameFilter(context, this);
		this.ownGroups = new OwnGroups(context, this);
		this.multicaster = new Multicaster(context, this);
		this.receiver = new FrameReceiver(context, this);
		this.transmitter = new FrameTransmitter(context, this);
		this.requester = new ConfigRequester(context, this);
	}

	/**
	 * Return the network's ID.
	 * @return the ID
	 */
	public NetworkId id() {
		return this.id;
	}

	/**
	 * Return the state of this membership (VL2 5).
	 * @return the status
	 */
	public NetworkStatus status() {
		return this.status;
	}

	/**
	 * Return the configuration in force. Errors do not remove it: see {@link #status()}.
	 * @return the configuration, or null if there never was one
	 */
	public @Nullable NetworkConfig config() {
		return this.config;
	}

	/**
	 * Return where to log in while the status is
	 * {@link NetworkStatus#AUTHENTICATION_REQUIRED} (VL2 5).
	 * @return what the controller said, or null if no login is wanted
	 */
	public @Nullable SingleSignOn authentication() {
		return this.authentication;
	}

	/**
	 * Return the MAC address of this node on this network (VL2 1.2).
	 * @return the MAC address
	 */
	public MacAddress mac() {
		return this.mac;
	}

	/**
	 * Return the MTU of the virtual interface: the largest payload of an Ethernet frame.
	 * A network may say more than packets can carry (VL2 10.5); that is cut off here.
	 * @return 1280..9869, 2800 before there is a configuration
	 */
	public int mtu() {
		NetworkConfig current = this.config;
		return (current != null) ? Math.min(current.mtu(), NodeContext.MAX_FRAME) : NetworkConfig.DEFAULT_MTU;
	}

	/**
	 * Put a port on top; it takes the frames from now on. Its
	 * {@link EthernetPort#configured} is called at once.
	 * @param port the port
	 * @throws IllegalStateException if another port is attached, or the network was left
	 */
	public void attach(EthernetPort port) {
		if (this.closed) {
			throw new IllegalStateException("Network " + this.id + " was left: join it again");
		}
		if (this.port != null && this.port != port) {
			throw new IllegalStateException("Network " + this.id + " has a port already: detach it first");
		}
		this.port = port;
		settle(true, () -> {
		});
		NetworkConfig current = this.config;
		this.ownGroups.resolve((current != null) ? current.staticAddresses() : List.of());
	}

	/**
	 * Take the port away again; frames that arrive are dropped from now on.
	 * @param port the attached port; nothing happens if it is not
	 */
	public void detach(EthernetPort port) {
		if (this.port == port) {
			this.port = null;
			this.portFailed = false;
			this.ownGroups.resolve(List.of());
			settle(false, () -> {
			});
		}
	}

	/**
	 * Send one Ethernet frame (VL2 10.1, 11.3, 12). Headers are rewritten in place.
	 * @param frame the frame, reader index at the 14-byte Ethernet header, at least
	 * {@value #HEADROOM} bytes of its own in front of it; ownership passes
	 */
	public void transmit(ByteBuf frame) {
		this.transmitter.transmit(frame);
	}

	/**
	 * Hand what was transmitted to the physical network: call it at the end of a batch.
	 */
	public void flush() {
		this.context.sender.flush();
	}

	/**
	 * Receive a multicast group. The groups of address resolution for the assigned
	 * addresses, and broadcast if the network allows it, need no call.
	 * @param group the group
	 */
	public void subscribe(MulticastGroup group) {
		this.ownGroups.subscribe(group);
	}

	/**
	 * No longer receive a multicast group.
	 * @param group the group
	 */
	public void unsubscribe(MulticastGroup group) {
		this.ownGroups.unsubscribe(group);
	}

	// What the rooms of this network need of one another

	long macValue() {
		return this.macValue;
	}

	Membership membership() {
		return this.membership;
	}

	OwnGroups ownGroups() {
		return this.ownGroups;
	}

	Multicaster multicaster() {
		return this.multicaster;
	}

	BridgeTable bridges() {
		return this.bridges;
	}

	FrameFilter filter() {
		return this.filter;
	}

	FrameReceiver receiver() {
		return this.receiver;
	}

	ConfigRequester requester() {
		return this.requester;
	}

	/**
	 * The gate (VL2 8.4). Who passes it hears of the own groups, if that is due.
	 * @param peer the peer, proved by VL1
	 * @return its record, or null if it may not exchange frames
	 */
	@Nullable Member admit(Identity peer) {
		long now = this.context.sender.now();
		Member member = this.membership.admit(peer, now);
		if (member != null) {
			this.ownGroups.announceIfDue(member, now);
		}
		return member;
	}

	boolean isActiveBridge() {
		return this.activeBridge;
	}

	boolean isReplicator() {
		return this.replicator;
	}

	/**
	 * Hand a frame to the port; ownership passes.
	 * @param frame the frame
	 */
	void deliver(ByteBuf frame) {
		EthernetPort to = this.port;
		if (to == null) {
			frame.release();
			this.context.drop(DropReason.NO_PORT);
			return;
		}
		this.delivered = true;
		try {
			to.receive(frame);
		}
		catch (RuntimeException ex) {
			logger.warn("The port of network {} failed on a frame", this.id, ex);
		}
	}

	/**
	 * Hand a frame that was made here to the port, after the port's own call returned.
	 * @param frame the frame; ownership passes
	 */
	void deliverLater(ByteBuf frame) {
		this.context.loop.execute(() -> {
			deliver(frame);
			receiveComplete();
			this.context.sender.flush();
		});
	}

	void receiveComplete() {
		EthernetPort to = this.port;
		if (this.delivered && to != null) {
			this.delivered = false;
			try {
				to.receiveComplete();
			}
			catch (RuntimeException ex) {
				logger.warn("The port of network {} failed at the end of a batch", this.id, ex);
			}
		}
	}

	// Configuration

	/**
	 * Put a configuration in force (VL2 4.3).
	 * @param next the configuration, for this node and network
	 * @param store whether to write it to the cache
	 */
	void configure(NetworkConfig next, boolean store) {
		NetworkConfig previous = this.config;
		this.refusal = null;
		this.authentication = null;
		if (next.equals(previous)) {
			settle(false, () -> {
			});
			return;
		}
		this.config = next;
		Specialist role = next.specialist(this.context.self);
		this.activeBridge = role != null && role.isActiveBridge();
		this.replicator = role != null && role.isMulticastReplicator();
		this.filter.configured(next);
		this.membership.configured(next, this.context.sender.now());
		if (store) {
			this.context.cache.save(this.id, next.toDictionary());
		}
		// Announced before anybody is told: who acts on the event can be found.
		this.ownGroups.configured((this.port != null) ? next.staticAddresses() : List.of(), previous == null);
		this.context.sender.flush();
		settle(true, () -> {
			publishChanges(previous, next);
			this.context.events.accept(new NodeEvent.NetworkConfigured(this.id, next));
		});
	}

	/**
	 * The controller refused this node; a configuration in force stays (VL2 5).
	 * @param reason the status that follows
	 * @param login how to log in, or null
	 */
	void refuse(NetworkStatus reason, @Nullable SingleSignOn login) {
		this.refusal = reason;
		this.authentication = login;
		settle(false, () -> {
		});
	}

	/* The port learns of a change first, so that listeners of events find it usable. */
	private void settle(boolean reconfigure, Runnable changes) {
		NetworkStatus previous = this.status;
		this.status = derivedStatus();
		if (reconfigure || this.status != previous) {
			configurePort();
			this.status = derivedStatus();
		}
		changes.run();
		if (this.status != previous) {
			this.context.events.accept(new NodeEvent.NetworkStatusChanged(this.id, previous, this.status));
		}
	}

	/* first match, VL2 5 */
	private NetworkStatus derivedStatus() {
		if (this.portFailed) {
			return NetworkStatus.PORT_ERROR;
		}
		if (this.refusal != null) {
			return this.refusal;
		}
		return (this.config != null) ? NetworkStatus.OK : NetworkStatus.REQUESTING_CONFIGURATION;
	}

	private void configurePort() {
		EthernetPort to = this.port;
		if (to == null) {
			return;
		}
		try {
			to.configured(this.status, this.config);
			this.portFailed = false;
		}
		catch (RuntimeException ex) {
			logger.warn("The port of network {} refused its configuration", this.id, ex);
			this.portFailed = true;
		}
	}

	private void publishChanges(@Nullable NetworkConfig previous, NetworkConfig next) {
		Set<InetPrefix> oldAddresses = new LinkedHashSet<>();
		Set<NetworkRoute> oldRoutes = new LinkedHashSet<>();
		if (previous != null) {
			oldAddresses.addAll(previous.staticAddresses());
			oldRoutes.addAll(previous.routes());
		}
		Set<InetPrefix> newAddresses = new LinkedHashSet<>(next.staticAddresses());
		Set<NetworkRoute> newRoutes = new LinkedHashSet<>(next.routes());
		oldRoutes.stream().filter((r) -> !newRoutes.contains(r)).forEach(this::publishRemoval);
		oldAddresses.stream()
			.filter((a) -> !newAddresses.contains(a))
			.forEach((a) -> this.context.events
				.accept(new NodeEvent.AddressRemoved(this.id, a.address(), a.prefixLength())));
		newAddresses.stream()
			.filter((a) -> !oldAddresses.contains(a))
			.forEach((a) -> this.context.events
				.accept(new NodeEvent.AddressAssigned(this.id, a.address(), a.prefixLength())));
		newRoutes.stream().filter((r) -> !oldRoutes.contains(r)).forEach(this::publishAddition);
	}

	private void publishAddition(NetworkRoute route) {
		this.context.events.accept(new NodeEvent.RouteAdded(this.id, route.target().address(),
				route.target().prefixLength(), route.via()));
	}

	private void publishRemoval(NetworkRoute route) {
		this.context.events.accept(new NodeEvent.RouteRemoved(this.id, route.target().address(),
				route.target().prefixLength(), route.via()));
	}

	/** The network was left or the node stops. */
	void close() {
		this.closed = true;
		this.requester.close();
		this.multicaster.close();
		EthernetPort to = this.port;
		this.port = null;
		if (to != null) {
			try {
				to.closed();
			}
			catch (RuntimeException ex) {
				logger.warn("The port of network {} failed to close", this.id, ex);
			}
		}
	}

}
