package io.zt4j.node.packet;

import io.netty.buffer.ByteBuf;

/**
 * Payload of USER_MESSAGE (VL1 8.11).
 *
 * @param type message type; numbers up to 65535 are reserved by ZeroTier
 * @param data the message; copied neither in nor out
 */
public record UserMessage(long type, byte[] data) {

	/**
	 * Read the payload.
	 * @param in at packet offset 28
	 * @return the message
	 */
	public static UserMessage read(ByteBuf in) {
		long type = in.readLong();
		byte[] data = new byte[in.readableBytes()];
		in.readBytes(data);
		return new UserMessage(type, data);
	}

	/**
	 * Write the payload.
	 * @param out where to
	 */
	public void write(ByteBuf out) {
		out.writeLong(this.type);
		out.writeBytes(this.data);
	}

}
