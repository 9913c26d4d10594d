package io.zt4j.node.packet;

import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints on the wire and in text (VL1 9). VL2 uses the same form with the port as a
 * number of prefix bits.
 */
public final class InetAddressCodec {

	private InetAddressCodec() {
	}

	/**
	 * Read an endpoint. IPv4-mapped IPv6 addresses stay IPv6.
	 * @param in where from
	 * @return the endpoint, or null if it is nil or of a reserved type
	 * @throws MalformedPacketException if the type is unknown
	 */
	public static @Nullable InetSocketAddress read(ByteBuf in) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Write an endpoint: 1 byte for nil, 7 for IPv4, 19 for IPv6.
	 * @param out where to
	 * @param endpoint the endpoint, resolved, or null
	 */
	public static void write(ByteBuf out, @Nullable InetSocketAddress endpoint) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Parse the text form {@code ip/port}, such as {@code 192.0.2.10/9993} or
	 * {@code 2001:db8::1/443}.
	 * @param text the text; host names are not looked up
	 * @return the endpoint
	 * @throws IllegalArgumentException if it is not of that form
	 */
	public static InetSocketAddress parse(String text) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Return the text form {@code ip/port}.
	 * @param endpoint the endpoint, resolved
	 * @return the text
	 */
	public static String format(InetSocketAddress endpoint) {
		throw new UnsupportedOperationException();
	}

	static InetSocketAddress readIpAndPort(ByteBuf in, int length, int port) {
		throw new UnsupportedOperationException();
	}

}
