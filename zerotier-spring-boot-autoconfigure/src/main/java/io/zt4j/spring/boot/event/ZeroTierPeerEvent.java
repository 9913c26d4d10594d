package io.zt4j.spring.boot.event;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.identity.Address;

/**
 * Something happened to a peer or to a path to it.
 *
 * @param <T> the kind of event
 */
public class ZeroTierPeerEvent<T extends NodeEvent.PeerEvent> extends ZeroTierNodeEvent<T> {

	/**
	 * Create the event.
	 * @param source the bean that publishes
	 * @param event what happened
	 */
	public ZeroTierPeerEvent(Object source, T event) {
		super(source, event);
	}

	/**
	 * Return the peer.
	 * @return its address
	 */
	public Address getPeer() {
		return getPayload().peer();
	}

}
