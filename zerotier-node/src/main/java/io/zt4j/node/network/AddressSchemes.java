package io.zt4j.node.network;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

import io.zt4j.node.identity.Address;
import org.jspecify.annotations.Nullable;

/**
 * IPv6 addresses computed from network and member (VL2 1.4, 1.5).
 */
public final class AddressSchemes {

	private AddressSchemes() {
	}

	/**
	 * Compute a member's RFC 4193 address.
	 * @param network the network
	 * @param member the member
	 * @return the address, prefix length 88
	 */
	public static InetPrefix rfc4193(NetworkId network, Address member) {
		ByteBuffer ip = ByteBuffer.allocate(16)
			.put((byte) 0xfd)
			.putLong(network.value())
			.put((byte) 0x99)
			.put((byte) 0x93);
		put(ip, member);
		return new InetPrefix(InetPrefix.addressOf(ip.array()), 88);
	}

	/**
	 * Compute a member's 6PLANE address. The member owns the whole /80 around it.
	 * @param network the network
	 * @param member the member
	 * @return the address, prefix length 40
	 */
	public static InetPrefix sixPlane(NetworkId network, Address member) {
		ByteBuffer ip = ByteBuffer.allocate(16)
			.put((byte) 0xfc)
			.putInt((int) (network.value() ^ network.value() >>> 32));
		put(ip, member);
		ip.put(15, (byte) 1);
		return new InetPrefix(InetPrefix.addressOf(ip.array()), 40);
	}

	/**
	 * Return the member an RFC 4193 address belongs to.
	 * @param network the network
	 * @param address any address
	 * @return the member, or null if the address is not one of this scheme and network
	 */
	public static @Nullable Address memberOfRfc4193(NetworkId network, InetAddress address) {
		return member(rfc4193(network, new Address(0)).address(), address, 11);
	}

	/**
	 * Return the member a 6PLANE address belongs to.
	 * @param network the network
	 * @param address any address
	 * @return the member, or null if the address is not one of this scheme and network
	 */
	public static @Nullable Address memberOfSixPlane(NetworkId network, InetAddress address) {
		return member(sixPlane(network, new Address(0)).address(), address, 5);
	}

	/**
	 * Compute the link-local address of a MAC address (VL2 1.5).
	 * @param mac the MAC address
	 * @return the address, prefix length 64
	 */
	public static InetPrefix linkLocal(MacAddress mac) {
		long m = mac.value();
		ByteBuffer ip = ByteBuffer.allocate(16).putLong(0xfe80_0000_0000_0000L);
		ip.putLong((m >>> 40 & 0xfd) << 56 | (m >>> 24 & 0xffff) << 40 | 0xff_fe00_0000L | m & 0xff_ffff);
		return new InetPrefix(InetPrefix.addressOf(ip.array()), 64);
	}

	private static void put(ByteBuffer ip, Address member) {
		ip.put((byte) (member.value() >>> 32)).putInt((int) member.value());
	}

	private static @Nullable Address member(InetAddress base, InetAddress address, int prefixBytes) {
		byte[] ip = address.getAddress();
		if (ip.length != 16 || !Arrays.equals(ip, 0, prefixBytes, base.getAddress(), 0, prefixBytes)) {
			return null;
		}
		long member = 0;
		for (int i = 0; i < Address.LENGTH; i++) {
			member = member << 8 | ip[prefixBytes + i] & 0xff;
		}
		return new Address(member);
	}

}
