package io.zt4j.node.network.credential;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.MacAddress;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of ownership, "COO": the IP and MAC addresses a member may send from (VL2
 * 7.5).
 *
 * @param network the network
 * @param timestamp milliseconds since the epoch
 * @param flags none defined
 * @param id the ID, unsigned
 * @param things at most 16 addresses
 * @param issuedTo the member
 * @param signer who signed
 * @param signature the signature, or null if it is of an unknown kind
 */
public record CertificateOfOwnership(NetworkId network, long timestamp, long flags, int id, List<Thing> things,
		Address issuedTo, Address signer, @Nullable Signature signature) implements Credential {

	/** The most things one certificate lists. */
	public static final int MAX_THINGS = 16;

	public CertificateOfOwnership {
		things = List.copyOf(things);
		if (things.size() > MAX_THINGS) {
			throw new IllegalArgumentException(
					"A certificate of ownership lists at most 16 things, not " + things.size());
		}
	}

	/**
	 * Issue a certificate.
	 * @param network the network
	 * @param timestamp milliseconds since the epoch
	 * @param id the ID
	 * @param things at most 16 things
	 * @param member the member it is for
	 * @param controller the signer, with its secret
	 * @return the certificate
	 */
	public static CertificateOfOwnership issue(NetworkId network, long timestamp, int id, List<Thing> things,
			Address member, Identity controller) {
		CertificateOfOwnership unsigned = new CertificateOfOwnership(network, timestamp, 0, id, things, member,
				controller.address(), null);
		return new CertificateOfOwnership(network, timestamp, 0, id, things, member, controller.address(),
				Credentials.sign(controller, unsigned::writeFields));
	}

	/**
	 * Read a certificate.
	 * @param in the buffer
	 * @return the certificate
	 * @throws MalformedPacketException if it is malformed
	 * @throws IndexOutOfBoundsException if it is cut off
	 */
	public static CertificateOfOwnership read(ByteBuf in) {
		NetworkId network = new NetworkId(in.readLong());
		long timestamp = in.readLong();
		long flags = in.readLong();
		int id = in.readInt();
		int count = in.readUnsignedShort();
		if (count > MAX_THINGS) {
			throw new MalformedPacketException("certificate of ownership of " + count + " things");
		}
		List<Thing> things = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			things.add(Thing.read(in));
		}
		CertificateOfOwnership certificate = new CertificateOfOwnership(network, timestamp, flags, id, things,
				Address.read(in), Address.read(in), Signature.readBlock(in));
		Credentials.skipExtra(in);
		return certificate;
	}

	private void writeFields(ByteBuf out) {
		out.writeLong(this.network.value()).writeLong(this.timestamp).writeLong(this.flags).writeInt(this.id);
		out.writeShort(this.things.size());
		this.things.forEach((thing) -> thing.write(out));
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

	/**
	 * Whether an IP address is listed.
	 * @param address its 4 or 16 bytes
	 * @return true if it is
	 */
	public boolean owns(byte[] address) {
		return owns((address.length == 4) ? Thing.IPV4 : Thing.IPV6, address);
	}

	/**
	 * Whether an IP address is listed.
	 * @param address the address
	 * @return true if it is
	 */
	public boolean owns(InetAddress address) {
		return owns(address.getAddress());
	}

	/**
	 * Whether a MAC address is listed.
	 * @param mac the address
	 * @return true if it is
	 */
	public boolean owns(MacAddress mac) {
		return owns(Thing.MAC, Credentials.bytes(mac::write));
	}

	private boolean owns(int type, byte[] address) {
		for (Thing thing : this.things) {
			if (thing.is(type, address)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Something owned.
	 */
	public static final class Thing {

		/** Type of a MAC address. */
		public static final int MAC = 1;

		/** Type of an IPv4 address. */
		public static final int IPV4 = 2;

		/** Type of an IPv6 address. */
		public static final int IPV6 = 3;

		private static final int VALUE_LENGTH = 16;

		private final int type;

		private final byte[] value;

		private Thing(int type, byte[] value) {
			this.type = type;
			this.value = Arrays.copyOf(value, VALUE_LENGTH);
		}

		/**
		 * Return an IP address as a thing.
		 * @param address the address
		 * @return the thing
		 */
		public static Thing of(InetAddress address) {
			byte[] ip = address.getAddress();
			return new Thing((ip.length == 4) ? IPV4 : IPV6, ip);
		}

		/**
		 * Return a MAC address as a thing.
		 * @param mac the address
		 * @return the thing
		 */
		public static Thing of(MacAddress mac) {
			return new Thing(MAC, Credentials.bytes(mac::write));
		}

		private static Thing read(ByteBuf in) {
			int type = in.readUnsignedByte();
			byte[] value = new byte[VALUE_LENGTH];
			in.readBytes(value);
			return new Thing(type, value);
		}

		private void write(ByteBuf out) {
			out.writeByte(this.type).writeBytes(this.value);
		}

		private boolean is(int type, byte[] address) {
			return this.type == type && Arrays.equals(this.value, 0, address.length, address, 0, address.length);
		}

		/**
		 * Return the type.
		 * @return 1 MAC, 2 IPv4, 3 IPv6, or a number unknown to us
		 */
		public int type() {
			return this.type;
		}

		/**
		 * Return the value, padded with zeros on the right.
		 * @return a copy of the 16 bytes
		 */
		public byte[] value() {
			return this.value.clone();
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Thing that && this.type == that.type && Arrays.equals(this.value, that.value);
		}

		@Override
		public int hashCode() {
			return 31 * this.type + Arrays.hashCode(this.value);
		}

		@Override
		public String toString() {
			return this.type + ":" + ByteBufUtil.hexDump(this.value);
		}

	}

}
