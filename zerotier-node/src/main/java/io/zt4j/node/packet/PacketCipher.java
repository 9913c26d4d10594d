package io.zt4j.node.packet;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.crypto.AesGmacSiv;
import io.zt4j.node.crypto.KeyDerivation;
import io.zt4j.node.crypto.Salsa20;
import io.zt4j.node.crypto.Salsa20Poly1305;
import org.jspecify.annotations.Nullable;

/**
 * Armors and dearmors the packets between this node and one peer (VL1 4), in place.
 * Confined to the node's event loop.
 */
public final class PacketCipher {

	/** Bytes of a peer key. */
	public static final int KEY_LENGTH = 48;

	private static final int TAIL_ROUNDS = 12;

	private static final int TAIL_NONCE_MASK = 0xf8;

	private static final int AUTHENTICATED_FLAGS = 0xf8;

	private static final int AAD_LENGTH = 11;

	private final byte[] key;

	private final byte[] mangled;

	private final byte[] aad = new byte[AAD_LENGTH];

	private final Salsa20Poly1305 salsa = new Salsa20Poly1305();

	private @Nullable AesGmacSiv aes;

	/**
	 * Create the cipher of one peer.
	 * @param peerKey the 48-byte key of {@code Identity.agree}; copied
	 */
	public PacketCipher(byte[] peerKey) {
		if (peerKey.length != KEY_LENGTH) {
			throw new IllegalArgumentException("A peer key has 48 bytes, not " + peerKey.length);
		}
		this.key = peerKey.clone();
		this.mangled = Arrays.copyOf(peerKey, Salsa20.KEY_LENGTH);
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
		int length = packet.readableBytes();
		if (length < PacketHeader.MINIMUM_LENGTH || length > PacketHeader.MAXIMUM_LENGTH) {
			throw new IllegalArgumentException("A packet has 28 to 10024 bytes, not " + length);
		}
		PacketHeader.setCipher(packet, suite);
		int start = packet.readerIndex();
		int envelope = start + PacketHeader.VERB;
		int envelopeLength = length - PacketHeader.VERB;
		switch (suite) {
			case C25519_POLY1305_NONE, C25519_POLY1305_SALSA2012 -> {
				begin(packet);
				if (suite == CipherSuite.C25519_POLY1305_SALSA2012) {
					this.salsa.cipher(packet, envelope, envelopeLength);
				}
				packet.setLong(start + PacketHeader.MAC, this.salsa.mac(packet, envelope, envelopeLength));
			}
			case AES_GMAC_SIV -> {
				AesGmacSiv siv = aes();
				siv.encrypt(additionalData(packet), PacketHeader.packetId(packet), packet, envelope, envelopeLength);
				packet.setLong(start + PacketHeader.PACKET_ID, siv.tagHigh());
				packet.setLong(start + PacketHeader.MAC, siv.tagLow());
			}
			case NONE -> throw new IllegalArgumentException(
					"A packet on a trusted path is not armored; call PacketHeader.setTrustedPath instead");
		}
	}

	/**
	 * Authenticate and decrypt a packet, in place. The header, including packet ID and
	 * flags, stays as received.
	 * @param packet the packet from reader to writer index, reassembled
	 * @return false if it is not authentic, too short or long, or of a suite without
	 * authentication; the packet is then unchanged
	 */
	public boolean dearmor(ByteBuf packet) {
		int length = packet.readableBytes();
		if (length < PacketHeader.MINIMUM_LENGTH || length > PacketHeader.MAXIMUM_LENGTH) {
			return false;
		}
		CipherSuite suite = PacketHeader.cipherSuite(packet);
		if (suite == null || suite == CipherSuite.NONE) {
			return false;
		}
		int start = packet.readerIndex();
		int envelope = start + PacketHeader.VERB;
		int envelopeLength = length - PacketHeader.VERB;
		long mac = packet.getLong(start + PacketHeader.MAC);
		if (suite == CipherSuite.AES_GMAC_SIV) {
			return aes().decrypt(additionalData(packet), PacketHeader.packetId(packet), mac, packet, envelope,
					envelopeLength);
		}
		begin(packet);
		// one comparison of 64-bit words takes the same time whatever they hold
		if ((this.salsa.mac(packet, envelope, envelopeLength) ^ mac) != 0) {
			return false;
		}
		if (suite == CipherSuite.C25519_POLY1305_SALSA2012) {
			this.salsa.cipher(packet, envelope, envelopeLength);
		}
		return true;
	}

	/**
	 * Encipher or decipher the tail of a HELLO, in place (VL1 8.2): a sender does so
	 * before {@link #armor}, a receiver after {@link #dearmor}.
	 * @param packet the packet
	 * @param tailOffset packet offset where the tail begins, from {@link Hello#write} or
	 * {@link Hello#tailOffset}
	 */
	public void cipherHelloTail(ByteBuf packet, int tailOffset) {
		Salsa20 tail = new Salsa20(TAIL_ROUNDS);
		tail.key(this.key, 0);
		long nonce = packet.getLongLE(packet.readerIndex() + PacketHeader.PACKET_ID);
		// byte 7 of the nonce is the most significant of the little-endian number
		tail.nonce(nonce & ((long) TAIL_NONCE_MASK << 56 | 0x00ff_ffff_ffff_ffffL));
		tail.xor(packet, packet.readerIndex() + tailOffset, packet.readableBytes() - tailOffset);
	}

	// The key of a packet is the peer key XOR what the header says (4.1)
	private void begin(ByteBuf packet) {
		int start = packet.readerIndex();
		int length = packet.readableBytes();
		for (int i = 0; i < PacketHeader.FLAGS; i++) {
			this.mangled[i] = (byte) (this.key[i] ^ packet.getByte(start + i));
		}
		this.mangled[18] = (byte) (this.key[18] ^ (PacketHeader.flags(packet) & AUTHENTICATED_FLAGS));
		this.mangled[19] = (byte) (this.key[19] ^ length);
		this.mangled[20] = (byte) (this.key[20] ^ length >>> 8);
		this.salsa.begin(this.mangled, packet.getLongLE(start + PacketHeader.PACKET_ID));
	}

	private byte[] additionalData(ByteBuf packet) {
		packet.getBytes(packet.readerIndex() + PacketHeader.DESTINATION, this.aad);
		this.aad[AAD_LENGTH - 1] &= (byte) AUTHENTICATED_FLAGS;
		return this.aad;
	}

	private AesGmacSiv aes() {
		AesGmacSiv siv = this.aes;
		if (siv == null) {
			siv = new AesGmacSiv(KeyDerivation.aesKey(this.key, KeyDerivation.LABEL_AES_GMAC_SIV_K0),
					KeyDerivation.aesKey(this.key, KeyDerivation.LABEL_AES_GMAC_SIV_K1));
			this.aes = siv;
		}
		return siv;
	}

}
