package io.zt4j.node.packet;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Cuts an armored packet into datagrams (VL1 6).
 */
public final class Fragmenter {

	/** Default bytes of payload of one UDP datagram. */
	public static final int DEFAULT_MTU = 1432;

	/** Bytes in front of the data of a fragment. */
	public static final int FRAGMENT_HEADER = 16;

	/** Most datagrams of one packet, head included. */
	public static final int MAXIMUM_DATAGRAMS = 7;

	private Fragmenter() {
	}

	/**
	 * Return the largest packet that can be delivered.
	 * @param mtu bytes of one datagram
	 * @return bytes, 9,928 with the default MTU, never more than 10,024
	 */
	public static int maximumPacket(int mtu) {
		return Math.min(PacketHeader.MAXIMUM_LENGTH, mtu + (MAXIMUM_DATAGRAMS - 1) * (mtu - FRAGMENT_HEADER));
	}

	/**
	 * Cut a packet. One that fits is handed on as it is.
	 * @param packet the armored packet, whose fragmented flag was set before armoring if
	 * it exceeds the MTU; ownership passes
	 * @param mtu bytes of one datagram
	 * @param allocator where buffers of fragments come from
	 * @param out takes the datagrams in sending order, and their ownership
	 * @throws IllegalArgumentException if the packet exceeds {@link #maximumPacket}
	 */
	public static void fragment(ByteBuf packet, int mtu, ByteBufAllocator allocator, Consumer<ByteBuf> out) {
		throw new UnsupportedOperationException();
	}

}
