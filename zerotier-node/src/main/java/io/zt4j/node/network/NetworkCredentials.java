package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import io.zt4j.node.network.credential.Credential;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.packet.MalformedPacketException;

/**
 * The payload of NETWORK_CREDENTIALS (VL2 8.1). Credentials of several networks may be
 * mixed.
 *
 * @param memberships certificates of membership
 * @param capabilities capabilities
 * @param tags tags
 * @param revocations revocations
 * @param certificatesOfOwnership certificates of ownership
 */
public record NetworkCredentials(List<CertificateOfMembership> memberships, List<Capability> capabilities,
		List<Tag> tags, List<Revocation> revocations, List<CertificateOfOwnership> certificatesOfOwnership) {

	public NetworkCredentials {
		memberships = List.copyOf(memberships);
		capabilities = List.copyOf(capabilities);
		tags = List.copyOf(tags);
		revocations = List.copyOf(revocations);
		certificatesOfOwnership = List.copyOf(certificatesOfOwnership);
	}

	/**
	 * Make a payload of one revocation.
	 * @param revocation the revocation
	 * @return the payload
	 */
	public static NetworkCredentials of(Revocation revocation) {
		return new NetworkCredentials(List.of(), List.of(), List.of(), List.of(revocation), List.of());
	}

	/**
	 * Read a payload. It may end after the memberships or after any list.
	 * @param in the payload
	 * @return the credentials, not verified
	 * @throws MalformedPacketException if one is malformed
	 * @throws IndexOutOfBoundsException if one is cut off
	 */
	public static NetworkCredentials read(ByteBuf in) {
		List<CertificateOfMembership> memberships = new ArrayList<>(1);
		while (in.isReadable() && in.getByte(in.readerIndex()) == CertificateOfMembership.TYPE) {
			memberships.add(CertificateOfMembership.read(in));
		}
		if (in.isReadable()) {
			in.skipBytes(1);
		}
		return new NetworkCredentials(memberships, list(in, Capability::read), list(in, Tag::read),
				list(in, Revocation::read), list(in, CertificateOfOwnership::read));
	}

	private static <T> List<T> list(ByteBuf in, Function<ByteBuf, T> reader) {
		if (!in.isReadable()) {
			return List.of();
		}
		int count = in.readUnsignedShort();
		List<T> list = new ArrayList<>(Math.min(count, 16));
		for (int i = 0; i < count; i++) {
			list.add(reader.apply(in));
		}
		return list;
	}

	/**
	 * Write the payload.
	 * @param out the buffer
	 */
	public void write(ByteBuf out) {
		this.memberships.forEach((certificate) -> certificate.write(out));
		out.writeByte(0);
		write(out, this.capabilities);
		write(out, this.tags);
		write(out, this.revocations);
		write(out, this.certificatesOfOwnership);
	}

	private static void write(ByteBuf out, List<? extends Credential> list) {
		out.writeShort(list.size());
		list.forEach((credential) -> credential.write(out));
	}

}
