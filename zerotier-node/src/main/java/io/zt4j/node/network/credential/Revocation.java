package io.zt4j.node.network.credential;

import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.NetworkId;
import org.jspecify.annotations.Nullable;

/**
 * A revocation: credentials of one kind and ID of one member with a timestamp up to the
 * threshold are void (VL2 7.6).
 *
 * @param id the revocation's own ID, random
 * @param network the network
 * @param credentialId the ID of what is revoked, 0 for certificates of membership
 * @param threshold milliseconds since the epoch
 * @param flags a combination of flag bits
 * @param target the member
 * @param signer who signed
 * @param type one of the type codes
 * @param signature the signature, or null if it is of an unknown kind
 */
public record Revocation(int id, NetworkId network, int credentialId, long threshold, long flags, Address target,
		Address signer, int type, @Nullable Signature signature) implements Credential {

	/** Bytes on the wire. */
	public static final int LENGTH = 152;

	/** Receivers hand it on to all members they know. */
	public static final long FAST_PROPAGATE = 1;

	/** Type code of a {@link CertificateOfMembership}. */
	public static final int MEMBERSHIP = 1;

	/** Type code of a {@link Capability}. */
	public static final int CAPABILITY = 2;

	/** Type code of a {@link Tag}. */
	public static final int TAG = 3;

	/** Type code of a {@link CertificateOfOwnership}. */
	public static final int OWNERSHIP = 4;

	/**
	 * Issue a revocation.
	 * @param id a random ID
	 * @param network the network
	 * @param type one of the type codes
	 * @param credentialId the ID of what is revoked, 0 for certificates of membership
	 * @param threshold milliseconds since the epoch
	 * @param flags flag bits
	 * @param target the member
	 * @param controller the signer, with its secret
	 * @return the revocation
	 */
	public static Revocation issue(int id, NetworkId network, int type, int credentialId, long threshold, long flags,
			Address target, Identity controller) {
		Revocation unsigned = new Revocation(id, network, credentialId, threshold, flags, target, controller.address(),
				type, null);
		return new Revocation(id, network, credentialId, threshold, flags, target, controller.address(), type,
				Credentials.sign(controller, unsigned::writeFields));
	}

	/**
	 * Read a revocation.
	 * @param in the buffer
	 * @return the revocation
	 * @throws io.zt4j.node.packet.MalformedPacketException if it is malformed
	 * @throws IndexOutOfBoundsException if it is cut off
	 */
	public static Revocation read(ByteBuf in) {
		in.skipBytes(4);
		int id = in.readInt();
		NetworkId network = new NetworkId(in.readLong());
		in.skipBytes(4);
		Revocation revocation = new Revocation(id, network, in.readInt(), in.readLong(), in.readLong(),
				Address.read(in), Address.read(in), in.readUnsignedByte(), Signature.readBlock(in));
		Credentials.skipExtra(in);
		return revocation;
	}

	private void writeFields(ByteBuf out) {
		out.writeInt(0).writeInt(this.id).writeLong(this.network.value());
		out.writeInt(0).writeInt(this.credentialId).writeLong(this.threshold).writeLong(this.flags);
		this.target.write(out);
		this.signer.write(out);
		out.writeByte(this.type);
	}

	@Override
	public void write(ByteBuf out) {
		writeFields(out);
		Signature.writeBlock(out, this.signature);
		Credentials.writeExtra(out);
	}

	byte[] signedMessage() {
		return Credentials.signedMessage(this::writeFields);
	}

	@Override
	public Verification verify(Function<Address, @Nullable Identity> identities) {
		return Credentials.verify(this.network, this.signer, this.signature, identities, this::writeFields);
	}

	@Override
	public long timestamp() {
		return this.threshold;
	}

	@Override
	public Address issuedTo() {
		return this.target;
	}

	/**
	 * Whether receivers hand it on.
	 * @return true if the flag is set
	 */
	public boolean isFastPropagate() {
		return (this.flags & FAST_PROPAGATE) != 0;
	}

}
