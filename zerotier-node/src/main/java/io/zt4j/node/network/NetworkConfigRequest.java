package io.zt4j.node.network;

import io.netty.buffer.ByteBuf;

/**
 * The payload of NETWORK_CONFIG_REQUEST (VL2 3).
 *
 * @param network the network
 * @param metadata the encoded metadata dictionary
 * @param revision revision of the configuration held, 0 if none
 * @param timestamp timestamp of the configuration held, 0 if none
 */
public record NetworkConfigRequest(NetworkId network, byte[] metadata, long revision, long timestamp) {

	/**
	 * Read a payload. Metadata beyond 1,023 bytes is cut off; what follows the metadata
	 * may be missing.
	 * @param in the payload
	 * @return the request
	 * @throws IndexOutOfBoundsException if it is cut off
	 */
	public static NetworkConfigRequest read(ByteBuf in) {
		NetworkId network = new NetworkId(in.readLong());
		int length = in.readUnsignedShort();
		byte[] metadata = new byte[Math.min(length, Dictionary.METADATA_CAPACITY - 1)];
		in.readBytes(metadata).skipBytes(length - metadata.length);
		long revision = (in.readableBytes() >= 8) ? in.readLong() : 0;
		long timestamp = (in.readableBytes() >= 8) ? in.readLong() : 0;
		return new NetworkConfigRequest(network, metadata, revision, timestamp);
	}

	/**
	 * Write the payload.
	 * @param out the buffer
	 */
	public void write(ByteBuf out) {
		out.writeLong(this.network.value()).writeShort(this.metadata.length).writeBytes(this.metadata);
		out.writeLong(this.revision).writeLong(this.timestamp);
	}

}
