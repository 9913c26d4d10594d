package io.zt4j.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkStatus;
import org.jspecify.annotations.Nullable;

/**
 * A change of state of a node. Delivered in order by the node's listener executor, never
 * by its event loop.
 */
public sealed interface NodeEvent {

	/** The node opened its sockets. */
	record Started(Address node) implements NodeEvent {
	}

	/** At least one root answers (VL1 11.3). */
	record Online(Address node) implements NodeEvent {
	}

	/** No root was heard of for the time a root may be silent. */
	record Offline(Address node) implements NodeEvent {
	}

	/** The node closed its sockets; the last event of a run. */
	record Stopped(Address node) implements NodeEvent {
	}

	/**
	 * Another node uses this node's address (VL1 8.2, 8.3).
	 *
	 * @param node this node
	 * @param evidence what was seen, in words
	 */
	record IdentityCollision(Address node, String evidence) implements NodeEvent {
	}

	/** A newer signed planet or moon replaced the one in use. */
	record WorldUpdated(long worldId, long timestamp) implements NodeEvent {
	}

	/**
	 * Events of one network.
	 */
	sealed interface NetworkEvent extends NodeEvent {

		/**
		 * Return the network.
		 * @return its ID
		 */
		NetworkId network();

	}

	/** A network was joined; its configuration is being requested. */
	record NetworkJoined(NetworkId network) implements NetworkEvent {
	}

	/**
	 * The status of a network changed.
	 *
	 * @param network the network
	 * @param previous the status before
	 * @param status the status now
	 */
	record NetworkStatusChanged(NetworkId network, NetworkStatus previous,
			NetworkStatus status) implements NetworkEvent {
	}

	/** A new configuration is in force. */
	record NetworkConfigured(NetworkId network, NetworkConfig config) implements NetworkEvent {
	}

	/** The network was left. */
	record NetworkLeft(NetworkId network) implements NetworkEvent {
	}

	/** The controller assigned an address to this node. */
	record AddressAssigned(NetworkId network, InetAddress address, int prefixLength) implements NetworkEvent {
	}

	/** The controller took an address away. */
	record AddressRemoved(NetworkId network, InetAddress address, int prefixLength) implements NetworkEvent {
	}

	/** The controller announced a route. */
	record RouteAdded(NetworkId network, InetAddress target, int prefixLength,
			@Nullable InetAddress via) implements NetworkEvent {
	}

	/** The controller withdrew a route. */
	record RouteRemoved(NetworkId network, InetAddress target, int prefixLength,
			@Nullable InetAddress via) implements NetworkEvent {
	}

	/**
	 * Events of one peer.
	 */
	sealed interface PeerEvent extends NodeEvent {

		/**
		 * Return the peer.
		 * @return its address
		 */
		Address peer();

	}

	/** A peer's identity became known. */
	record PeerDiscovered(Address peer) implements PeerEvent {
	}

	/** A direct path to a peer was confirmed; traffic no longer needs a root. */
	record PeerDirect(Address peer, InetSocketAddress endpoint) implements PeerEvent {
	}

	/** The last direct path to a peer expired; traffic goes through a root. */
	record PeerRelayed(Address peer) implements PeerEvent {
	}

	/** A further direct path to a peer was confirmed. */
	record PathDiscovered(Address peer, InetSocketAddress endpoint) implements PeerEvent {
	}

	/** A direct path to a peer expired. */
	record PathExpired(Address peer, InetSocketAddress endpoint) implements PeerEvent {
	}

	/** A peer was not heard of for 500 s and was forgotten. */
	record PeerExpired(Address peer) implements PeerEvent {
	}

}
