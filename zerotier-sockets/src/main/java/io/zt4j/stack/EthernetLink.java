package io.zt4j.stack;

import io.netty.buffer.ByteBuf;

/**
 * The Ethernet below a stack. Called on the stack's event loop only.
 */
public interface EthernetLink {

	/**
	 * Return the hardware address of the interface.
	 * @return the MAC address
	 */
	EthernetAddress address();

	/**
	 * Return the greatest IP packet a frame may carry.
	 * @return bytes, at least 1280
	 */
	int mtu();

	/**
	 * Return the room the link wants in front of the Ethernet header of every frame, for
	 * headers of its own.
	 * @return bytes
	 */
	int headroom();

	/**
	 * Take one frame.
	 * @param frame the frame, reader index at the Ethernet header, {@link #headroom()}
	 * bytes in front of it; ownership passes to the link
	 */
	void transmit(ByteBuf frame);

	/**
	 * The batch is over: send what was taken.
	 */
	void flush();

	/**
	 * Begin to receive frames sent to a multicast address.
	 * @param group the multicast MAC address
	 */
	void join(EthernetAddress group);

	/**
	 * Cease to receive frames sent to a multicast address.
	 * @param group the multicast MAC address
	 */
	void leave(EthernetAddress group);

}
