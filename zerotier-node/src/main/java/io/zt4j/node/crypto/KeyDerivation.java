package io.zt4j.node.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys derived from a peer key (VL1 2.2).
 */
public final class KeyDerivation {

	/** Bytes of a derived key before it is cut. */
	public static final int LENGTH = 48;

	/** Label of the GMAC key K0. */
	public static final char LABEL_AES_GMAC_SIV_K0 = '0';

	/** Label of the encryption key K1. */
	public static final char LABEL_AES_GMAC_SIV_K1 = '1';

	private static final String ALGORITHM = "HmacSHA384";

	private static final int AES_KEY_LENGTH = 32;

	private static final int MESSAGE_LENGTH = 13;

	private KeyDerivation() {
	}

	/**
	 * Derive an AES-256 key.
	 * @param peerKey the 48-byte peer key
	 * @param label what it is for
	 * @return 32 bytes
	 */
	public static byte[] aesKey(byte[] peerKey, char label) {
		return Arrays.copyOf(kbkdf(peerKey, label, 0, 0), AES_KEY_LENGTH);
	}

	/**
	 * Derive a key with KBKDF in the form of VL1 2.2, over HMAC-SHA384.
	 * @param key the 48-byte peer key
	 * @param label what the result is for, an ASCII character
	 * @param context 0..255, 0 in VL1
	 * @param iteration 0 in VL1
	 * @return 48 bytes
	 */
	public static byte[] kbkdf(byte[] key, char label, int context, int iteration) {
		ByteBuffer message = ByteBuffer.allocate(MESSAGE_LENGTH)
			.putInt(iteration)
			.put((byte) 'Z')
			.put((byte) 'T')
			.put((byte) label)
			.put((byte) 0)
			.put((byte) context)
			.putInt(LENGTH * Byte.SIZE);
		return hmacSha384(key, message.array());
	}

	static byte[] hmacSha384(byte[] key, byte[] message) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(new SecretKeySpec(key, ALGORITHM));
			return mac.doFinal(message);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("This Java platform has no " + ALGORITHM, ex);
		}
	}

}
