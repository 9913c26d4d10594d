package io.zt4j.node.packet;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;

/**
 * Payload of WHOIS (VL1 8.5): addresses whose identities are wanted. OK(WHOIS) holds
 * binary identities back to back after the common OK header.
 *
 * @param addresses the addresses; this node asks for one at a time
 */
public record Whois(List<Address> addresses) {

	public Whois {
		addresses = List.copyOf(addresses);
	}

	/**
	 * Read the payload; up to four trailing bytes are ignored.
	 * @param in at packet offset 28
	 * @return the payload
	 */
	public static Whois read(ByteBuf in) {
		List<Address> addresses = new ArrayList<>(1);
		while (in.readableBytes() >= Address.LENGTH) {
			addresses.add(Address.read(in));
		}
		return new Whois(addresses);
	}

	/**
	 * Write the payload.
	 * @param out where to
	 */
	public void write(ByteBuf out) {
		this.addresses.forEach((address) -> address.write(out));
	}

	/**
	 * Read the identities of an OK(WHOIS).
	 * @param in at packet offset 37
	 * @return the identities, not validated
	 * @throws MalformedPacketException if one does not parse
	 */
	public static List<Identity> readOk(ByteBuf in) {
		List<Identity> identities = new ArrayList<>(1);
		while (in.isReadable()) {
			identities.add(Identity.read(in));
		}
		return identities;
	}

}
