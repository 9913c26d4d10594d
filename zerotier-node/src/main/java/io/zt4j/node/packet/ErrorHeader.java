package io.zt4j.node.packet;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What every ERROR begins with (VL1 8.3).
 *
 * @param inReVerb the verb replied to; null if its number is not in use
 * @param inRePacketId the packet ID replied to, as seen on the wire
 * @param code the error; null if its number is not in use
 */
public record ErrorHeader(@Nullable Verb inReVerb, long inRePacketId, @Nullable ErrorCode code) {

	/** Bytes on the wire. */
	public static final int LENGTH = 10;

	/**
	 * Read the header.
	 * @param in at packet offset 28; the reader index moves to 38
	 * @return the header
	 */
	public static ErrorHeader read(ByteBuf in) {
		return new ErrorHeader(Verb.of(in.readUnsignedByte()), in.readLong(), ErrorCode.of(in.readUnsignedByte()));
	}

	/**
	 * Write the header.
	 * @param out where to
	 * @param inReVerb the verb replied to
	 * @param inRePacketId the packet ID replied to
	 * @param code the error
	 */
	public static void write(ByteBuf out, Verb inReVerb, long inRePacketId, ErrorCode code) {
		out.writeByte(inReVerb.code());
		out.writeLong(inRePacketId);
		out.writeByte(code.code());
	}

}
