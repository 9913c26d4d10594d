package io.zt4j.node.packet;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import org.jspecify.annotations.Nullable;

/**
 * The 28-byte header of a VL1 packet (VL1 3), read and written in place. A packet begins
 * at the reader index of its buffer and ends at the writer index; every offset here
 * counts from the reader index, which no method moves.
 */
public final class PacketHeader {

	/** Offset of the packet ID, 8 bytes. */
	public static final int PACKET_ID = 0;

	/** Offset of the destination address, 5 bytes. */
	public static final int DESTINATION = 8;

	/** Offset of the source address, 5 bytes. */
	public static final int SOURCE = 13;

	/** Offset of the flags, cipher and hops byte. */
	public static final int FLAGS = 18;

	/** Offset of the MAC (or trusted path ID), 8 bytes. */
	public static final int MAC = 19;

	/** Offset of the verb byte, the first byte of the encrypted envelope. */
	public static final int VERB = 27;

	/** Offset of the payload. */
	public static final int PAYLOAD = 28;

	/** Bytes of the shortest packet: a header with its verb and no payload. */
	public static final int MINIMUM_LENGTH = 28;

	/** Bytes of the largest packet a receiver buffers (VL1 3.4). */
	public static final int MAXIMUM_LENGTH = 10_024;

	/** Bytes of the largest payload, also after decompression (VL1 5). */
	public static final int MAXIMUM_PAYLOAD = MAXIMUM_LENGTH - PAYLOAD;

	/** Most hops a relay adds (VL1 11.4). */
	public static final int MAXIMUM_RELAY_HOPS = 3;

	static final int LEGACY_ENCRYPTED_FLAG = 0x80;

	static final int FRAGMENTED_FLAG = 0x40;

	static final int CIPHER_MASK = 0x38;

	static final int HOPS_MASK = 0x07;

	static final int COMPRESSED_FLAG = 0x80;

	private static final int VERB_MASK = 0x1f;

	private PacketHeader() {
	}

	/**
	 * Fill in the header of a packet that is not armored yet: no flags, no hops, no MAC.
	 * The buffer must hold 28 bytes from its reader index; the writer index stays.
	 * @param packet the packet
	 * @param packetId a fresh random ID
	 * @param destination where to
	 * @param source this node
	 * @param verb the verb
	 */
	public static void set(ByteBuf packet, long packetId, Address destination, Address source, Verb verb) {
		int index = packet.readerIndex();
		packet.setLong(index + PACKET_ID, packetId);
		setAddress(packet, index + DESTINATION, destination.value());
		setAddress(packet, index + SOURCE, source.value());
		packet.setByte(index + FLAGS, 0);
		packet.setLong(index + MAC, 0);
		packet.setByte(index + VERB, verb.code());
	}

	private static void setAddress(ByteBuf packet, int index, long address) {
		packet.setByte(index, (int) (address >>> 32));
		packet.setInt(index + 1, (int) address);
	}

	/**
	 * Return the packet ID.
	 * @param packet the packet
	 * @return the ID as it is on the wire now
	 */
	public static long packetId(ByteBuf packet) {
		return packet.getLong(packet.readerIndex() + PACKET_ID);
	}

	/**
	 * Return the destination.
	 * @param packet the packet
	 * @return the address, possibly reserved
	 */
	public static Address destination(ByteBuf packet) {
		return Address.get(packet, packet.readerIndex() + DESTINATION);
	}

	/**
	 * Return the destination without creating an object.
	 * @param packet the packet
	 * @return the address as an unsigned 40-bit integer
	 */
	public static long destinationValue(ByteBuf packet) {
		return address(packet, packet.readerIndex() + DESTINATION);
	}

	/**
	 * Return the source.
	 * @param packet the packet, not a fragment
	 * @return the address, possibly reserved
	 */
	public static Address source(ByteBuf packet) {
		return Address.get(packet, packet.readerIndex() + SOURCE);
	}

	/**
	 * Return the source without creating an object.
	 * @param packet the packet, not a fragment
	 * @return the address as an unsigned 40-bit integer
	 */
	public static long sourceValue(ByteBuf packet) {
		return address(packet, packet.readerIndex() + SOURCE);
	}

