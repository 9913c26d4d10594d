package io.zt4j.netty.testsuite;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zt4j.netty.testing.HostNetwork;
import io.zt4j.netty.testing.StaticSocketDomain;
import io.zt4j.stack.InterfaceAddress;

/**
 * Two hosts on one Ethernet without loss, for the whole JVM: {@code SERVER} and
 * {@code CLIENT}. Each has an address on the prefix on which Netty's tests know a host
 * that never answers, which is there, too. The server also has the addresses of the
 * interfaces of the machine, by which Netty's multicast tests name an interface.
 */
final class TestNetwork {

	static final InetAddress SERVER_ADDRESS = address("10.75.0.1");

	static final InetAddress SERVER_ADDRESS6 = address("fd75::1");

	static final InetAddress CLIENT_ADDRESS = address("10.75.0.2");

	static final EventLoop LOOP = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("stack", true),
			NioIoHandler.newFactory())
		.next();

	static final StaticSocketDomain SERVER;

	static final StaticSocketDomain CLIENT;

	static {
		HostNetwork network = new HostNetwork(LOOP, 75);
		SERVER = network.domain(addresses(SERVER_ADDRESS, "fd75::1", true));
		network.silentHost(new InterfaceAddress(address("198.51.100.254"), 24));
		CLIENT = network.domain(addresses(CLIENT_ADDRESS, "fd75::2", false));
	}

	private TestNetwork() {
	}

	private static InterfaceAddress[] addresses(InetAddress v4, String v6, boolean machine) {
		Map<InetAddress, Integer> addresses = new LinkedHashMap<>();
		addresses.put(v4, 24);
		addresses.put(address(v6), 64);
		addresses.put(address("198.51.100." + v4.getAddress()[3]), 24);
		if (machine) {
			for (NetworkInterface networkInterface : NetUtil.NETWORK_INTERFACES) {
				for (InetAddress own : Collections.list(networkInterface.getInetAddresses())) {
					if (!own.isLoopbackAddress()) {
						addresses.putIfAbsent(own, own.getAddress().length * 8);
					}
				}
			}
		}
		List<InterfaceAddress> result = new ArrayList<>();
		addresses.forEach((address, prefix) -> result.add(new InterfaceAddress(address, prefix)));
		return result.toArray(new InterfaceAddress[0]);
	}

	private static InetAddress address(String literal) {
		try {
			return InetAddress.getByName(literal);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
