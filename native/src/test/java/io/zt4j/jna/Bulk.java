package io.zt4j.jna;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** A stream of bytes anyone can make and check. */
final class Bulk {

	static final int CHUNK = 64 << 10;

	private Bulk() {
	}

	/** Return the next chunk of the stream of this random source. */
	static byte[] chunk(SplittableRandom random, long remaining) {
		byte[] chunk = new byte[(int) Math.min(CHUNK, remaining)];
		random.nextBytes(chunk);
		return chunk;
	}

	static String digest(long seed, long length) {
		MessageDigest digest = sha256();
		SplittableRandom random = new SplittableRandom(seed);
		for (long left = length; left > 0;) {
			byte[] chunk = chunk(random, left);
			digest.update(chunk);
			left -= chunk.length;
		}
		return hex(digest);
	}

	static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static String hex(MessageDigest digest) {
		return HexFormat.of().formatHex(digest.digest());
	}

}
