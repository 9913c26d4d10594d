package io.zt4j.node;

import java.net.InetSocketAddress;
import java.util.List;

import io.zt4j.node.identity.Address;

/**
 * What a node knows of itself at one moment.
 *
 * @param address the node's address
 * @param running whether its sockets are open
 * @param online whether a root answers, or the node is a root (VL1 11.3)
 * @param root whether the node is a root in its own planet or moons
 * @param version the software version announced in HELLO, such as {@code 1.14.1}
 * @param planetId the world ID of the planet (VL1 10.1), an unsigned 64-bit integer
 * @param planetTimestamp the revision of the planet, milliseconds since the Unix epoch
 * @param localEndpoints the addresses and ports of the open sockets
 * @param surfaceAddresses the node's endpoints as peers see them (VL1 12.7)
 */
public record NodeStatus(Address address, boolean running, boolean online, boolean root, String version, long planetId,
		long planetTimestamp, List<InetSocketAddress> localEndpoints, List<InetSocketAddress> surfaceAddresses) {

	public NodeStatus {
		localEndpoints = List.copyOf(localEndpoints);
		surfaceAddresses = List.copyOf(surfaceAddresses);
	}

}
