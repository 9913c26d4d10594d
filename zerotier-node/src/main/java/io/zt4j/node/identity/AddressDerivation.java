package io.zt4j.node.identity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import io.zt4j.node.crypto.Digests;
import io.zt4j.node.crypto.Salsa20;
import org.jspecify.annotations.Nullable;

/**
 * The memory-hard function from public keys to addresses (VL1 1.3). Holds its 2 MiB of
 * memory from call to call; not thread-safe.
 */
final class AddressDerivation {

	static final int DIGEST_LENGTH = 64;

	private static final int MEMORY = 1 << 21;

	private static final int WORDS = MEMORY / Long.BYTES;

	static final int ITERATIONS = WORDS / 2;

	private static final int BLOCK_WORDS = 8;

	private static final int HASHCASH_LIMIT = 17;

	private static final int ROUNDS = 20;

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	// little-endian words, as the cipher makes them; byte order matters for indexes only
	private final long[] memory = new long[WORDS];

	/**
	 * Derive the address of a public key.
	 * @param publicKey 64 bytes
	 * @return the address, possibly reserved; null if the key fails the hashcash
	 * condition
	 */
	@Nullable Address derive(byte[] publicKey) {
		byte[] digest = digest(publicKey);
		if ((digest[0] & 0xff) >= HASHCASH_LIMIT) {
			return null;
		}
		long address = 0;
		for (int i = DIGEST_LENGTH - Address.LENGTH; i < DIGEST_LENGTH; i++) {
			address = address << 8 | digest[i] & 0xff;
		}
		return new Address(address);
	}

	byte[] digest(byte[] publicKey) {
		byte[] hash = Digests.sha512().digest(publicKey);
		Salsa20 salsa = new Salsa20(ROUNDS);
		salsa.key(hash, 0);
		salsa.nonce((long) LONG.get(hash, Salsa20.KEY_LENGTH));
		fill(salsa);
		long[] digest = new long[BLOCK_WORDS];
		for (int i = 0; i < BLOCK_WORDS; i++) {
			digest[i] = (long) LONG.get(hash, i * Long.BYTES);
		}
		mix(salsa, digest, 0, ITERATIONS);
		for (int i = 0; i < BLOCK_WORDS; i++) {
			LONG.set(hash, i * Long.BYTES, digest[i]);
		}
		return hash;
	}

	// step 3: each block is the one before XOR keystream
	void fill(Salsa20 salsa) {
		long[] g = this.memory;
		salsa.nextBlock(g, 0);
		for (int i = BLOCK_WORDS; i < WORDS; i += BLOCK_WORDS) {
			salsa.nextBlock(g, i);
			for (int j = i; j < i + BLOCK_WORDS; j++) {
				g[j] ^= g[j - BLOCK_WORDS];
			}
		}
	}

	// step 4: words swap places, indexed by words read big-endian
	void mix(Salsa20 salsa, long[] digest, int from, int to) {
		long[] g = this.memory;
		long[] block = new long[BLOCK_WORDS];
		for (int i = 2 * from; i < 2 * to; i += 2) {
			int a = (int) (Long.reverseBytes(g[i]) & (BLOCK_WORDS - 1));
			int b = (int) (Long.reverseBytes(g[i + 1]) & (WORDS - 1));
			long swapped = g[b];
			g[b] = digest[a];
			digest[a] = swapped;
			salsa.nextBlock(block, 0);
			for (int j = 0; j < BLOCK_WORDS; j++) {
				digest[j] ^= block[j];
			}
		}
	}

	long[] memory() {
		return this.memory;
	}

}
