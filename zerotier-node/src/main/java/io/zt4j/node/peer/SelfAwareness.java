package io.zt4j.node.peer;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;

import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.IpScope;
import io.zt4j.node.transport.PhysicalTransport.LocalSocket;

/**
 * Learns this node's external addresses from how others see it (VL1 12.7).
 */
final class SelfAwareness {

	private static final int CAPACITY = 512;

	private final Vl1 vl1;

	private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>();

	SelfAwareness(Vl1 vl1) {
		this.vl1 = vl1;
	}

	// A peer heard directly says from where it sees us.
	void report(Peer reporter, Path path, InetSocketAddress seenAs) {
		IpScope scope = IpScope.of(seenAs.getAddress());
		if (scope != path.scope || scope == IpScope.NONE || scope == IpScope.LOOPBACK || scope == IpScope.MULTICAST) {
			return;
		}
		long now = this.vl1.now();
		Key key = new Key(reporter.address, path.socket, path.endpoint, scope);
		Entry old = this.entries.remove(key);
		this.entries.put(key, new Entry(seenAs, now));
		if (this.entries.size() > CAPACITY) {
			this.entries.remove(this.entries.keySet().iterator().next());
		}
		if (old != null && now - old.time < Timing.SURFACE && this.vl1.upstreams.isUpstream(reporter.address)
				&& !old.seenAs.getAddress().equals(seenAs.getAddress())) {
			this.entries.keySet()
				.removeIf((other) -> other.scope == scope && !other.reporterEndpoint.equals(path.endpoint));
			boolean ipv4 = seenAs.getAddress().getAddress().length == 4;
			this.vl1.finder.surfaceChanged(scope, ipv4, now);
		}
	}

	// Return the distinct external endpoints.
	List<InetSocketAddress> surfaces(long now) {
		LinkedHashSet<InetSocketAddress> distinct = new LinkedHashSet<>();
		this.entries.values().forEach((entry) -> {
			if (now - entry.time < Timing.SURFACE) {
				distinct.add(entry.seenAs);
			}
		});
		return new ArrayList<>(distinct);
	}

	void expire(long now) {
		this.entries.values().removeIf((entry) -> now - entry.time >= Timing.SURFACE);
	}

	private record Key(Address reporter, LocalSocket socket, InetSocketAddress reporterEndpoint, IpScope scope) {
	}

	private record Entry(InetSocketAddress seenAs, long time) {
	}

}
