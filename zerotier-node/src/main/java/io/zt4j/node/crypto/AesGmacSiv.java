package io.zt4j.node.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * AES-GMAC-SIV, the cipher of suite 3 (VL1 4.4). Keys are scheduled once; the ciphers are
 * reused from message to message. Not thread-safe.
 *
 * <p>
 * Everything authenticated lies in one array and goes to GMAC in one call: the platform
 * then hashes it with its vector instructions without buffering it, on Java 17 as on 25.
 */
public final class AesGmacSiv {

	/** Most bytes of padded additional data and plaintext together. */
	public static final int MAXIMUM_LENGTH = 10_112;

	private static final int BLOCK = 16;

	private static final int NONCE_LENGTH = 12;

	private static final int TAG_BITS = 128;

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final FastThreadLocal<Scratch> SCRATCH = new FastThreadLocal<>() {
		@Override
		protected Scratch initialValue() {
			return new Scratch();
		}
	};

	private final SecretKeySpec k0;

	private final SecretKeySpec k1;

	private final Cipher gmac;

	private final Cipher counter;

	private final Cipher encryptBlock;

	private final Cipher decryptBlock;

	private final byte[] nonce = new byte[NONCE_LENGTH];

	private final byte[] block = new byte[BLOCK];

	private final byte[] tag = new byte[BLOCK];

	private long lastNonce;

	private boolean hasLastNonce;

	/**
	 * Create the cipher of one pair of keys.
	 * @param k0 32-byte GMAC key
	 * @param k1 32-byte encryption key
	 */
	public AesGmacSiv(byte[] k0, byte[] k1) {
		this.k0 = new SecretKeySpec(k0, "AES");
		this.k1 = new SecretKeySpec(k1, "AES");
		try {
			this.gmac = Cipher.getInstance("AES/GCM/NoPadding");
			this.counter = Cipher.getInstance("AES/CTR/NoPadding");
			this.encryptBlock = Cipher.getInstance("AES/ECB/NoPadding");
			this.encryptBlock.init(Cipher.ENCRYPT_MODE, this.k1);
			this.decryptBlock = Cipher.getInstance("AES/ECB/NoPadding");
			this.decryptBlock.init(Cipher.DECRYPT_MODE, this.k1);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("This Java platform lacks AES-256 in GCM, CTR or ECB mode", ex);
		}
	}

	/**
	 * Encrypt in place. The tag is then in {@link #tagHigh()} and {@link #tagLow()}.
	 * @param aad additional data, authenticated only
	 * @param iv eight random bytes, big-endian
	 * @param data where the plaintext is
	 * @param index its first byte
	 * @param length its bytes, 0 and up
	 */
	public void encrypt(byte[] aad, long iv, ByteBuf data, int index, int length) {
		Scratch scratch = SCRATCH.get();
		int start = scratch.begin(aad, length);
		data.getBytes(index, scratch.plain, start, length);
		try {
			LONG.set(this.block, 0, iv);
			LONG.set(this.block, Long.BYTES, gmac(iv, scratch.plain, start + length));
			this.encryptBlock.update(this.block, 0, BLOCK, this.tag, 0);
			counter(scratch.plain, start, length, scratch.cipher, 0);
			data.setBytes(index, scratch.cipher, 0, length);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Decrypt in place, if authentic.
	 * @param aad additional data
	 * @param tagHigh first eight bytes of the tag, big-endian
	 * @param tagLow last eight bytes of the tag
	 * @param data where the ciphertext is
	 * @param index its first byte
	 * @param length its bytes, 0 and up
	 * @return false if it is not authentic; the data is then unchanged
	 */
	public boolean decrypt(byte[] aad, long tagHigh, long tagLow, ByteBuf data, int index, int length) {
		Scratch scratch = SCRATCH.get();
		int start = scratch.begin(aad, length);
		data.getBytes(index, scratch.cipher, 0, length);
		LONG.set(this.tag, 0, tagHigh);
		LONG.set(this.tag, Long.BYTES, tagLow);
		try {
			this.decryptBlock.update(this.tag, 0, BLOCK, this.block, 0);
			long iv = (long) LONG.get(this.block, 0);
			long expected = (long) LONG.get(this.block, Long.BYTES);
			counter(scratch.cipher, 0, length, scratch.plain, start);
			// one comparison of 64-bit words takes the same time whatever they hold
			if ((gmac(iv, scratch.plain, start + length) ^ expected) != 0) {
				return false;
			}
			data.setBytes(index, scratch.plain, start, length);
			return true;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the first half of the tag of the last {@link #encrypt}.
	 * @return eight bytes, big-endian
	 */
	public long tagHigh() {
		return (long) LONG.get(this.tag, 0);
	}

	/**
	 * Return the second half of the tag of the last {@link #encrypt}.
	 * @return eight bytes, big-endian
	 */
	public long tagLow() {
		return (long) LONG.get(this.tag, Long.BYTES);
	}

	private long gmac(long iv, byte[] bytes, int length) throws GeneralSecurityException {
		if (this.hasLastNonce && this.lastNonce == iv) {
			// the platform refuses one nonce twice in a row, but a packet that arrives
			// twice must verify twice
			initialize(~iv);
		}
		initialize(iv);
		this.lastNonce = iv;
		this.hasLastNonce = true;
		this.gmac.updateAAD(bytes, 0, length);
		byte[] full = SCRATCH.get().tag;
		this.gmac.doFinal(full, 0);
		return (long) LONG.get(full, 0) ^ (long) LONG.get(full, Long.BYTES);
	}

	private void initialize(long iv) throws GeneralSecurityException {
		LONG.set(this.nonce, 0, iv);
		this.gmac.init(Cipher.ENCRYPT_MODE, this.k0, new GCMParameterSpec(TAG_BITS, this.nonce));
	}

	// CTR is its own inverse; bit 31 of the counter is cleared so that it never wraps
	private void counter(byte[] in, int inOffset, int length, byte[] out, int outOffset)
			throws GeneralSecurityException {
		if (length == 0) {
			return;
		}
		byte top = this.tag[NONCE_LENGTH];
		this.tag[NONCE_LENGTH] &= 0x7f;
		IvParameterSpec start = new IvParameterSpec(this.tag);
		this.tag[NONCE_LENGTH] = top;
		this.counter.init(Cipher.ENCRYPT_MODE, this.k1, start);
		this.counter.doFinal(in, inOffset, length, out, outOffset);
	}

	/** Memory shared by all ciphers of a thread. */
	private static final class Scratch {

		final byte[] plain = new byte[MAXIMUM_LENGTH];

		final byte[] cipher = new byte[MAXIMUM_LENGTH];

		final byte[] tag = new byte[BLOCK];

		int begin(byte[] aad, int length) {
			int start = (aad.length + BLOCK - 1) & -BLOCK;
			if (start + length > MAXIMUM_LENGTH) {
				throw new IllegalArgumentException(length + " bytes and " + start + " bytes of additional data exceed "
						+ MAXIMUM_LENGTH + " bytes");
			}
			System.arraycopy(aad, 0, this.plain, 0, aad.length);
			Arrays.fill(this.plain, aad.length, start, (byte) 0);
			return start;
		}

	}

}