	private static long address(ByteBuf packet, int index) {
		return (long) packet.getUnsignedByte(index) << 32 | packet.getUnsignedInt(index + 1);
	}

	/**
	 * Return the flags, cipher and hops byte.
	 * @param packet the packet
	 * @return 0..255
	 */
	public static int flags(ByteBuf packet) {
		return packet.getUnsignedByte(packet.readerIndex() + FLAGS);
	}

	/**
	 * Return the cipher suite.
	 * @param packet the packet
	 * @return the suite, or null for the undefined numbers 4 to 7
	 */
	public static @Nullable CipherSuite cipherSuite(ByteBuf packet) {
		return CipherSuite.of((flags(packet) & CIPHER_MASK) >> 3);
	}

	/**
	 * Return how many relays the packet crossed.
	 * @param packet the packet
	 * @return 0..7
	 */
	public static int hops(ByteBuf packet) {
		return flags(packet) & HOPS_MASK;
	}

	/**
	 * Add one hop, as a relay does; no MAC covers the hops (VL1 11.4).
	 * @param packet the packet, of fewer than 7 hops
	 */
	public static void incrementHops(ByteBuf packet) {
		int flags = flags(packet);
		packet.setByte(packet.readerIndex() + FLAGS, (flags & ~HOPS_MASK) | ((flags + 1) & HOPS_MASK));
	}

	/**
	 * Whether more datagrams belong to this packet.
	 * @param packet the packet
	 * @return true if it is the head of a fragmented packet
	 */
	public static boolean isFragmented(ByteBuf packet) {
		return (flags(packet) & FRAGMENTED_FLAG) != 0;
	}

	/**
	 * Set or clear the fragmented flag; the MAC covers it, so this comes before armoring
	 * (VL1 6).
	 * @param packet the packet
	 * @param fragmented whether the packet will be cut
	 */
	public static void setFragmented(ByteBuf packet, boolean fragmented) {
		int flags = flags(packet);
		packet.setByte(packet.readerIndex() + FLAGS, fragmented ? flags | FRAGMENTED_FLAG : flags & ~FRAGMENTED_FLAG);
	}

	/**
	 * Make a packet of cipher suite 2 in place of armoring it (VL1 4.3).
	 * @param packet the packet
	 * @param trustedPathId the non-zero ID of the trusted physical network
	 */
	public static void setTrustedPath(ByteBuf packet, long trustedPathId) {
		setCipher(packet, CipherSuite.NONE);
		packet.setLong(packet.readerIndex() + MAC, trustedPathId);
	}

	/**
	 * Return the trusted path ID of a packet of cipher suite 2, otherwise the MAC.
	 * @param packet the packet
	 * @return the 64 bits of the MAC field
	 */
	public static long trustedPathId(ByteBuf packet) {
		return packet.getLong(packet.readerIndex() + MAC);
	}

	// The legacy flag is inside the MAC: set with suite 1, clear with all others (3.1)
	static void setCipher(ByteBuf packet, CipherSuite suite) {
		int flags = flags(packet) & (FRAGMENTED_FLAG | HOPS_MASK) | suite.code() << 3;
		if (suite == CipherSuite.C25519_POLY1305_SALSA2012) {
			flags |= LEGACY_ENCRYPTED_FLAG;
		}
		packet.setByte(packet.readerIndex() + FLAGS, flags);
	}

	/**
	 * Return the verb of a packet in clear text.
	 * @param packet the packet
	 * @return the verb, or null if the number is not in use
	 */
	public static @Nullable Verb verb(ByteBuf packet) {
		return Verb.of(packet.getByte(packet.readerIndex() + VERB) & VERB_MASK);
	}

	/**
	 * Whether the payload of a packet in clear text is compressed.
	 * @param packet the packet
	 * @return true if {@link Lz4#decompress} has work to do
	 */
	public static boolean isCompressed(ByteBuf packet) {
		return (packet.getByte(packet.readerIndex() + VERB) & COMPRESSED_FLAG) != 0;
	}

	static void setCompressed(ByteBuf packet, boolean compressed) {
		int index = packet.readerIndex() + VERB;
		int verb = packet.getUnsignedByte(index);
		packet.setByte(index, compressed ? verb | COMPRESSED_FLAG : verb & ~COMPRESSED_FLAG);
	}

}
