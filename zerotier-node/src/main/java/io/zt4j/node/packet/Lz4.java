package io.zt4j.node.packet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Payload compression: one raw LZ4 block in place of the payload (VL1 5). Done before
 * armoring, undone after authentication.
 */
public final class Lz4 {

	private static final int THRESHOLD = 64;

	// pure Java and bounds-checked: input is hostile
	private static final LZ4Compressor COMPRESSOR = LZ4Factory.safeInstance().fastCompressor();

	private static final LZ4SafeDecompressor DECOMPRESSOR = LZ4Factory.safeInstance().safeDecompressor();

	private static final FastThreadLocal<Scratch> SCRATCH = new FastThreadLocal<>() {
		@Override
		protected Scratch initialValue() {
			return new Scratch();
		}
	};

	private Lz4() {
	}

	/**
	 * Compress the payload in place if it is longer than 64 bytes and becomes shorter.
	 * @param packet the packet in clear text; its writer index and its verb byte change
	 * if compressed
	 * @return whether it was compressed
	 */
	public static boolean compress(ByteBuf packet) {
		int length = packet.readableBytes() - PacketHeader.PAYLOAD;
		if (length <= THRESHOLD || length > PacketHeader.MAXIMUM_PAYLOAD) {
			return false;
		}
		Scratch scratch = SCRATCH.get();
		int payload = packet.readerIndex() + PacketHeader.PAYLOAD;
		packet.getBytes(payload, scratch.plain, 0, length);
		int compressed = COMPRESSOR.compress(scratch.plain, 0, length, scratch.block, 0, scratch.block.length);
		if (compressed >= length) {
			return false;
		}
		packet.setBytes(payload, scratch.block, 0, compressed);
		packet.writerIndex(payload + compressed);
		PacketHeader.setCompressed(packet, true);
		return true;
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
		if (!PacketHeader.isCompressed(packet)) {
			return packet;
		}
		int length = packet.readableBytes() - PacketHeader.PAYLOAD;
		if (length == 0) {
			PacketHeader.setCompressed(packet, false);
			return packet;
		}
		Scratch scratch = SCRATCH.get();
		if (length > scratch.block.length) {
			throw new MalformedPacketException("Compressed payload of " + length + " bytes");
		}
		packet.getBytes(packet.readerIndex() + PacketHeader.PAYLOAD, scratch.block, 0, length);
		int plain;
		try {
			plain = DECOMPRESSOR.decompress(scratch.block, 0, length, scratch.plain, 0, PacketHeader.MAXIMUM_PAYLOAD);
		}
		catch (LZ4Exception | IndexOutOfBoundsException ex) {
			throw new MalformedPacketException("Payload is no LZ4 block");
		}
		if (plain == 0) {
			throw new MalformedPacketException("Payload decompresses to nothing");
		}
		ByteBuf result = allocator.buffer(PacketHeader.PAYLOAD + plain);
		result.writeBytes(packet, packet.readerIndex(), PacketHeader.PAYLOAD);
		result.writeBytes(scratch.plain, 0, plain);
		PacketHeader.setCompressed(result, false);
		packet.release();
		return result;
	}

	/** Memory of a thread. */
	private static final class Scratch {

		final byte[] plain = new byte[PacketHeader.MAXIMUM_PAYLOAD];

		final byte[] block = new byte[COMPRESSOR.maxCompressedLength(PacketHeader.MAXIMUM_PAYLOAD)];

	}

}
