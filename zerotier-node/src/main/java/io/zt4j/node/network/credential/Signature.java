package io.zt4j.node.network.credential;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * A signature over a credential (VL1 2.3, VL2 7.1). Immutable.
 */
public final class Signature {

	/** Bytes of a signature. */
	public static final int LENGTH = 96;

	/** Bytes of a signature block: type, length, signature. */
	static final int BLOCK_LENGTH = 3 + LENGTH;

	private static final int TYPE = 1;

	private final byte[] bytes;

	/**
	 * Make a signature.
	 * @param bytes 96 bytes, copied
	 */
	public Signature(byte[] bytes) {
		if (bytes.length != LENGTH) {
			throw new IllegalArgumentException("A signature has 96 bytes, not " + bytes.length);
		}
		this.bytes = bytes.clone();
	}

	/*
	 * Read the bare 96 bytes.
	 */
	static Signature readRaw(ByteBuf in) {
		byte[] bytes = new byte[LENGTH];
		in.readBytes(bytes);
		return new Signature(bytes);
	}

	/*
	 * Read a signature block; one of an unknown type is skipped and gives null.
	 */
	static @Nullable Signature readBlock(ByteBuf in) {
		int type = in.readUnsignedByte();
		int length = in.readUnsignedShort();
		if (type != TYPE) {
			in.skipBytes(length);
			return null;
		}
		if (length != LENGTH) {
			throw new MalformedPacketException("signature of " + length + " bytes");
		}
		return readRaw(in);
	}

	/*
	 * Write a signature block; an absent signature becomes zeros, which never verify.
	 */
	static void writeBlock(ByteBuf out, @Nullable Signature signature) {
		out.writeByte(TYPE).writeShort(LENGTH);
		writeRaw(out, signature);
	}

	static void writeRaw(ByteBuf out, @Nullable Signature signature) {
		if (signature != null) {
			out.writeBytes(signature.bytes);
		}
		else {
			out.writeZero(LENGTH);
		}
	}

	/**
	 * Return the signature.
	 * @return a copy of the 96 bytes
	 */
	public byte[] toByteArray() {
		return this.bytes.clone();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Signature that && Arrays.equals(this.bytes, that.bytes);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.bytes);
	}

	@Override
	public String toString() {
		return ByteBufUtil.hexDump(this.bytes, 0, 8) + "…";
	}

}
