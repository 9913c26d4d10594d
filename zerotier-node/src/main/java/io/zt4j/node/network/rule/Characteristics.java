package io.zt4j.node.network.rule;

import java.net.InetAddress;
import java.util.List;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.AddressSchemes;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.MacAddress;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import org.jspecify.annotations.Nullable;

/**
 * MATCH_CHARACTERISTICS (VL2 9.3): only the bits a rule asks for are worked out.
 */
final class Characteristics {

	static final long INBOUND = 1L << 63;

	static final long MULTICAST = 1L << 62;

	static final long BROADCAST = 1L << 61;

	static final long SENDER_IP_AUTHENTICATED = 1L << 60;

	static final long SENDER_MAC_AUTHENTICATED = 1L << 59;

	private static final long TCP_BITS = 0xfff;

	private static final long GROUP_BIT = 0x0100_0000_0000L;

	private static final int TCP = 6;

	private static final int ICMPV6 = 58;

	private static final int NEIGHBOR_SOLICITATION = 135;

	private static final int NEIGHBOR_ADVERTISEMENT = 136;

	private static final int ARP = 0x0806;

	private final Address self;

	Characteristics(Address self) {
		this.self = self;
	}

	boolean any(long mask, NetworkConfig config, FilteredFrame frame) {
		return (mask & INBOUND) != 0 && frame.inbound
				|| (mask & MULTICAST) != 0 && (frame.destinationMac & GROUP_BIT) != 0
				|| (mask & BROADCAST) != 0 && frame.destinationMac == MacAddress.BROADCAST.value()
				|| (mask & TCP_BITS) != 0 && (tcpBits(frame) & mask) != 0
				|| (mask & SENDER_IP_AUTHENTICATED) != 0 && senderIp(config, frame)
				|| (mask & SENDER_MAC_AUTHENTICATED) != 0 && senderMac(config, frame);
	}

	private static long tcpBits(FilteredFrame frame) {
		int position = -1;
		if (frame.isIpv4() && frame.u8(9) == TCP && frame.length >= frame.ipv4HeaderLength() + 14) {
			position = frame.ipv4HeaderLength();
		}
		else if (frame.isIpv6()) {
			int located = frame.locateIpv6Payload();
			if (located >= 0 && (located & 0xff) == TCP && frame.length > (located >> 8) + 14) {
				position = located >> 8;
			}
		}
		return (position < 0) ? 0 : frame.u16(position + 12) & TCP_BITS;
	}

	private boolean senderIp(NetworkConfig config, FilteredFrame frame) {
		if (frame.isIpv4()) {
			return owns(config, frame, frame.bytes(12, 4));
		}
		if (frame.etherType == ARP && frame.length >= 28) {
			return owns(config, frame, frame.bytes(14, 4));
		}
		if (!frame.isIpv6()) {
			return false;
		}
		if (frame.length >= 64 && frame.u8(6) == ICMPV6) {
			if (frame.u8(40) == NEIGHBOR_SOLICITATION) {
				return true;
			}
			if (frame.u8(40) == NEIGHBOR_ADVERTISEMENT) {
				return owns(config, frame, frame.bytes(48, 16));
			}
		}
		return owns(config, frame, frame.bytes(8, 16));
	}

	private boolean owns(NetworkConfig config, FilteredFrame frame, byte[] ip) {
		if (!frame.inbound) {
			List<CertificateOfOwnership> certificates = config.certificatesOfOwnership();
			for (int i = 0; i < certificates.size(); i++) {
				if (certificates.get(i).owns(ip)) {
					return true;
				}
			}
			return false;
		}
		FilteredFrame.Remote remote = frame.remote;
		return remote != null && remote.owns(ip)
				|| config.hasFlag(NetworkConfig.NDP_EMULATION) && isComputed(config, ip);
	}

	/*
	 * NDP emulation: addresses of the schemes this node uses itself count as owned,
	 * whoever sends from them
	 */
	private boolean isComputed(NetworkConfig config, byte[] ip) {
		if (ip.length != 16) {
			return false;
		}
		InetAddress address = InetPrefix.addressOf(ip);
		return isComputed(config, address, AddressSchemes.sixPlane(config.network(), this.self))
				|| isComputed(config, address, AddressSchemes.rfc4193(config.network(), this.self));
	}

	private static boolean isComputed(NetworkConfig config, InetAddress address, InetPrefix own) {
		return config.staticAddresses().contains(own) && own.contains(address);
	}

	private static boolean senderMac(NetworkConfig config, FilteredFrame frame) {
		if (frame.inbound) {
			FilteredFrame.@Nullable Remote remote = frame.remote;
			return remote != null && remote.ownsMac(frame.sourceMac);
		}
		MacAddress mac = new MacAddress(frame.sourceMac);
		return config.certificatesOfOwnership().stream().anyMatch((certificate) -> certificate.owns(mac));
	}

}
