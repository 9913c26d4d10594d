package io.zt4j.node.packet;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Cuts an armored packet into datagrams (VL1 6). The head stays where it is; each
 * fragment is copied once, behind its own header.
 */
public final class Fragmenter {

	/** Default bytes of payload of one UDP datagram. */
	public static final int DEFAULT_MTU = 1432;

	/** Bytes in front of the data of a fragment. */
	public static final int FRAGMENT_HEADER = 16;

	/** Most datagrams of one packet, head included. */
	public static final int MAXIMUM_DATAGRAMS = 7;

	/** Offset of the byte that tells a fragment from a packet. */
	static final int INDICATOR_OFFSET = 13;

	/** What that byte holds in a fragment: addresses never begin with it. */
	static final int INDICATOR = 0xff;

	/** Offset of the byte with the total in its high, the number in its low nibble. */
	static final int NUMBER_OFFSET = 14;

	/** Offset of the hop count of a fragment. */
	static final int HOPS_OFFSET = 15;

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
	 * @throws IllegalArgumentException if the packet exceeds {@link #maximumPacket}; it
	 * has been released then
	 */
	public static void fragment(ByteBuf packet, int mtu, ByteBufAllocator allocator, Consumer<ByteBuf> out) {
		int length = packet.readableBytes();
		if (length <= mtu) {
			out.accept(packet);
			return;
		}
		if (length > maximumPacket(mtu)) {
			packet.release();
			throw new IllegalArgumentException("A packet of " + length + " bytes exceeds the " + maximumPacket(mtu)
					+ " bytes that 7 datagrams of " + mtu + " bytes hold");
		}
		int room = mtu - FRAGMENT_HEADER;
		ByteBuf[] fragments = new ByteBuf[(length - mtu + room - 1) / room];
		int index = packet.readerIndex() + mtu;
		for (int i = 0; i < fragments.length; i++) {
			int count = Math.min(room, packet.writerIndex() - index);
			ByteBuf fragment = allocator.directBuffer(FRAGMENT_HEADER + count);
			// packet ID and destination are copied
			fragment.writeBytes(packet, packet.readerIndex(), INDICATOR_OFFSET);
			fragment.writeByte(INDICATOR);
			fragment.writeByte((fragments.length + 1) << 4 | (i + 1));
			fragment.writeByte(0);
			fragment.writeBytes(packet, index, count);
			fragments[i] = fragment;
			index += count;
		}
		packet.writerIndex(packet.readerIndex() + mtu);
		out.accept(packet);
		for (ByteBuf fragment : fragments) {
			out.accept(fragment);
		}
	}

	/**
	 * Add one hop to a fragment that is relayed (VL1 11.4).
	 * @param fragment the fragment
	 * @return false if it has crossed as many relays as it may; it is then unchanged
	 */
	public static boolean incrementHops(ByteBuf fragment) {
		int index = fragment.readerIndex() + HOPS_OFFSET;
		int hops = fragment.getUnsignedByte(index);
		if (hops >= PacketHeader.MAXIMUM_RELAY_HOPS) {
			return false;
		}
		fragment.setByte(index, hops + 1);
		return true;
	}

}
