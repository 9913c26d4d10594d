package io.zt4j.node.network.credential;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of membership, "COM" (VL2 7.2).
 *
 * @param qualifiers at most eight, IDs not decreasing
 * @param signer who signed, or null if nobody did
 * @param signature the signature, or null if there is none
 */
public record CertificateOfMembership(List<Qualifier> qualifiers, @Nullable Address signer,
		@Nullable Signature signature) implements Credential {

	/** First byte on the wire; a list of them ends with another byte (VL2 8.1). */
	public static final int TYPE = 1;

	/** The most qualifiers one may have. */
	public static final int MAX_QUALIFIERS = 8;

	private static final long ANY = -1;

	private static final int TIMESTAMP = 0;

	private static final int NETWORK = 1;

	private static final int ISSUED_TO = 2;

	private static final int FIRST_HASH = 3;

	private static final int LAST_HASH = 6;

	public CertificateOfMembership {
		qualifiers = List.copyOf(qualifiers);
		if (qualifiers.size() > MAX_QUALIFIERS) {
			throw new IllegalArgumentException("A certificate has at most 8 qualifiers, not " + qualifiers.size());
		}
		if ((signer == null) != (signature == null)) {
			throw new IllegalArgumentException("Signer and signature come together or not at all");
		}
	}

	/**
	 * Issue the standard certificate of seven qualifiers.
	 * @param timestamp milliseconds since the epoch
	 * @param window how far timestamps of two members may be apart, milliseconds
	 * @param network the network
	 * @param member the member it is for
	 * @param controller the signer, with its secret
	 * @return the certificate
	 */
	public static CertificateOfMembership issue(long timestamp, long window, NetworkId network, Identity member,
			Identity controller) {
		List<Qualifier> qualifiers = new ArrayList<>(LAST_HASH + 1);
		qualifiers.add(new Qualifier(TIMESTAMP, timestamp, window));
		qualifiers.add(new Qualifier(NETWORK, network.value(), 0));
		qualifiers.add(new Qualifier(ISSUED_TO, member.address().value(), ANY));
		ByteBuffer hash = ByteBuffer.wrap(member.fingerprint());
		for (int id = FIRST_HASH; id <= LAST_HASH; id++) {
			qualifiers.add(new Qualifier(id, hash.getLong(), ANY));
		}
		return sign(qualifiers, controller);
	}

	/**
	 * Sign any qualifiers.
	 * @param qualifiers the qualifiers
	 * @param controller the signer, with its secret
	 * @return the certificate
	 */
	public static CertificateOfMembership sign(List<Qualifier> qualifiers, Identity controller) {
		return new CertificateOfMembership(qualifiers, controller.address(),
				new Signature(controller.sign(signedMessage(qualifiers))));
	}

	/**
	 * Read a certificate.
	 * @param in the buffer
	 * @return the certificate
	 * @throws MalformedPacketException if it is malformed
	 * @throws IndexOutOfBoundsException if it is cut off
	 */
	public static CertificateOfMembership read(ByteBuf in) {
		if (in.readUnsignedByte() != TYPE) {
			throw new MalformedPacketException("not a certificate of membership");
		}
		int count = in.readUnsignedShort();
		if (count > MAX_QUALIFIERS) {
			throw new MalformedPacketException("certificate with " + count + " qualifiers");
		}
		List<Qualifier> qualifiers = new ArrayList<>(count);
		long previous = 0;
		for (int i = 0; i < count; i++) {
			Qualifier qualifier = new Qualifier(in.readLong(), in.readLong(), in.readLong());
			if (Long.compareUnsigned(qualifier.id, previous) < 0) {
				throw new MalformedPacketException("qualifiers out of order");
			}
			previous = qualifier.id;
			qualifiers.add(qualifier);
		}
		Address signer = Address.read(in);
		if (signer.value() == 0) {
			return new CertificateOfMembership(qualifiers, null, null);
		}
		return new CertificateOfMembership(qualifiers, signer, Signature.readRaw(in));
	}

	@Override
	public void write(ByteBuf out) {
		out.writeByte(TYPE).writeShort(this.qualifiers.size());
		writeQualifiers(out, this.qualifiers);
		if (this.signer == null) {
			out.writeZero(Address.LENGTH);
			return;
		}
		this.signer.write(out);
		Signature.writeRaw(out, this.signature);
	}

	private static void writeQualifiers(ByteBuf out, List<Qualifier> qualifiers) {
		for (Qualifier qualifier : qualifiers) {
			out.writeLong(qualifier.id).writeLong(qualifier.value).writeLong(qualifier.maxDelta);
		}
	}

	/**
	 * The bytes signed: bare qualifiers, without the framing of other credentials.
	 */
	static byte[] signedMessage(List<Qualifier> qualifiers) {
		return Credentials.bytes((out) -> writeQualifiers(out, qualifiers));
	}

	@Override
	public Verification verify(Function<Address, @Nullable Identity> identities) {
		if (this.signer == null || this.signature == null || !this.signer.equals(network().controller())) {
			return Verification.BAD;
		}
		return Credentials.verify(this.signer, this.signature, identities, signedMessage(this.qualifiers));
	}

	/**
	 * Whether this, one's own certificate, agrees with that of a peer. Signatures are not
	 * looked at: they are checked on arrival.
	 * @param other the peer's certificate
	 * @param otherIdentity the peer's identity, proved by VL1
	 * @return true if every term of this one is met
	 */
	public boolean agreesWith(CertificateOfMembership other, Identity otherIdentity) {
		if (this.qualifiers.isEmpty() || other.qualifiers.isEmpty()) {
			return false;
		}
		boolean hashed = false;
		for (int i = 0; i < this.qualifiers.size(); i++) {
			Qualifier mine = this.qualifiers.get(i);
			Qualifier theirs = other.last(mine.id);
			if (theirs == null) {
				return false;
			}
			long difference = (Long.compareUnsigned(mine.value, theirs.value) >= 0) ? mine.value - theirs.value
					: theirs.value - mine.value;
			if (Long.compareUnsigned(difference, mine.maxDelta) > 0) {
				return false;
			}
			hashed |= mine.id >= FIRST_HASH && mine.id <= LAST_HASH;
		}
		return !hashed || other.names(otherIdentity);
	}

	private boolean names(Identity identity) {
		ByteBuffer hash = ByteBuffer.wrap(identity.fingerprint());
		for (int id = FIRST_HASH; id <= LAST_HASH; id++) {
			Qualifier qualifier = last(id);
			if (qualifier == null || qualifier.value != hash.getLong()) {
				return false;
			}
		}
		return true;
	}

	/* with duplicate IDs the last counts (VL2 7.2) */
	private @Nullable Qualifier last(long id) {
		for (int i = this.qualifiers.size() - 1; i >= 0; i--) {
			if (this.qualifiers.get(i).id == id) {
				return this.qualifiers.get(i);
			}
		}
		return null;
	}

	/* the fields of a certificate are those of the first qualifier of that ID */
	private long value(long id) {
		for (Qualifier qualifier : this.qualifiers) {
			if (qualifier.id == id) {
				return qualifier.value;
			}
		}
		return 0;
	}

	@Override
	public NetworkId network() {
		return new NetworkId(value(NETWORK));
	}

	@Override
	public long timestamp() {
		return value(TIMESTAMP);
	}

	@Override
	public Address issuedTo() {
		return new Address(value(ISSUED_TO) & 0xff_ffff_ffffL);
	}

	/**
	 * Return how far timestamps may be apart.
	 * @return milliseconds, unsigned; 0 if there is no such term
	 */
	public long window() {
		for (Qualifier qualifier : this.qualifiers) {
			if (qualifier.id == TIMESTAMP) {
				return qualifier.maxDelta;
			}
		}
		return 0;
	}

	/**
	 * One term two members must agree on. All three are unsigned.
	 *
	 * @param id what it is about
	 * @param value the value
	 * @param maxDelta how far the other's value may be away
	 */
	public record Qualifier(long id, long value, long maxDelta) {
	}

}
