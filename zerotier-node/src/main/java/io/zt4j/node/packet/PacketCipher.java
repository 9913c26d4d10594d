package io.zt4j.node.packet;

import io.netty.buffer.ByteBuf;

/**
 * Armors and dearmors the packets between this node and one peer (VL1 4), in place.
 * Confined to the node's event loop.
 */
public final class PacketCipher {

	/** Bytes of a peer key. */
	public static final int KEY_LENGTH = 48;

	/**
	 * Create the cipher of one peer.
	 * @param peerKey the 48-byte key of {@code Identity.agree}; copied
	 */
	public PacketCipher(byte[] peerKey) {
	}

	/**
	 * Encrypt (unless the suite does not) and authenticate a packet, in place. Its header
	 * is complete: ID, addresses, fragmented flag, verb. Sets the cipher bits and the
	 * MAC. With {@link CipherSuite#AES_GMAC_SIV} the packet ID changes, so whoever
	 * expects a reply reads it afterwards.
	 * @param packet the packet from reader to writer index, 28..10,024 bytes
	 * @param suite the suite; for {@link CipherSuite#NONE} see
	 * {@link PacketHeader#setTrustedPath}
	 */
	public void armor(ByteBuf packet, CipherSuite suite) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Authenticate and decrypt a packet, in place. The header, including packet ID and
	 * flags, stays as received.
	 * @param packet the packet from reader to writer index, reassembled
	 * @return false if it is not authentic, too short or of a suite without
	 * authentication; its envelope is then undefined and must not be used
	 */
	public boolean dearmor(ByteBuf packet) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Encipher or decipher the tail of a HELLO, in place (VL1 8.2): a sender does so
	 * before {@link #armor}, a receiver after {@link #dearmor}.
	 * @param packet the packet
	 * @param tailOffset packet offset where the tail begins, from {@link Hello#write} or
	 * {@link Hello#tailOffset}
	 */
	public void cipherHelloTail(ByteBuf packet, int tailOffset) {
		throw new UnsupportedOperationException();
	}

}
