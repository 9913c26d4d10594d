package io.zt4j.spring.boot.event;

import io.zt4j.node.NodeEvent;

import org.springframework.context.PayloadApplicationEvent;

/**
 * Something happened to the application's ZeroTier node. Listen to this class for
 * everything, to {@link ZeroTierNetworkEvent} or {@link ZeroTierPeerEvent} for one
 * family, or with a {@link NodeEvent} record as the parameter for one kind:
 * {@code @EventListener void online(NodeEvent.Online event)}.
 * <p>
 * Published in order by one thread of its own, never by the node's event loop, and never
 * before the application is ready; what happened earlier follows then.
 *
 * @param <T> the kind of event
 */
public class ZeroTierNodeEvent<T extends NodeEvent> extends PayloadApplicationEvent<T> {

	/**
	 * Create the event.
	 * @param source the bean that publishes
	 * @param event what happened
	 */
	public ZeroTierNodeEvent(Object source, T event) {
		super(source, event);
	}

	/**
	 * Wrap an event of a node in the class of its family.
	 * @param source the bean that publishes
	 * @param event what happened
	 * @return the application event
	 */
	public static ZeroTierNodeEvent<?> of(Object source, NodeEvent event) {
		if (event instanceof NodeEvent.NetworkEvent network) {
			return new ZeroTierNetworkEvent<>(source, network);
		}
		if (event instanceof NodeEvent.PeerEvent peer) {
			return new ZeroTierPeerEvent<>(source, peer);
		}
		return new ZeroTierNodeEvent<>(source, event);
	}

}
