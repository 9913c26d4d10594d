package io.zt4j.node.network;

import java.net.InetAddress;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import org.jspecify.annotations.Nullable;

/**
 * Answers IPv6 neighbour solicitations for addresses that embed a ZeroTier address
 * without asking the network (VL2 13).
 */
final class NdpEmulation {

	private static final int ETHERNET_HEADER = 14;

	private static final int ETHERTYPE_IPV6 = 0x86dd;

	private static final int ICMPV6 = 58;

	private static final int SOLICITATION = 135;

	private static final int ADVERTISEMENT = 136;

	private static final int SOLICITED_OVERRIDE = 0x60;

	private static final int SOLICITATION_LENGTH = 64;

	private static final int ADVERTISEMENT_LENGTH = 72;

	private static final int IPV6_HEADER = 40;

	private NdpEmulation() {
	}

	/**
	 * Return the advertisement that answers a solicitation, if it can be made here.
	 * @param frame an outgoing multicast frame, Ethernet header first
	 * @param network the network
	 * @param self this node
	 * @param addresses the addresses assigned to this node on the network
	 * @return the whole frame for the local port, or null if the network must be asked
	 */
	static @Nullable ByteBuf answer(ByteBuf frame, NetworkId network, Address self, List<InetPrefix> addresses) {
		int ethernet = frame.readerIndex();
		int ip = ethernet + ETHERNET_HEADER;
		if (frame.readableBytes() < ETHERNET_HEADER + SOLICITATION_LENGTH
				|| frame.getUnsignedShort(ip - 2) != ETHERTYPE_IPV6 || frame.getUnsignedByte(ip + 6) != ICMPV6
				|| frame.getUnsignedByte(ip + IPV6_HEADER) != SOLICITATION) {
			return null;
		}
		byte[] target = new byte[16];
		frame.getBytes(ip + 48, target);
		InetAddress targetAddress = InetPrefix.addressOf(target);
		for (InetPrefix own : addresses) {
			Address member = embedded(network, own, targetAddress);
			if (member != null && member.value() != 0 && !member.equals(self)) {
				return advertisement(frame, MacAddress.of(member, network).value(), target, own.address().getAddress());
			}
		}
		return null;
	}

	private static @Nullable Address embedded(NetworkId network, InetPrefix own, InetAddress target) {
		if (!own.isIpv6()) {
			return null;
		}
		if (own.prefixLength() == 88 && AddressSchemes.memberOfRfc4193(network, own.address()) != null) {
			return AddressSchemes.memberOfRfc4193(network, target);
		}
		if (own.prefixLength() == 40 && AddressSchemes.memberOfSixPlane(network, own.address()) != null) {
			return AddressSchemes.memberOfSixPlane(network, target);
		}
		return null;
	}

	private static ByteBuf advertisement(ByteBuf solicitation, long mac, byte[] target, byte[] destination) {
		ByteBuf out = solicitation.alloc().buffer(ETHERNET_HEADER + ADVERTISEMENT_LENGTH);
		out.writeBytes(solicitation, solicitation.readerIndex() + MacAddress.LENGTH, MacAddress.LENGTH);
		out.writeShort((int) (mac >>> 32)).writeInt((int) mac).writeShort(ETHERTYPE_IPV6);
		int ip = out.writerIndex();
		out.writeInt(0x6000_0000).writeShort(ADVERTISEMENT_LENGTH - IPV6_HEADER).writeByte(ICMPV6).writeByte(255);
		out.writeBytes(target).writeBytes(destination);
		int icmp = out.writerIndex();
		out.writeByte(ADVERTISEMENT).writeByte(0).writeShort(0).writeInt(SOLICITED_OVERRIDE << 24).writeBytes(target);
		out.writeByte(2).writeByte(1).writeShort((int) (mac >>> 32)).writeInt((int) mac);
		out.setShort(icmp + 2, checksum(out, ip, icmp));
		return out;
	}

	// RFC 4443 2.3: pseudo header of addresses, length and next header, then the message
	private static int checksum(ByteBuf out, int ip, int icmp) {
		int sum = ADVERTISEMENT_LENGTH - IPV6_HEADER + ICMPV6;
		for (int i = ip + 8; i < icmp + ADVERTISEMENT_LENGTH - IPV6_HEADER; i += 2) {
			sum += out.getUnsignedShort(i);
		}
		sum = (sum & 0xffff) + (sum >>> 16);
		sum = (sum & 0xffff) + (sum >>> 16);
		return ~sum & 0xffff;
	}

}
