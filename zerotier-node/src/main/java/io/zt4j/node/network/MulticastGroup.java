package io.zt4j.node.network;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.Locale;

import io.netty.buffer.ByteBuf;

/**
 * A multicast group of a virtual network (VL2 1.3).
 *
 * @param mac the group's MAC address
 * @param adi additional distinguishing information: the IPv4 address for ARP groups, else
 * 0
 */
public record MulticastGroup(MacAddress mac, int adi) implements Comparable<MulticastGroup> {

	/** Bytes of a group on the wire. */
	public static final int LENGTH = 10;

	/** All plain broadcasts. */
	public static final MulticastGroup BROADCAST = new MulticastGroup(MacAddress.BROADCAST, 0);

	private static final Comparator<MulticastGroup> ORDER = Comparator.comparing(MulticastGroup::mac)
		.thenComparing(MulticastGroup::adi, Integer::compareUnsigned);

	/**
	 * Return the group in which an IP address is resolved: ARP's broadcast narrowed to
	 * one IPv4 address, or the solicited-node multicast address of IPv6.
	 * @param address the IP address
	 * @return the group its owner must subscribe to
	 */
	public static MulticastGroup resolving(InetAddress address) {
		byte[] ip = address.getAddress();
		int last = ip.length - 1;
		int low = (ip[last - 2] & 0xff) << 16 | (ip[last - 1] & 0xff) << 8 | ip[last] & 0xff;
		if (ip.length == 4) {
			return new MulticastGroup(MacAddress.BROADCAST, ip[0] << 24 | low);
		}
		return new MulticastGroup(new MacAddress(0x3333_ff00_0000L | low), 0);
	}

	/**
	 * Read ten bytes at the reader index.
	 * @param in the buffer
	 * @return the group
	 */
	public static MulticastGroup read(ByteBuf in) {
		return new MulticastGroup(MacAddress.read(in), in.readInt());
	}

	/**
	 * Write ten bytes.
	 * @param out the buffer
	 */
	public void write(ByteBuf out) {
		this.mac.write(out);
		out.writeInt(this.adi);
	}

	@Override
	public int compareTo(MulticastGroup other) {
		return ORDER.compare(this, other);
	}

	@Override
	public String toString() {
		return (this.adi == 0) ? this.mac.toString() : this.mac + "/" + String.format(Locale.ROOT, "%08x", this.adi);
	}

}
