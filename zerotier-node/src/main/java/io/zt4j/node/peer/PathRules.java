package io.zt4j.node.peer;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.IpScope;
import io.zt4j.node.transport.PhysicalTransport;

/**
 * Which endpoints may become paths (VL1 12.6). Other than the reference, loopback
 * addresses may if a socket is bound to one, so that nodes of one machine can meet there.
 */
final class PathRules {

	private final Upstreams upstreams;

	private final PhysicalTransport transport;

	private final Supplier<Predicate<InetAddress>> managed;

	PathRules(Upstreams upstreams, PhysicalTransport transport, Supplier<Predicate<InetAddress>> managed) {
		this.upstreams = upstreams;
		this.transport = transport;
		this.managed = managed;
	}

	boolean usable(Address peer, InetSocketAddress endpoint) {
		InetAddress ip = endpoint.getAddress();
		if (ip == null || endpoint.getPort() == 0 || !reachable(ip)) {
			return false;
		}
		List<InetSocketAddress> listed = this.upstreams.endpoints(peer);
		if (!listed.isEmpty()) {
			boolean found = false;
			for (int i = 0; i < listed.size() && !found; i++) {
				found = listed.get(i).getAddress().equals(ip);
			}
			if (!found) {
				return false;
			}
		}
		return !this.managed.get().test(ip);
	}

	// Whether a local address may be told to peers.
	boolean reachable(InetAddress ip) {
		IpScope scope = IpScope.of(ip);
		if (scope == IpScope.LOOPBACK) {
			return loopbackBound();
		}
		return scope.isUsable() && !isHurricaneTunnel(ip);
	}

	private boolean loopbackBound() {
		for (PhysicalTransport.LocalSocket socket : this.transport.sockets()) {
			if (socket.address().getAddress().isLoopbackAddress()) {
				return true;
			}
		}
		return false;
	}

	// 2001:470::/32
	private static boolean isHurricaneTunnel(InetAddress ip) {
		if (!(ip instanceof Inet6Address)) {
			return false;
		}
		byte[] bytes = ip.getAddress();
		return bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x04 && bytes[3] == 0x70;
	}

}
