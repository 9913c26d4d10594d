package io.zt4j.node.packet;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints on the wire and in text (VL1 9). VL2 uses the same form with the port as a
 * number of prefix bits.
 */
public final class InetAddressCodec {

	private static final int IPV4_LENGTH = 4;

	private static final int IPV6_LENGTH = 16;

	private static final int RESERVED_LENGTH = 6;

	private static final int MAXIMUM_PORT = 65_535;

	private InetAddressCodec() {
	}

	/**
	 * Read an endpoint. IPv4-mapped IPv6 addresses stay IPv6.
	 * @param in where from
	 * @return the endpoint, or null if it is nil or of a reserved type
	 * @throws MalformedPacketException if the type is unknown
	 */
	public static @Nullable InetSocketAddress read(ByteBuf in) {
		int type = in.readUnsignedByte();
		switch (type) {
			case 0 -> {
				return null;
			}
			case 1, 2 -> {
				in.skipBytes(RESERVED_LENGTH);
				return null;
			}
			case 3 -> {
				in.skipBytes(in.readUnsignedShort());
				return null;
			}
			case 4 -> {
				return readEndpoint(in, IPV4_LENGTH);
			}
			case 6 -> {
				return readEndpoint(in, IPV6_LENGTH);
			}
			default -> throw new MalformedPacketException("Endpoint of type " + type);
		}
	}

	private static InetSocketAddress readEndpoint(ByteBuf in, int length) {
		InetAddress ip = readIp(in, length);
		return new InetSocketAddress(ip, in.readUnsignedShort());
	}

	static InetAddress readIp(ByteBuf in, int length) {
		byte[] bytes = new byte[length];
		in.readBytes(bytes);
		return address(bytes);
	}

	/**
	 * Write an endpoint: 1 byte for nil, 7 for IPv4, 19 for IPv6.
	 * @param out where to
	 * @param endpoint the endpoint, resolved, or null
	 */
	public static void write(ByteBuf out, @Nullable InetSocketAddress endpoint) {
		if (endpoint == null) {
			out.writeByte(0);
			return;
		}
		byte[] bytes = resolved(endpoint).getAddress();
		out.writeByte((bytes.length == IPV4_LENGTH) ? 4 : 6);
		out.writeBytes(bytes);
		out.writeShort(endpoint.getPort());
	}

	/**
	 * Parse the text form {@code ip/port}, such as {@code 192.0.2.10/9993} or
	 * {@code 2001:db8::1/443}.
	 * @param text the text; host names are not looked up
	 * @return the endpoint
	 * @throws IllegalArgumentException if it is not of that form
	 */
	public static InetSocketAddress parse(String text) {
		int slash = text.indexOf('/');
		byte[] bytes = (slash > 0) ? NetUtil.createByteArrayFromIpAddressString(text.substring(0, slash)) : null;
		int port = -1;
		if (text.substring(slash + 1).matches("[0-9]{1,5}")) {
			port = Integer.parseInt(text.substring(slash + 1));
		}
		if (bytes == null || port < 0 || port > MAXIMUM_PORT) {
			throw new IllegalArgumentException("An endpoint is <ip>/<port>, such as 192.0.2.10/9993 or "
					+ "2001:db8::1/9993 (no host names), not '" + text + "'");
		}
		return new InetSocketAddress(address(bytes), port);
	}

	/**
	 * Return the text form {@code ip/port}.
	 * @param endpoint the endpoint, resolved
	 * @return the text
	 */
	public static String format(InetSocketAddress endpoint) {
		return NetUtil.toAddressString(resolved(endpoint)) + "/" + endpoint.getPort();
	}

	private static InetAddress resolved(InetSocketAddress endpoint) {
		InetAddress ip = endpoint.getAddress();
		if (ip == null) {
			throw new IllegalArgumentException("Endpoint " + endpoint + " is not resolved to an IP address");
		}
		return ip;
	}

	private static InetAddress address(byte[] bytes) {
		try {
			// getByAddress would turn ::ffff:a.b.c.d into IPv4
			return (bytes.length == IPV4_LENGTH) ? InetAddress.getByAddress(bytes)
					: Inet6Address.getByAddress(null, bytes, -1);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException("An IP address has 4 or 16 bytes, not " + bytes.length, ex);
		}
	}

}
