package io.zt4j.node.packet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Payload compression: one raw LZ4 block in place of the payload (VL1 5). Done before
 * armoring, undone after authentication.
 */
public final class Lz4 {

	private Lz4() {
	}

	/**
	 * Compress the payload in place if it is longer than 64 bytes and becomes shorter.
	 * @param packet the packet in clear text; its writer index and its verb byte change
	 * if compressed
	 * @return whether it was compressed
	 */
	public static boolean compress(ByteBuf packet) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Decompress the payload if it is compressed.
	 * @param packet the authenticated packet in clear text
	 * @param allocator where the buffer of the result comes from
	 * @return {@code packet} itself if it is not compressed, else a new buffer in its
	 * place with the same header, {@code packet} having been released
	 * @throws MalformedPacketException if the block is not LZ4, is empty when
	 * decompressed or exceeds 9,996 bytes; {@code packet} then still belongs to the
	 * caller
	 */
	public static ByteBuf decompress(ByteBuf packet, ByteBufAllocator allocator) {
		throw new UnsupportedOperationException();
	}

}
