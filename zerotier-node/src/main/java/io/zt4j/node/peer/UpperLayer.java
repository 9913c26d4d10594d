package io.zt4j.node.peer;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

import io.zt4j.node.identity.Address;

/**
 * What sits on VL1 besides its verb handlers. Called on the node's event loop.
 */
public interface UpperLayer {

	/** An upper layer that wants nothing. */
	UpperLayer NONE = new UpperLayer() {
	};

	/**
	 * A batch of datagrams is over; VL1 flushes afterwards.
	 */
	default void receiveComplete() {
	}

	/**
	 * A root answered after a time without any.
	 */
	default void online() {
	}

	/**
	 * Whether an IP address belongs to a virtual network, so that VL1 must not use it as
	 * a physical path (VL1 12.6).
	 * @param address the address
	 * @return true if it must not be used
	 */
	default boolean isManaged(InetAddress address) {
		return false;
	}

	/**
	 * Return the peers to keep in contact with although no frames are exchanged (VL1
	 * 12.5).
	 * @return their addresses
	 */
	default Collection<Address> contacts() {
		return List.of();
	}

}
