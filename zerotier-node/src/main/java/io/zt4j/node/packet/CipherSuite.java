package io.zt4j.node.packet;

import org.jspecify.annotations.Nullable;

/**
 * The ways a packet may be armored (VL1 4).
 */
public enum CipherSuite {

	/** Suite 0: authenticated in clear text; HELLO always. */
	C25519_POLY1305_NONE,

	/** Suite 1: Salsa20/12 and Poly1305; towards peers of protocol below 12. */
	C25519_POLY1305_SALSA2012,

	/** Suite 2: nothing; only over administratively trusted physical networks. */
	NONE,

	/** Suite 3: AES-GMAC-SIV; towards peers of protocol 12 and up. */
	AES_GMAC_SIV;

	private static final CipherSuite[] VALUES = values();

	/**
	 * Return the number on the wire.
	 * @return 0..3
	 */
	public int code() {
		return ordinal();
	}

	/**
	 * Return the suite of a number.
	 * @param code the number, 0..7
	 * @return the suite, or null if the number is not defined
	 */
	public static @Nullable CipherSuite of(int code) {
		return (code >= 0 && code < VALUES.length) ? VALUES[code] : null;
	}

}
