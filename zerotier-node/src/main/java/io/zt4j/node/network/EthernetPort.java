package io.zt4j.node.network;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What sits on top of a virtual network and takes its Ethernet frames: a TCP/IP stack, a
 * TAP device, a test. Called on the node's event loop only.
 */
public interface EthernetPort {

	/**
	 * Take one frame.
	 * @param frame the frame, 14-byte Ethernet header first; ownership passes to the port
	 */
	void receive(ByteBuf frame);

	/**
	 * Called after the last frame of a batch of datagrams: the moment to send what was
	 * held back, such as acknowledgements.
	 */
	default void receiveComplete() {
	}

	/**
	 * The network's configuration or status changed.
	 * @param status the status
	 * @param config the configuration in force, or null if there is none
	 */
	default void configured(NetworkStatus status, @Nullable NetworkConfig config) {
	}

	/**
	 * The network was left or the node stops: no call follows.
	 */
	default void closed() {
	}

}
