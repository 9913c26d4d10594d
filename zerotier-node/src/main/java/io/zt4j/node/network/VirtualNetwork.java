package io.zt4j.node.network;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One joined network: a virtual Ethernet segment with this node as a host on it (VL2 10
 * to 15). {@link #id()}, {@link #mtu()}, {@link #status()} and {@link #config()} may be
 * called on any thread; everything else on the node's event loop only.
 */
public final class VirtualNetwork {

	/**
	 * Bytes a frame given to {@link #transmit(ByteBuf)} must have in front of its
	 * Ethernet header: room for the VL1 header and the longest VL2 frame header.
	 */
	public static final int HEADROOM = 48;

	private final NetworkId id;

	VirtualNetwork(NetworkId id) {
		this.id = id;
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
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the configuration in force. Errors do not remove it: see {@link #status()}.
	 * @return the configuration, or null if there never was one
	 */
	public @Nullable NetworkConfig config() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the MTU of the virtual interface: the largest payload of an Ethernet frame.
	 * @return 1280..10000, 2800 before there is a configuration
	 */
	public int mtu() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Put a port on top; it takes the frames from now on. Its
	 * {@link EthernetPort#configured} is called at once.
	 * @param port the port
	 * @throws IllegalStateException if another port is attached
	 */
	public void attach(EthernetPort port) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Take the port away again; frames that arrive are dropped from now on.
	 * @param port the attached port; nothing happens if it is not
	 */
	public void detach(EthernetPort port) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Send one Ethernet frame (VL2 10.1, 11.3, 12). Headers are rewritten in place.
	 * @param frame the frame, reader index at the 14-byte Ethernet header, at least
	 * {@value #HEADROOM} bytes of its own in front of it; ownership passes
	 */
	public void transmit(ByteBuf frame) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Hand what was transmitted to the physical network: call it at the end of a batch.
	 */
	public void flush() {
		throw new UnsupportedOperationException("in the making");
	}

}
