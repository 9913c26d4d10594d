package io.zt4j.spring.boot;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code host:port}, {@code [IPv6]:port} or {@code host}.
 */
final class Endpoints {

	private Endpoints() {
	}

	/**
	 * Parse endpoints and look up their host names.
	 * @param property the property they come from
	 * @param texts the endpoints
	 * @param defaultPort port of those that give none
	 * @return every address of every endpoint
	 */
	static List<InetSocketAddress> parse(String property, List<String> texts, int defaultPort) {
		List<InetSocketAddress> result = new ArrayList<>();
		for (int i = 0; i < texts.size(); i++) {
			result.addAll(parse(property + "[" + i + "]", texts.get(i), defaultPort));
		}
		return result;
	}

	private static List<InetSocketAddress> parse(String property, String text, int defaultPort) {
		int colon = text.lastIndexOf(':');
		// an IPv6 address without brackets has colons, but no port
		boolean hasPort = colon > text.lastIndexOf(']') && text.indexOf(':') == colon
				|| text.startsWith("[") && colon > text.lastIndexOf(']');
		String host = hasPort ? text.substring(0, colon) : text;
		try {
			int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : defaultPort;
			if (port < 1 || port > 0xffff) {
				throw new NumberFormatException();
			}
			List<InetSocketAddress> result = new ArrayList<>();
			for (InetAddress address : InetAddress.getAllByName(host)) {
				result.add(new InetSocketAddress(address, port));
			}
			return result;
		}
		catch (NumberFormatException ex) {
			throw new InvalidZeroTierPropertyException(property, text, "Its port is no number from 1 to 65535.",
					"Write host:port, such as 203.0.113.7:9993; if zerotier.port is 0, nobody can know the port.");
		}
		catch (UnknownHostException ex) {
			throw new InvalidZeroTierPropertyException(property, text, "The host " + host + " is unknown.",
					"Write an IP address of this machine, or a name that resolves to one.");
		}
	}

}
