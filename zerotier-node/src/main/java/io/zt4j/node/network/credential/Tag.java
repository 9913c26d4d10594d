package io.zt4j.node.network.credential;

import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.NetworkId;
import org.jspecify.annotations.Nullable;

/**
 * A tag: a number given to a member under an ID, for rules to compare (VL2 7.4).
 *
 * @param network the network
 * @param timestamp milliseconds since the epoch
 * @param id the ID, unsigned
 * @param value the value, unsigned
 * @param issuedTo the member
 * @param signer who signed
 * @param signature the signature, or null if it is of an unknown kind
 */
public record Tag(NetworkId network, long timestamp, int id, int value, Address issuedTo, Address signer,
		@Nullable Signature signature) implements Credential {

	/** Bytes on the wire. */
	public static final int LENGTH = 135;

	/**
	 * Issue a tag.
	 * @param network the network
	 * @param timestamp milliseconds since the epoch
	 * @param id the ID
	 * @param value the value
	 * @param member the member it is for
	 * @param controller the signer, with its secret
	 * @return the tag
	 */
	public static Tag issue(NetworkId network, long timestamp, int id, int value, Address member, Identity controller) {
		Tag unsigned = new Tag(network, timestamp, id, value, member, controller.address(), null);
		return new Tag(network, timestamp, id, value, member, controller.address(),
				Credentials.sign(controller, unsigned::writeFields));
	}

	/**
	 * Read a tag.
	 * @param in the buffer
	 * @return the tag
	 * @throws io.zt4j.node.packet.MalformedPacketException if it is malformed
	 * @throws IndexOutOfBoundsException if it is cut off
	 */
	public static Tag read(ByteBuf in) {
		Tag tag = new Tag(new NetworkId(in.readLong()), in.readLong(), in.readInt(), in.readInt(), Address.read(in),
				Address.read(in), Signature.readBlock(in));
		Credentials.skipExtra(in);
		return tag;
	}

	private void writeFields(ByteBuf out) {
		out.writeLong(this.network.value()).writeLong(this.timestamp).writeInt(this.id).writeInt(this.value);
		this.issuedTo.write(out);
		this.signer.write(out);
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

}
