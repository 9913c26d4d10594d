package io.zt4j.spring.boot.actuate;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.zt4j.node.NetworkInfo;
import io.zt4j.node.NodeStatistics;
import io.zt4j.node.NodeStatus;
import io.zt4j.node.PathStatus;
import io.zt4j.node.PeerStatus;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.stack.NetworkStack;
import io.zt4j.stack.StackStatistics;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Shows the node, its networks, its peers with their paths, and the TCP/IP stacks. Reads
 * only, and shows no secret.
 */
@Endpoint(id = "zerotier")
public class ZeroTierEndpoint {

	private final ZeroTierNode node;

	private final SocketDomain domain;

	/**
	 * Create the endpoint.
	 * @param node the node
	 * @param domain its stacks
	 */
	public ZeroTierEndpoint(ZeroTierNode node, SocketDomain domain) {
		this.node = node;
		this.domain = domain;
	}

	/**
	 * Describe everything.
	 * @return a snapshot
	 */
	@ReadOperation
	public ZeroTierDescriptor zerotier() {
		return new ZeroTierDescriptor(NodeDescriptor.of(this.node.status(), this.node.statistics()),
				this.node.networks().stream().map(NetworkDescriptor::of).toList(),
				this.node.peers().stream().map(PeerDescriptor::of).toList(),
				this.domain.stacks().stream().map(StackDescriptor::of).toList());
	}

	private static @Nullable Instant instant(long epochMillis) {
		return (epochMillis > 0) ? Instant.ofEpochMilli(epochMillis) : null;
	}

	private static String text(InetSocketAddress endpoint) {
		String host = endpoint.getAddress().getHostAddress();
		return ((host.indexOf(':') < 0) ? host : "[" + host + "]") + ":" + endpoint.getPort();
	}

	/**
	 * The whole answer.
	 *
	 * @param node the node
	 * @param networks the joined networks
	 * @param peers the known peers
	 * @param stacks one TCP/IP stack for each network
	 */
	public record ZeroTierDescriptor(NodeDescriptor node, List<NetworkDescriptor> networks, List<PeerDescriptor> peers,
			List<StackDescriptor> stacks) implements OperationResponseBody {
	}

	/**
	 * The node.
	 *
	 * @param address node ID
	 * @param online whether a root answers
	 * @param root whether it is a root
	 * @param version the version it announces
	 * @param planet world ID of its planet
	 * @param planetTimestamp revision of its planet
	 * @param localEndpoints its sockets
	 * @param surfaceAddresses how peers see it
	 * @param datagramsReceived UDP datagrams received
	 * @param bytesReceived their bytes
	 * @param datagramsSent UDP datagrams sent
	 * @param bytesSent their bytes
	 * @param packetsReceived authenticated packets received
	 * @param packetsRelayed packets forwarded for others
	 * @param drops packets dropped, by reason
	 */
	public record NodeDescriptor(String address, boolean online, boolean root, String version, String planet,
			@Nullable Instant planetTimestamp, List<String> localEndpoints, List<String> surfaceAddresses,
			long datagramsReceived, long bytesReceived, long datagramsSent, long bytesSent, long packetsReceived,
			long packetsRelayed, Map<String, Long> drops) {

		static NodeDescriptor of(NodeStatus status, NodeStatistics statistics) {
			return new NodeDescriptor(status.address().toString(), status.online(), status.root(), status.version(),
					Long.toUnsignedString(status.planetId()), instant(status.planetTimestamp()),
					status.localEndpoints().stream().map(ZeroTierEndpoint::text).toList(),
					status.surfaceAddresses().stream().map(ZeroTierEndpoint::text).toList(),
					statistics.datagramsReceived(), statistics.bytesReceived(), statistics.datagramsSent(),
					statistics.bytesSent(), statistics.packetsReceived(), statistics.packetsRelayed(),
					statistics.drops());
		}

	}

	/**
	 * A joined network.
	 *
	 * @param id network ID
	 * @param name its name
	 * @param status status of the membership
	 * @param mtu greatest Ethernet payload in bytes
	 * @param addresses the assigned addresses
	 * @param routes the routes
	 */
	public record NetworkDescriptor(String id, @Nullable String name, String status, int mtu, List<String> addresses,
			List<String> routes) {

		static NetworkDescriptor of(NetworkInfo info) {
			return new NetworkDescriptor(info.id().toString(), info.name(), info.status().name(), info.mtu(),
					info.assignedAddresses(), info.routes());
		}

	}

	/**
	 * A peer.
	 *
	 * @param address node ID
	 * @param role what it is to this node
	 * @param version its version, empty if unknown
	 * @param latency round-trip time in milliseconds, null if not measured
	 * @param direct whether packets to it need no root
	 * @param lastReceive when it was last heard of
	 * @param paths direct paths to it
	 */
	public record PeerDescriptor(String address, String role, String version, @Nullable Integer latency, boolean direct,
			@Nullable Instant lastReceive, List<PathDescriptor> paths) {

		static PeerDescriptor of(PeerStatus peer) {
			return new PeerDescriptor(peer.address().toString(), peer.role().name(), peer.version(),
					(peer.latency() >= 0) ? peer.latency() : null, peer.isDirect(), instant(peer.lastReceive()),
					peer.paths().stream().map(PathDescriptor::of).toList());
		}

	}

	/**
	 * A path.
	 *
	 * @param endpoint address and port of the peer
	 * @param latency round-trip time in milliseconds, null if not measured
	 * @param preferred whether packets go this way
	 * @param active whether anything arrived on it lately
	 * @param lastSend when something was last sent
	 * @param lastReceive when something was last received
	 */
	public record PathDescriptor(String endpoint, @Nullable Integer latency, boolean preferred, boolean active,
			@Nullable Instant lastSend, @Nullable Instant lastReceive) {

		static PathDescriptor of(PathStatus path) {
			return new PathDescriptor(text(path.endpoint()), (path.latency() >= 0) ? path.latency() : null,
					path.preferred(), path.active(), instant(path.lastSend()), instant(path.lastReceive()));
		}

	}

	/**
	 * A TCP/IP stack.
	 *
	 * @param addresses its addresses
	 * @param connections TCP connections in any state but CLOSED
	 * @param framesReceived Ethernet frames received
	 * @param framesSent Ethernet frames sent
	 * @param segmentsReceived TCP segments received
	 * @param segmentsSent TCP segments sent
	 * @param segmentsRetransmitted TCP segments sent again
	 * @param datagramsReceived UDP datagrams delivered
	 * @param datagramsSent UDP datagrams sent
	 * @param drops packets dropped, by reason
	 */
	public record StackDescriptor(List<String> addresses, int connections, long framesReceived, long framesSent,
			long segmentsReceived, long segmentsSent, long segmentsRetransmitted, long datagramsReceived,
			long datagramsSent, Map<String, Long> drops) {

		static StackDescriptor of(NetworkStack stack) {
			StackStatistics statistics = stack.statistics();
			return new StackDescriptor(stack.addresses().stream().map(Object::toString).toList(),
					statistics.connections(), statistics.framesReceived(), statistics.framesSent(),
					statistics.segmentsReceived(), statistics.segmentsSent(), statistics.segmentsRetransmitted(),
					statistics.datagramsReceived(), statistics.datagramsSent(), statistics.drops());
		}

	}

}
