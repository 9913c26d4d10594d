package io.zt4j.node.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Ed25519 signatures in the form of VL1 2.3: 64 bytes of signature over the first half of
 * SHA-512 of the message, then that half. Keys are passed as the 64-byte pairs of an
 * identity, of which the second half is used.
 */
public final class Signatures {

	/** Bytes of a signature. */
	public static final int LENGTH = 96;

	private static final int OFFSET = 32;

	private static final int DIGEST_LENGTH = 32;

	private Signatures() {
	}

	/**
	 * Sign a message.
	 * @param privateKey the private key
	 * @param publicKey the public key that belongs to it
	 * @param message the message
	 * @return 96 bytes
	 */
	public static byte[] sign(byte[] privateKey, byte[] publicKey, byte[] message) {
		byte[] digest = digest(message);
		byte[] signature = new byte[LENGTH];
		Ed25519.sign(privateKey, OFFSET, publicKey, OFFSET, digest, 0, DIGEST_LENGTH, signature, 0);
		System.arraycopy(digest, 0, signature, Ed25519.SIGNATURE_SIZE, DIGEST_LENGTH);
		return signature;
	}

	/**
	 * Verify a signature.
	 * @param publicKey the public key
	 * @param message the message
	 * @param signature the signature, of any length
	 * @return true if it is genuine
	 */
	public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
		if (signature.length != LENGTH) {
			return false;
		}
		byte[] digest = digest(message);
		return MessageDigest.isEqual(digest, Arrays.copyOfRange(signature, Ed25519.SIGNATURE_SIZE, LENGTH))
				&& Ed25519.verify(signature, 0, publicKey, OFFSET, digest, 0, DIGEST_LENGTH);
	}

	/**
	 * Derive the second half of a public key.
	 * @param privateKey the private key
	 * @param publicKey where bytes 32 to 63 are written
	 */
	public static void derivePublicKey(byte[] privateKey, byte[] publicKey) {
		Ed25519.generatePublicKey(privateKey, OFFSET, publicKey, OFFSET);
	}

	private static byte[] digest(byte[] message) {
		return Arrays.copyOf(Digests.sha512().digest(message), DIGEST_LENGTH);
	}

}
