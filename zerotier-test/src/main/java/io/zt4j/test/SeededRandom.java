package io.zt4j.test;

import java.io.Serial;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * A {@link SecureRandom} that is not secure but repeatable: for tests, which can then be
 * run again with the same seed.
 */
public final class SeededRandom extends SecureRandom {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient SplittableRandom random;

	/**
	 * Create a generator.
	 * @param seed equal seeds give equal numbers
	 */
	public SeededRandom(long seed) {
		this.random = new SplittableRandom(seed);
	}

	@Override
	public synchronized void nextBytes(byte[] bytes) {
		this.random.nextBytes(bytes);
	}

	@Override
	public byte[] generateSeed(int length) {
		byte[] bytes = new byte[length];
		nextBytes(bytes);
		return bytes;
	}

	@Override
	public int nextInt() {
		return this.random.nextInt();
	}

	@Override
	public long nextLong() {
		return this.random.nextLong();
	}

}
