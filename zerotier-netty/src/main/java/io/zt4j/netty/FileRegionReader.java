package io.zt4j.netty;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.FileRegion;

/**
 * Copies a part of a {@link FileRegion} into a buffer: there is no kernel socket the file
 * could be spliced to.
 */
final class FileRegionReader implements WritableByteChannel {

	private final ByteBuf buffer;

	private FileRegionReader(ByteBuf buffer) {
		this.buffer = buffer;
	}

	/**
	 * Transfer the next bytes of a region.
	 * @param region the region, not yet transferred whole
	 * @param limit greatest number of bytes
	 * @param allocator makes the buffer
	 * @return the bytes, at least one, owned by the caller
	 * @throws IOException if the file cannot be read or is shorter than the region
	 */
	static ByteBuf read(FileRegion region, int limit, ByteBufAllocator allocator) throws IOException {
		int length = (int) Math.min(limit, region.count() - region.transferred());
		ByteBuf buffer = allocator.ioBuffer(length, length);
		try {
			region.transferTo(new FileRegionReader(buffer), region.transferred());
			if (!buffer.isReadable()) {
				throw new EOFException("Underlying file ended after " + region.transferred() + " of " + region.count()
						+ " bytes to be transferred");
			}
			return buffer;
		}
		catch (IOException | RuntimeException ex) {
			buffer.release();
			throw ex;
		}
	}

	@Override
	public int write(ByteBuffer source) {
		int length = Math.min(source.remaining(), this.buffer.writableBytes());
		if (length < source.remaining()) {
			int end = source.limit();
			source.limit(source.position() + length);
			this.buffer.writeBytes(source);
			source.limit(end);
		}
		else {
			this.buffer.writeBytes(source);
		}
		return length;
	}

	@Override
	public boolean isOpen() {
		return true;
	}

	@Override
	public void close() {
	}

}
