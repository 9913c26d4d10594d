package io.zt4j.node.network;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.netty.channel.EventLoop;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.identity.Address;
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

	/**
	 * Create the VL2 of a node.
	 * @param sender VL1
	 * @param loop the node's event loop
	 * @param store where {@code networks.d/} is
	 * @param random for config update IDs, random recipients and random rules
	 * @param events takes the events of the networks, on the event loop
	 */
	public Networks(PacketSender sender, EventLoop loop, StateStore store, RandomGenerator random,
			Consumer<NodeEvent> events) {
		throw new UnsupportedOperationException("in the making");
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
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Join every network of {@code networks.d/} and start the timers.
	 */
	public void start() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Close all ports and stop the timers. Files stay, nothing is sent (VL2 15).
	 */
	public void stop() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Join a network; idempotent. Its configuration is requested at once. May be called
	 * before {@link #start()}.
	 * @param id the network
	 * @return the network
	 */
	public VirtualNetwork join(NetworkId id) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Leave a network and delete its files.
	 * @param id the network
	 * @return false if it was not joined
	 */
	public boolean leave(NetworkId id) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return a joined network.
	 * @param id its ID
	 * @return the network, or null if it is not joined
	 */
	public @Nullable VirtualNetwork network(NetworkId id) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the joined networks.
	 * @return an immutable snapshot
	 */
	public Collection<VirtualNetwork> networks() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * VL1 came online: networks that wait for a configuration ask at once.
	 */
	public void online() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * A batch of datagrams is over: hand this on to every port, then flush.
	 */
	public void receiveComplete() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Give this node the controller role, or take it away.
	 * @param controller the controller of this node, or null
	 */
	public void controller(@Nullable ControllerRole controller) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Whether an IP address lies inside a prefix assigned to this node on a joined
	 * network; VL1 must not use it as a physical path (VL1 12.6, VL2 15).
	 * @param address the physical address
	 * @return true if it must not be used
	 */
	public boolean isManaged(InetAddress address) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the anchors and multicast replicators of all joined networks, which VL1
	 * keeps in contact with (VL2 6, VL1 12.5).
	 * @return their addresses
	 */
	public Collection<Address> contacts() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return how many packets and frames were dropped, by reason. Any thread.
	 * @return reason to count, reasons that never happened left out
	 */
	public Map<String, Long> drops() {
		throw new UnsupportedOperationException("in the making");
	}

}
