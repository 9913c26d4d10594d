package io.zt4j.node.crypto;

import java.util.Arrays;

import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/**
 * X25519 key agreement (VL1 2.1). Keys are passed as the 64-byte pairs of an identity, of
 * which the first half is used.
 */
public final class Agreement {

	/** Bytes of a private scalar. */
	public static final int SCALAR_LENGTH = 32;

	/** Bytes of a peer key. */
	public static final int KEY_LENGTH = 48;

	private Agreement() {
	}

	/**
	 * Agree on a peer key.
	 * @param privateKey own private key, unclamped
	 * @param publicKey the other's public key
	 * @return 48 bytes, or null if the public key is of small order
	 */
	public static byte @Nullable [] agree(byte[] privateKey, byte[] publicKey) {
		byte[] raw = x25519(privateKey, publicKey);
		if (isZero(raw)) {
			return null;
		}
		byte[] key = Arrays.copyOf(Digests.sha512().digest(raw), KEY_LENGTH);
		Arrays.fill(raw, (byte) 0);
		return key;
	}

	/**
	 * Derive the first half of a public key.
	 * @param privateKey the private key
	 * @param publicKey where the first 32 bytes are written
	 */
	public static void derivePublicKey(byte[] privateKey, byte[] publicKey) {
		X25519.scalarMultBase(privateKey, 0, publicKey, 0);
	}

	static byte[] x25519(byte[] privateKey, byte[] publicKey) {
		byte[] raw = new byte[SCALAR_LENGTH];
		X25519.scalarMult(privateKey, 0, publicKey, 0, raw, 0);
		return raw;
	}

	private static boolean isZero(byte[] bytes) {
		int bits = 0;
		for (byte b : bytes) {
			bits |= b;
		}
		return bits == 0;
	}

}
