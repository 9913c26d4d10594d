package io.zt4j.node.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import io.netty.buffer.ByteBuf;

/**
 * The Salsa20 stream cipher with a 256-bit key and 12 or 20 rounds (VL1 0). Reusable: key
 * and nonce may be set again at any time. Not thread-safe.
 */
public final class Salsa20 {

	/** Bytes of a key. */
	public static final int KEY_LENGTH = 32;

	/** Bytes of a block of keystream. */
	public static final int BLOCK_LENGTH = 64;

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

	// "expand 32-byte k"
	private static final int C0 = 0x61707865;

	private static final int C5 = 0x3320646e;

	private static final int C10 = 0x79622d32;

	private static final int C15 = 0x6b206574;

	private final int doubleRounds;

	private final int[] key = new int[8];

	private final long[] block = new long[8];

	private int nonceLow;

	private int nonceHigh;

	private long counter;

	/**
	 * Create a cipher without a key.
	 * @param rounds an even number, 12 or 20 in VL1
	 */
	public Salsa20(int rounds) {
		this.doubleRounds = rounds / 2;
	}

	/**
	 * Set the key.
	 * @param bytes where it is
	 * @param offset index of the first of its 32 bytes
	 */
	public void key(byte[] bytes, int offset) {
		for (int i = 0; i < this.key.length; i++) {
			this.key[i] = (int) INT.get(bytes, offset + i * Integer.BYTES);
		}
	}

	/**
	 * Set the nonce and go to the beginning of its keystream.
	 * @param nonce the eight bytes of the nonce as a little-endian number
	 */
	public void nonce(long nonce) {
		this.nonceLow = (int) nonce;
		this.nonceHigh = (int) (nonce >>> 32);
		this.counter = 0;
	}

	/**
	 * XOR part of a buffer with keystream from the next block on; what is left of the
	 * last block is discarded.
	 * @param buffer the buffer
	 * @param index where to begin
	 * @param length how many bytes
	 */
	public void xor(ByteBuf buffer, int index, int length) {
		long[] keystream = this.block;
		int position = index;
		int end = index + length;
		while (position < end) {
			nextBlock(keystream, 0);
			for (int i = 0; i < keystream.length && position < end; i++) {
				if (end - position >= Long.BYTES) {
					buffer.setLongLE(position, buffer.getLongLE(position) ^ keystream[i]);
					position += Long.BYTES;
				}
				else {
					for (long word = keystream[i]; position < end; word >>>= 8) {
						buffer.setByte(position, buffer.getByte(position) ^ (int) word);
						position++;
					}
				}
			}
		}
	}

	/**
	 * Make the next block of keystream.
	 * @param out where eight little-endian words are written
	 * @param offset index of the first
	 */
	public void nextBlock(long[] out, int offset) {
		int[] k = this.key;
		int counterLow = (int) this.counter;
		int counterHigh = (int) (this.counter >>> 32);
		int x0 = C0;
		int x1 = k[0];
		int x2 = k[1];
		int x3 = k[2];
		int x4 = k[3];
		int x5 = C5;
		int x6 = this.nonceLow;
		int x7 = this.nonceHigh;
		int x8 = counterLow;
		int x9 = counterHigh;
		int x10 = C10;
		int x11 = k[4];
		int x12 = k[5];
		int x13 = k[6];
		int x14 = k[7];
		int x15 = C15;
		for (int i = this.doubleRounds; i > 0; i--) {
			x4 ^= Integer.rotateLeft(x0 + x12, 7);
			x9 ^= Integer.rotateLeft(x5 + x1, 7);
			x14 ^= Integer.rotateLeft(x10 + x6, 7);
			x3 ^= Integer.rotateLeft(x15 + x11, 7);
			x8 ^= Integer.rotateLeft(x4 + x0, 9);
			x13 ^= Integer.rotateLeft(x9 + x5, 9);
			x2 ^= Integer.rotateLeft(x14 + x10, 9);
			x7 ^= Integer.rotateLeft(x3 + x15, 9);
			x12 ^= Integer.rotateLeft(x8 + x4, 13);
			x1 ^= Integer.rotateLeft(x13 + x9, 13);
			x6 ^= Integer.rotateLeft(x2 + x14, 13);
			x11 ^= Integer.rotateLeft(x7 + x3, 13);
			x0 ^= Integer.rotateLeft(x12 + x8, 18);
			x5 ^= Integer.rotateLeft(x1 + x13, 18);
			x10 ^= Integer.rotateLeft(x6 + x2, 18);
			x15 ^= Integer.rotateLeft(x11 + x7, 18);
			x1 ^= Integer.rotateLeft(x0 + x3, 7);
			x6 ^= Integer.rotateLeft(x5 + x4, 7);
			x11 ^= Integer.rotateLeft(x10 + x9, 7);
			x12 ^= Integer.rotateLeft(x15 + x14, 7);
			x2 ^= Integer.rotateLeft(x1 + x0, 9);
			x7 ^= Integer.rotateLeft(x6 + x5, 9);
			x8 ^= Integer.rotateLeft(x11 + x10, 9);
			x13 ^= Integer.rotateLeft(x12 + x15, 9);
			x3 ^= Integer.rotateLeft(x2 + x1, 13);
			x4 ^= Integer.rotateLeft(x7 + x6, 13);
			x9 ^= Integer.rotateLeft(x8 + x11, 13);
			x14 ^= Integer.rotateLeft(x13 + x12, 13);
			x0 ^= Integer.rotateLeft(x3 + x2, 18);
			x5 ^= Integer.rotateLeft(x4 + x7, 18);
			x10 ^= Integer.rotateLeft(x9 + x8, 18);
			x15 ^= Integer.rotateLeft(x14 + x13, 18);
		}
		out[offset] = join(x0 + C0, x1 + k[0]);
		out[offset + 1] = join(x2 + k[1], x3 + k[2]);
		out[offset + 2] = join(x4 + k[3], x5 + C5);
		out[offset + 3] = join(x6 + this.nonceLow, x7 + this.nonceHigh);
		out[offset + 4] = join(x8 + counterLow, x9 + counterHigh);
		out[offset + 5] = join(x10 + C10, x11 + k[4]);
		out[offset + 6] = join(x12 + k[5], x13 + k[6]);
		out[offset + 7] = join(x14 + k[7], x15 + C15);
		this.counter++;
	}

	private static long join(int low, int high) {
		return low & 0xffff_ffffL | (long) high << 32;
	}

}
