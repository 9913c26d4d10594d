package io.zt4j.node.peer;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Draws packet IDs from a secure generator, many at a time (VL1 3.3).
 */
final class PacketIds {

	private final SecureRandom random;

	private final byte[] bytes = new byte[2048];

	private final ByteBuffer pool = ByteBuffer.wrap(this.bytes).limit(0);

	PacketIds(SecureRandom random) {
		this.random = random;
	}

	long next() {
		if (this.pool.remaining() < Long.BYTES) {
			this.random.nextBytes(this.bytes);
			this.pool.clear();
		}
		return this.pool.getLong();
	}

}
