package io.zt4j.node.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hash functions of VL1; every Java platform has them.
 */
public final class Digests {

	private Digests() {
	}

	/**
	 * Return a new SHA-512.
	 * @return the digest
	 */
	public static MessageDigest sha512() {
		return digest("SHA-512");
	}

	/**
	 * Return a new SHA-384.
	 * @return the digest
	 */
	public static MessageDigest sha384() {
		return digest("SHA-384");
	}

	private static MessageDigest digest(String algorithm) {
		try {
			return MessageDigest.getInstance(algorithm);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This Java platform has no " + algorithm, ex);
		}
	}

}
