package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.credential.Signature;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * One signed piece of a configuration dictionary (VL2 4.1), as OK(NETWORK_CONFIG_REQUEST)
 * and NETWORK_CONFIG carry it.
 */
public final class ConfigChunk {

	/** Data bytes per chunk of the reference controller; a packet just holds them. */
	public static final int MAX_DATA_LENGTH = 9740;

	/** Flag: hand it on to all members. */
	public static final int FAST_PROPAGATE = 0x01;

	private static final int HEADER_LENGTH = 10;

	private static final int TRAILER_LENGTH = 17;

	private static final int SIGNATURE_TYPE = 1;

	private final NetworkId network;

	private final byte[] data;

	private final int flags;

	private final long updateId;

	private final long totalLength;

	private final long index;

	private final byte[] signedPart;

	private final @Nullable Signature signature;

	private ConfigChunk(NetworkId network, byte[] data, int flags, long updateId, long totalLength, long index,
			byte[] signedPart, @Nullable Signature signature) {
		this.network = network;
		this.data = data;
		this.flags = flags;
		this.updateId = updateId;
		this.totalLength = totalLength;
		this.index = index;
		this.signedPart = signedPart;
		this.signature = signature;
	}

	/**
	 * Read a chunk to the end of the payload.
	 * @param in the payload, reader index at the network ID
	 * @param packetId the packet's ID, which stands for the update ID in the legacy form
	 * @return the chunk
	 * @throws MalformedPacketException if the signature is of an unknown kind
	 * @throws IndexOutOfBoundsException if it is cut off
	 */
	public static ConfigChunk read(ByteBuf in, long packetId) {
		int start = in.readerIndex();
		NetworkId network = new NetworkId(in.readLong());
		byte[] data = new byte[in.readUnsignedShort()];
		in.readBytes(data);
		if (!in.isReadable()) {
			return new ConfigChunk(network, data, 0, packetId, data.length, 0, new byte[0], null);
		}
		int flags = in.readUnsignedByte();
		long updateId = in.readLong();
		long totalLength = in.readUnsignedInt();
		long index = in.readUnsignedInt();
		byte[] signedPart = ByteBufUtil.getBytes(in, start, in.readerIndex() - start);
		if (in.readUnsignedByte() != SIGNATURE_TYPE || in.readUnsignedShort() != Signature.LENGTH) {
			throw new MalformedPacketException("configuration chunk with another signature");
		}
		byte[] signature = new byte[Signature.LENGTH];
		in.readBytes(signature);
		return new ConfigChunk(network, data, flags, updateId, totalLength, index, signedPart,
				new Signature(signature));
	}

	/**
	 * Split a dictionary into signed chunks.
	 * @param network the network
	 * @param dictionary the encoded dictionary
	 * @param updateId a random number other than 0
	 * @param flags flag bits
	 * @param controller the signer, with its secret
	 * @return the payloads from the network ID on, in order
	 */
	public static List<byte[]> split(NetworkId network, byte[] dictionary, long updateId, int flags,
			Identity controller) {
		List<byte[]> chunks = new ArrayList<>();
		for (int index = 0; index < dictionary.length; index += MAX_DATA_LENGTH) {
			int length = Math.min(MAX_DATA_LENGTH, dictionary.length - index);
			ByteBuf out = Unpooled.buffer(HEADER_LENGTH + length + TRAILER_LENGTH + 3 + Signature.LENGTH);
			out.writeLong(network.value()).writeShort(length).writeBytes(dictionary, index, length);
			out.writeByte(flags).writeLong(updateId).writeInt(dictionary.length).writeInt(index);
			byte[] signature = controller.sign(ByteBufUtil.getBytes(out));
			out.writeByte(SIGNATURE_TYPE).writeShort(Signature.LENGTH).writeBytes(signature);
			chunks.add(ByteBufUtil.getBytes(out));
		}
		return chunks;
	}

	/**
	 * Check the signature.
	 * @param controller the network's controller
	 * @return true if it signed this chunk
	 */
	public boolean verify(Identity controller) {
		return this.signature != null && this.network.controller().equals(controller.address())
				&& controller.verify(this.signedPart, this.signature.toByteArray());
	}

	/**
	 * Return the network.
	 * @return its ID
	 */
	public NetworkId network() {
		return this.network;
	}

	/**
	 * Return the update this chunk belongs to.
	 * @return the update ID, 0 is not used by controllers
	 */
	public long updateId() {
		return this.updateId;
	}

	/**
	 * Whether this is the old form: a whole configuration without signature, good only
	 * from the controller itself.
	 * @return true if not signed
	 */
	public boolean isLegacy() {
		return this.signature == null;
	}

	/**
	 * Whether the chunk should be handed on to all members.
	 * @return true if the flag is set
	 */
	public boolean isFastPropagate() {
		return (this.flags & FAST_PROPAGATE) != 0;
	}

	byte[] data() {
		return this.data;
	}

	long totalLength() {
		return this.totalLength;
	}

	long index() {
		return this.index;
	}

	/*
	 * Return what tells chunks of one update apart (VL2 4.2).
	 */
	long chunkId() {
		if (this.signature == null) {
			return this.updateId;
		}
		ByteBuf bytes = Unpooled.wrappedBuffer(this.signature.toByteArray());
		return bytes.getLong(0) ^ bytes.getLong(8);
	}

}
