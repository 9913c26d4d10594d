package io.zt4j.node.network;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;

/**
 * Name servers of a network (VL2 6, key {@code DNS}).
 *
 * @param domain the domain they serve, at most 127 bytes; empty if there is none
 * @param servers at most four name servers
 */
public record NetworkDns(String domain, List<InetAddress> servers) {

	/** No domain and no servers. */
	public static final NetworkDns NONE = new NetworkDns("", List.of());

	/** The most servers a network can have. */
	public static final int MAX_SERVERS = 4;

	private static final int DOMAIN_LENGTH = 128;

	public NetworkDns {
		servers = List.copyOf(servers);
		if (servers.size() > MAX_SERVERS) {
			throw new IllegalArgumentException("A network has at most 4 DNS servers, not " + servers.size());
		}
		if (domain.getBytes(StandardCharsets.UTF_8).length >= DOMAIN_LENGTH) {
			throw new IllegalArgumentException("A DNS domain has at most 127 bytes, but '" + domain + "' is longer");
		}
	}

	/**
	 * Make a record of whatever domain and servers, cut to what fits.
	 * @param domain the domain
	 * @param servers the name servers
	 * @return the record
	 */
	public static NetworkDns of(String domain, List<InetAddress> servers) {
		return new NetworkDns(Text.limit(domain, DOMAIN_LENGTH - 1),
				servers.subList(0, Math.min(MAX_SERVERS, servers.size())));
	}

	static NetworkDns read(ByteBuf in) {
		byte[] name = new byte[DOMAIN_LENGTH];
		in.readBytes(name);
		int length = 0;
		while (length < DOMAIN_LENGTH - 1 && name[length] != 0) {
			length++;
		}
		List<InetAddress> servers = new ArrayList<>(MAX_SERVERS);
		for (int i = 0; i < MAX_SERVERS; i++) {
			InetPrefix server = InetPrefix.read(in);
			if (server != null) {
				servers.add(server.address());
			}
		}
		return new NetworkDns(Text.utf8(name, length), servers);
	}

	void write(ByteBuf out) {
		byte[] name = this.domain.getBytes(StandardCharsets.UTF_8);
		out.writeBytes(name).writeZero(DOMAIN_LENGTH - name.length);
		for (int i = 0; i < MAX_SERVERS; i++) {
			InetPrefix.write(out, (i < this.servers.size()) ? this.servers.get(i) : null, 0);
		}
	}

}
