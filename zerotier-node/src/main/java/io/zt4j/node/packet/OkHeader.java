package io.zt4j.node.packet;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What every OK begins with (VL1 8.4).
 *
 * @param inReVerb the verb replied to; null if its number is not in use
 * @param inRePacketId the packet ID replied to, as seen on the wire
 */
public record OkHeader(@Nullable Verb inReVerb, long inRePacketId) {

	/** Bytes on the wire. */
	public static final int LENGTH = 9;

	/**
	 * Read the header.
	 * @param in at packet offset 28; the reader index moves to 37
	 * @return the header
	 */
	public static OkHeader read(ByteBuf in) {
		return new OkHeader(Verb.of(in.readUnsignedByte()), in.readLong());
	}

	/**
	 * Write the header.
	 * @param out where to
	 * @param inReVerb the verb replied to
	 * @param inRePacketId the packet ID replied to
	 */
	public static void write(ByteBuf out, Verb inReVerb, long inRePacketId) {
		out.writeByte(inReVerb.code());
		out.writeLong(inRePacketId);
	}

}
