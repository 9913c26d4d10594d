package io.zt4j.spring.boot.event;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.network.NetworkId;

/**
 * Something happened to the membership of a network.
 *
 * @param <T> the kind of event
 */
public class ZeroTierNetworkEvent<T extends NodeEvent.NetworkEvent> extends ZeroTierNodeEvent<T> {

	/**
	 * Create the event.
	 * @param source the bean that publishes
	 * @param event what happened
	 */
	public ZeroTierNetworkEvent(Object source, T event) {
		super(source, event);
	}

	/**
	 * Return the network.
	 * @return its ID
	 */
	public NetworkId getNetwork() {
		return getPayload().network();
	}

}
