package io.zt4j.node.transport;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.zt4j.node.packet.IpScope;

/**
 * The interface addresses worth a socket (VL1 13.2). Java cannot tell temporary IPv6
 * addresses from others; they are used as well.
 */
final class LocalInterfaces {

	private static final List<String> SKIPPED = List.of("lo", "zt", "tun", "tap");

	private LocalInterfaces() {
	}

	static Set<InetAddress> usable() throws SocketException {
		Set<InetAddress> addresses = new LinkedHashSet<>();
		for (NetworkInterface nic : Collections.list(NetworkInterface.getNetworkInterfaces())) {
			if (!nic.isUp() || nic.isLoopback() || SKIPPED.stream().anyMatch(nic.getName()::startsWith)) {
				continue;
			}
			for (InetAddress address : Collections.list(nic.getInetAddresses())) {
				if (IpScope.of(address).isUsable()) {
					addresses.add(address);
				}
			}
		}
		return addresses;
	}

}
