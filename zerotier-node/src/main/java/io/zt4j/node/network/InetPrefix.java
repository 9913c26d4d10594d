package io.zt4j.node.network;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import io.zt4j.node.packet.InetAddressCodec;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * An IP address with a prefix length, as static IPs and route targets are given. On the
 * wire it is an InetAddress (VL1 9) whose port is the prefix length (VL2 0).
 *
 * @param address the address, host bits included
 * @param prefixLength bits of the network part, 0..32 or 0..128
 */
public record InetPrefix(InetAddress address, int prefixLength) implements Comparable<InetPrefix> {

	public InetPrefix {
		int bits = 8 * address.getAddress().length;
		if (prefixLength < 0 || prefixLength > bits) {
			throw new IllegalArgumentException("The prefix length of " + NetUtil.toAddressString(address)
					+ " must be 0.." + bits + ", not " + prefixLength);
		}
	}

	/**
	 * Parse {@code address/bits}; without bits the prefix is the whole address.
	 * @param text for example {@code 10.147.20.0/24}
	 * @return the prefix
	 * @throws IllegalArgumentException if the text is not of that form
	 */
	public static InetPrefix parse(String text) {
		int slash = text.indexOf('/');
		InetAddress address = parseAddress((slash < 0) ? text : text.substring(0, slash));
		if (slash < 0) {
			return new InetPrefix(address, 8 * address.getAddress().length);
		}
		String bits = text.substring(slash + 1);
		if (!bits.matches("[0-9]{1,3}")) {
			throw new IllegalArgumentException(
					"A prefix is written address/bits such as 10.147.20.0/24, not '" + text + "'");
		}
		return new InetPrefix(address, Integer.parseInt(bits));
	}

	/**
	 * Parse an IP address literal; names are never looked up.
	 * @param text an IPv4 or IPv6 literal
	 * @return the address
	 * @throws IllegalArgumentException if it is neither
	 */
	public static InetAddress parseAddress(String text) {
		byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
		if (bytes == null || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
			throw new IllegalArgumentException("'" + text + "' is not an IPv4 or IPv6 address");
		}
		return (text.indexOf(':') >= 0 && bytes.length == 4) ? addressOf(mapped(bytes)) : addressOf(bytes);
	}

	/**
	 * Make an address of its bytes; sixteen bytes always make an {@link Inet6Address},
	 * even those of a mapped IPv4 address.
	 * @param bytes 4 or 16 bytes
	 * @return the address
	 */
	public static InetAddress addressOf(byte[] bytes) {
		try {
			return (bytes.length == 16) ? Inet6Address.getByAddress(null, bytes, -1) : InetAddress.getByAddress(bytes);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException("An IP address has 4 or 16 bytes, not " + bytes.length, ex);
		}
	}

	/**
	 * Read an InetAddress whose port is the prefix length.
	 * @param in the buffer
	 * @return the prefix, or null for a nil address
	 * @throws MalformedPacketException if the address type or the prefix length is
	 * impossible
	 */
	static @Nullable InetPrefix read(ByteBuf in) {
		InetSocketAddress endpoint = InetAddressCodec.read(in);
		if (endpoint == null) {
			return null;
		}
		if (endpoint.getPort() > 8 * endpoint.getAddress().getAddress().length) {
			throw new MalformedPacketException("prefix length " + endpoint.getPort());
		}
		return new InetPrefix(endpoint.getAddress(), endpoint.getPort());
	}

	static void write(ByteBuf out, @Nullable InetAddress address, int port) {
		InetAddressCodec.write(out, (address != null) ? new InetSocketAddress(address, port) : null);
	}

	void write(ByteBuf out) {
		write(out, this.address, this.prefixLength);
	}

	/**
	 * Whether an address lies in this prefix; host bits of this prefix are ignored.
	 * @param other the address
	 * @return true if it is of the same family and shares the first
	 * {@link #prefixLength()} bits
	 */
	public boolean contains(InetAddress other) {
		byte[] mine = this.address.getAddress();
		byte[] theirs = other.getAddress();
		if (mine.length != theirs.length) {
			return false;
		}
		int whole = this.prefixLength / 8;
		for (int i = 0; i < whole; i++) {
			if (mine[i] != theirs[i]) {
				return false;
			}
		}
		int rest = this.prefixLength % 8;
		return rest == 0 || ((mine[whole] ^ theirs[whole]) & 0xff & 0xff00 >> rest) == 0;
	}

	/**
	 * Return this prefix with all host bits zero.
	 * @return the network
	 */
	public InetPrefix network() {
		byte[] ip = this.address.getAddress();
		for (int i = 0; i < ip.length; i++) {
			int bits = Math.max(0, Math.min(8, this.prefixLength - 8 * i));
			ip[i] &= (byte) (0xff00 >> bits);
		}
		return new InetPrefix(addressOf(ip), this.prefixLength);
	}

	/**
	 * Whether this is an IPv6 prefix.
	 * @return false for IPv4
	 */
	public boolean isIpv6() {
		return this.address instanceof Inet6Address;
	}

	@Override
	public int compareTo(InetPrefix other) {
		int order = Arrays.compareUnsigned(this.address.getAddress(), other.address.getAddress());
		return (order != 0) ? order : Integer.compare(this.prefixLength, other.prefixLength);
	}

	@Override
	public String toString() {
		return NetUtil.toAddressString(this.address) + "/" + this.prefixLength;
	}

	private static byte[] mapped(byte[] ipv4) {
		byte[] ip = new byte[16];
		ip[10] = (byte) 0xff;
		ip[11] = (byte) 0xff;
		System.arraycopy(ipv4, 0, ip, 12, 4);
		return ip;
	}

}
