package io.zt4j.node.identity;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.crypto.Agreement;
import io.zt4j.node.crypto.Digests;
import io.zt4j.node.crypto.Signatures;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * Who a node is: an address and the key pair it was derived from (VL1 1). Immutable and
 * thread-safe. Equality is that of address and public key; the secret, if there is one,
 * takes no part in it and never appears in {@link #toString()}.
 */
public final class Identity {

	/** Bytes of a public key: X25519, then Ed25519. */
	public static final int PUBLIC_KEY_LENGTH = 64;

	/** Bytes of a private key: X25519 scalar, unclamped, then Ed25519 seed. */
	public static final int PRIVATE_KEY_LENGTH = 64;

	/** Bytes of the binary form without secret. */
	public static final int PUBLIC_LENGTH = Address.LENGTH + 1 + PUBLIC_KEY_LENGTH + 1;

	/** Most characters of the text form. */
	public static final int MAXIMUM_TEXT_LENGTH = 383;

	private static final HexFormat HEX = HexFormat.of();

	private final Address address;

	private final byte[] publicKey;

	private final byte @Nullable [] privateKey;

	private volatile @Nullable Boolean valid;

	Identity(Address address, byte[] publicKey, byte @Nullable [] privateKey) {
		this.address = address;
		this.publicKey = publicKey;
		this.privateKey = privateKey;
	}

	/**
	 * Parse the text form (VL1 1.6), with or without secret. Trailing white space is
	 * ignored. The address is not checked against the key, see {@link #isValid()}.
	 * @param text the address, 0, the public key and perhaps the private key, with colons
	 * in between
	 * @return the identity
	 * @throws IllegalArgumentException if it is not of that form; the message never
	 * quotes the text, which may hold a secret
	 */
	public static Identity parse(String text) {
		String[] fields = text.stripTrailing().split(":", -1);
		if (text.stripTrailing().length() > MAXIMUM_TEXT_LENGTH || fields.length < 3 || fields.length > 4) {
			throw new IllegalArgumentException("An identity is <address>:0:<public key>[:<private key>], "
					+ "but there are " + fields.length + " fields in " + text.length() + " characters");
		}
		Address address = Address.parse(fields[0]);
		if (address.isReserved()) {
			throw new IllegalArgumentException("Address " + address + " is reserved and belongs to no identity");
		}
		if (!fields[1].equals("0")) {
			throw new IllegalArgumentException("Identity type must be 0, the only one there is");
		}
		byte[] publicKey = parseKey("public", fields[2]);
		byte[] privateKey = (fields.length == 4) ? parseKey("private", fields[3]) : null;
		return new Identity(address, publicKey, privateKey);
	}

	private static byte[] parseKey(String name, String hex) {
		if (hex.length() != 2 * PUBLIC_KEY_LENGTH || !hex.chars().allMatch(HexFormat::isHexDigit)) {
			throw new IllegalArgumentException("The " + name + " key of an identity is 128 hex digits");
		}
		return HEX.parseHex(hex);
	}

	/**
	 * Read the binary form (VL1 1.7), with or without secret. The address is not checked
	 * against the key, see {@link #isValid()}.
	 * @param in where from
	 * @return the identity
	 * @throws MalformedPacketException if its type or key length is unknown
	 */
	public static Identity read(ByteBuf in) {
		Address address = Address.read(in);
		int type = in.readUnsignedByte();
		if (type != 0) {
			throw new MalformedPacketException("Identity of type " + type);
		}
		byte[] publicKey = new byte[PUBLIC_KEY_LENGTH];
		in.readBytes(publicKey);
		int length = in.readUnsignedByte();
		if (length != 0 && length != PRIVATE_KEY_LENGTH) {
			throw new MalformedPacketException("Identity with a private key of " + length + " bytes");
		}
		byte[] privateKey = null;
		if (length != 0) {
			privateKey = new byte[length];
			in.readBytes(privateKey);
		}
		return new Identity(address, publicKey, privateKey);
	}

	/**
	 * Write the binary form without secret: 71 bytes.
	 * @param out where to
	 */
	public void write(ByteBuf out) {
		this.address.write(out);
		out.writeByte(0);
		out.writeBytes(this.publicKey);
		out.writeByte(0);
	}

	/**
	 * Return the address.
	 * @return the address
	 */
	public Address address() {
		return this.address;
	}

	/**
	 * Return the public key.
	 * @return a copy of its 64 bytes
	 */
	public byte[] publicKey() {
		return this.publicKey.clone();
	}

	/**
	 * Whether the secret is here.
	 * @return true if this identity can sign and agree
	 */
	public boolean hasSecret() {
		return this.privateKey != null;
	}

	/**
	 * Return this identity without its secret.
	 * @return an equal identity of which {@link #hasSecret()} is false
	 */
	public Identity withoutSecret() {
		if (this.privateKey == null) {
			return this;
		}
		Identity identity = new Identity(this.address, this.publicKey, null);
		identity.valid = this.valid;
		return identity;
	}

	/**
	 * Return the text form with the secret: what {@code identity.secret} holds.
	 * @return the text
	 * @throws IllegalStateException if the secret is not here
	 */
	public String secretString() {
		return publicString() + ":" + HEX.formatHex(secret());
	}

	/**
	 * Return the text form without the secret: what {@code identity.public} holds.
	 * @return the text
	 */
	public String publicString() {
		return this.address + ":0:" + HEX.formatHex(this.publicKey);
	}

	/**
	 * Check that the address belongs to the public key (VL1 1.5). Memory-hard: takes 2
	 * MiB and tens of milliseconds the first time, then the result is remembered.
	 * @return true if the address is not reserved, follows from the public key, and the
	 * key satisfies the hashcash condition
	 */
	public boolean isValid() {
		Boolean known = this.valid;
		if (known == null) {
			known = !this.address.isReserved() && this.address.equals(new AddressDerivation().derive(this.publicKey));
			this.valid = known;
		}
		return known;
	}

	/**
	 * Agree on the key shared with another identity (VL1 2.1).
	 * @param other the other
	 * @return 48 bytes, the same in both directions
	 * @throws IllegalStateException if the secret is not here
	 * @throws MalformedPacketException if the other's public key is one of the few that
	 * yield no secret
	 */
	public byte[] agree(Identity other) {
		byte[] key = Agreement.agree(secret(), other.publicKey);
		if (key == null) {
			throw new MalformedPacketException("The public key of " + other.address + " is of small order");
		}
		return key;
	}

	/**
	 * Sign a message (VL1 2.3).
	 * @param message the message
	 * @return 96 bytes
	 * @throws IllegalStateException if the secret is not here
	 */
	public byte[] sign(byte[] message) {
		return Signatures.sign(secret(), this.publicKey, message);
	}

	/**
	 * Verify a signature made by this identity.
	 * @param message the message
	 * @param signature the signature, of any length
	 * @return true if it is genuine
	 */
	public boolean verify(byte[] message, byte[] signature) {
		return Signatures.verify(this.publicKey, message, signature);
	}

	/**
	 * Return the fingerprint: SHA-384 of address and public key (VL1 1.8).
	 * @return 48 bytes
	 */
	public byte[] fingerprint() {
		MessageDigest digest = Digests.sha384();
		long value = this.address.value();
		for (int shift = 32; shift >= 0; shift -= 8) {
			digest.update((byte) (value >>> shift));
		}
		return digest.digest(this.publicKey);
	}

	private byte[] secret() {
		if (this.privateKey == null) {
			throw new IllegalStateException("Identity " + this.address
					+ " has no private key here; use the content of identity.secret, not of identity.public");
		}
		return this.privateKey;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof Identity identity && this.address.equals(identity.address)
				&& Arrays.equals(this.publicKey, identity.publicKey));
	}

	@Override
	public int hashCode() {
		return this.address.hashCode();
	}

	@Override
	public String toString() {
		return publicString();
	}

}
