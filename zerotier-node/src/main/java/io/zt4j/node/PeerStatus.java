package io.zt4j.node;

import java.util.List;

import io.zt4j.node.identity.Address;

/**
 * What a node knows of a peer at one moment.
 *
 * @param address the peer
 * @param version the peer's software version, or an empty string if unknown
 * @param protocol the peer's protocol version (VL1 15), 0 if unknown
 * @param role what the peer is to this node
 * @param latency round-trip time of the preferred direct path in milliseconds, -1 if
 * there is none or it was not measured
 * @param lastReceive when the peer was last heard of, milliseconds since the Unix epoch
 * @param paths the direct paths; empty if packets go through a root
 */
public record PeerStatus(Address address, String version, int protocol, PeerRole role, int latency, long lastReceive,
		List<PathStatus> paths) {

	public PeerStatus {
		paths = List.copyOf(paths);
	}

	/**
	 * Whether packets to the peer need no root.
	 * @return true if a direct path is in use
	 */
	public boolean isDirect() {
		return this.paths.stream().anyMatch(PathStatus::preferred);
	}

}
