package io.zt4j.stack.tcp;

/**
 * SipHash-2-4, a keyed hash for short messages, here of whole 64-bit words. Not for more
 * than one thread.
 */
final class SipHash {

	private final long key0;

	private final long key1;

	private long v0;

	private long v1;

	private long v2;

	private long v3;

	private int words;

	SipHash(long key0, long key1) {
		this.key0 = key0;
		this.key1 = key1;
	}

	SipHash begin() {
		this.v0 = this.key0 ^ 0x736f6d6570736575L;
		this.v1 = this.key1 ^ 0x646f72616e646f6dL;
		this.v2 = this.key0 ^ 0x6c7967656e657261L;
		this.v3 = this.key1 ^ 0x7465646279746573L;
		this.words = 0;
		return this;
	}

	SipHash add(long word) {
		this.words++;
		compress(word);
		return this;
	}

	/**
	 * End the message.
	 * @return its hash
	 */
	long end() {
		// the last word is the length in bytes, modulo 256, in the highest byte
		compress((long) this.words << 59);
		this.v2 ^= 0xff;
		for (int i = 0; i < 4; i++) {
			round();
		}
		return this.v0 ^ this.v1 ^ this.v2 ^ this.v3;
	}

	private void compress(long word) {
		this.v3 ^= word;
		round();
		round();
		this.v0 ^= word;
	}

	private void round() {
		this.v0 += this.v1;
		this.v1 = Long.rotateLeft(this.v1, 13) ^ this.v0;
		this.v0 = Long.rotateLeft(this.v0, 32);
		this.v2 += this.v3;
		this.v3 = Long.rotateLeft(this.v3, 16) ^ this.v2;
		this.v0 += this.v3;
		this.v3 = Long.rotateLeft(this.v3, 21) ^ this.v0;
		this.v2 += this.v1;
		this.v1 = Long.rotateLeft(this.v1, 17) ^ this.v2;
		this.v2 = Long.rotateLeft(this.v2, 32);
	}

}
