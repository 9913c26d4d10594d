package io.zt4j.node.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Salsa20/12 with a Poly1305 one-time MAC, as suites 0 and 1 use them (VL1 4.2). Begin
 * every message with {@link #begin}. Reusable; not thread-safe.
 */
public final class Salsa20Poly1305 {

	private static final int ROUNDS = 12;

	private static final int TAG_LENGTH = 16;

	private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	// bytes of direct buffers on their way to Poly1305
	private static final FastThreadLocal<byte[]> CHUNK = new FastThreadLocal<>() {
		@Override
		protected byte[] initialValue() {
			return new byte[2048];
		}
	};

	private final Salsa20 salsa = new Salsa20(ROUNDS);

	private final Poly1305 poly = new Poly1305();

	private final long[] block = new long[Salsa20.BLOCK_LENGTH / Long.BYTES];

	private final byte[] macKey = new byte[Salsa20.KEY_LENGTH];

	private final byte[] tag = new byte[TAG_LENGTH];

	/**
	 * Begin a message: the first half of keystream block 0 becomes the MAC key, the
	 * second half is discarded.
	 * @param key where the 32-byte key of this message is
	 * @param nonce the eight bytes of the nonce as a little-endian number
	 */
	public void begin(byte[] key, long nonce) {
		this.salsa.key(key, 0);
		this.salsa.nonce(nonce);
		this.salsa.nextBlock(this.block, 0);
		for (int i = 0; i < this.macKey.length; i += Long.BYTES) {
			LITTLE.set(this.macKey, i, this.block[i / Long.BYTES]);
		}
	}

	/**
	 * Encrypt or decrypt, from keystream block 1 on. Once per message.
	 * @param buffer the buffer
	 * @param index where to begin
	 * @param length how many bytes
	 */
	public void cipher(ByteBuf buffer, int index, int length) {
		this.salsa.xor(buffer, index, length);
	}

	/**
	 * Compute the MAC.
	 * @param buffer the buffer
	 * @param index where to begin
	 * @param length how many bytes
	 * @return the first eight bytes of the tag, big-endian
	 */
	public long mac(ByteBuf buffer, int index, int length) {
		this.poly.init(new KeyParameter(this.macKey));
		if (buffer.hasArray()) {
			this.poly.update(buffer.array(), buffer.arrayOffset() + index, length);
		}
		else {
			byte[] chunk = CHUNK.get();
			for (int done = 0; done < length;) {
				int count = Math.min(chunk.length, length - done);
				buffer.getBytes(index + done, chunk, 0, count);
				this.poly.update(chunk, 0, count);
				done += count;
			}
		}
		this.poly.doFinal(this.tag, 0);
		return (long) BIG.get(this.tag, 0);
	}

}
