package io.zt4j.node.identity;

import java.security.SecureRandom;

import io.zt4j.node.crypto.Agreement;
import io.zt4j.node.crypto.Signatures;

/**
 * Makes new identities (VL1 1.4).
 */
public final class IdentityGenerator {

	private IdentityGenerator() {
	}

	/**
	 * Generate an identity with its secret. Takes about 15 tries of 10 to 20 ms, and 2
	 * MiB of memory meanwhile.
	 * @param random source of key material
	 * @return a valid identity
	 */
	public static Identity generate(SecureRandom random) {
		byte[] privateKey = new byte[Identity.PRIVATE_KEY_LENGTH];
		byte[] publicKey = new byte[Identity.PUBLIC_KEY_LENGTH];
		random.nextBytes(privateKey);
		Signatures.derivePublicKey(privateKey, publicKey);
		byte[] scalar = new byte[Agreement.SCALAR_LENGTH];
		AddressDerivation derivation = new AddressDerivation();
		while (true) {
			// only the X25519 half varies from try to try (1.4)
			random.nextBytes(scalar);
			System.arraycopy(scalar, 0, privateKey, 0, scalar.length);
			Agreement.derivePublicKey(privateKey, publicKey);
			Address address = derivation.derive(publicKey);
			if (address != null && !address.isReserved()) {
				return new Identity(address, publicKey, privateKey);
			}
		}
	}

}
