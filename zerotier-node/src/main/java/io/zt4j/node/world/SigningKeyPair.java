package io.zt4j.node.world;

import java.security.SecureRandom;
import java.util.Arrays;

import io.zt4j.node.crypto.Agreement;
import io.zt4j.node.crypto.Signatures;

/**
 * A key pair that signs worlds: the 128-byte files {@code previous.c25519} and
 * {@code current.c25519} of the reference's planet tool (VL1 10.6). Immutable.
 */
public final class SigningKeyPair {

	/** Bytes of the file: public key, then private key. */
	public static final int LENGTH = 128;

	private static final int KEY_LENGTH = 64;

	private final byte[] publicKey;

	private final byte[] privateKey;

	private SigningKeyPair(byte[] publicKey, byte[] privateKey) {
		this.publicKey = publicKey;
		this.privateKey = privateKey;
	}

	/**
	 * Generate a key pair.
	 * @param random source of key material
	 * @return the key pair
	 */
	public static SigningKeyPair generate(SecureRandom random) {
		byte[] privateKey = new byte[KEY_LENGTH];
		random.nextBytes(privateKey);
		return new SigningKeyPair(derive(privateKey), privateKey);
	}

	/**
	 * Parse a key pair file.
	 * @param bytes its content
	 * @return the key pair
	 * @throws IllegalArgumentException if it has not 128 bytes, or its halves do not
	 * belong together
	 */
	public static SigningKeyPair parse(byte[] bytes) {
		if (bytes.length != LENGTH) {
			throw new IllegalArgumentException(
					"A signing key pair has 128 bytes (64 public, then 64 private), not " + bytes.length);
		}
		byte[] publicKey = Arrays.copyOf(bytes, KEY_LENGTH);
		byte[] privateKey = Arrays.copyOfRange(bytes, KEY_LENGTH, LENGTH);
		if (!Arrays.equals(publicKey, derive(privateKey))) {
			throw new IllegalArgumentException(
					"The public half of this signing key pair does not belong to its private half");
		}
		return new SigningKeyPair(publicKey, privateKey);
	}

	private static byte[] derive(byte[] privateKey) {
		byte[] publicKey = new byte[KEY_LENGTH];
		Agreement.derivePublicKey(privateKey, publicKey);
		Signatures.derivePublicKey(privateKey, publicKey);
		return publicKey;
	}

	/**
	 * Return the content of the key pair file. Keep it secret.
	 * @return 128 bytes
	 */
	public byte[] toBytes() {
		byte[] bytes = Arrays.copyOf(this.publicKey, LENGTH);
		System.arraycopy(this.privateKey, 0, bytes, KEY_LENGTH, KEY_LENGTH);
		return bytes;
	}

	/**
	 * Return the public key.
	 * @return a copy of its 64 bytes
	 */
	public byte[] publicKey() {
		return this.publicKey.clone();
	}

	byte[] sign(byte[] message) {
		return Signatures.sign(this.privateKey, this.publicKey, message);
	}

	@Override
	public String toString() {
		return "SigningKeyPair[public key ends in " + String.format("%02x%02x", this.publicKey[62], this.publicKey[63])
				+ "]";
	}

}
