package io.zt4j.node.peer;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.packet.IpScope;
import io.zt4j.node.packet.PushDirectPaths;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.transport.PhysicalTransport.LocalSocket;
import org.jspecify.annotations.Nullable;

/**
 * Finds, confirms and keeps direct paths (VL1 12.2, 12.3, 12.5). Paths are learned from
 * OKs to packets this node sent to that very endpoint, from nothing else.
 */
final class PathFinder {

	private static final int PATHS_PER_SCOPE = 8;

	/** Retries of a contact that RENDEZVOUS or a pushed path asked for. */
	private static final long[] CONTACT_RETRIES = { 300, 900 };

	private static final int ATTEMPTS = 256;

	private final Vl1 vl1;

	private final List<Attempt> attempts = new ArrayList<>();

	PathFinder(Vl1 vl1) {
		this.vl1 = vl1;
	}

	// What follows every authenticated packet that was handled (12.2).
	void received(Peer peer, Path path, int hops, @Nullable Verb verb, boolean confirmed, Verdict verdict) {
		long now = this.vl1.now();
		peer.lastReceive = now;
		if (verb == Verb.FRAME || verb == Verb.EXT_FRAME || verb == Verb.MULTICAST_FRAME
				|| verb == Verb.NETWORK_CONFIG_REQUEST || verb == Verb.NETWORK_CONFIG) {
			peer.lastNontrivial = now;
		}
		if (verdict == Verdict.TRUSTED) {
			peer.trusted = now;
			path.trusted = now;
		}
		path.received(now);
		if (hops == 0) {
			receivedDirect(peer, path, confirmed, now);
		}
		else {
			receivedRelayed(peer, now);
		}
		if (this.vl1.upstreams.isUpstream(peer.address)) {
			this.vl1.upstreamHeard();
		}
		if (peer.isTrusted(now)) {
			push(peer, path, hops, now);
		}
	}

	private void receivedDirect(Peer peer, Path path, boolean confirmed, long now) {
		PeerPath known = peer.find(path);
		if (known != null) {
			known.lastReceive = now;
		}
		else if (this.vl1.rules.usable(peer.address, path.endpoint)) {
			if (confirmed) {
				learn(peer, path, 1, now);
			}
			else if (!isRedundant(peer, path, now) && now - path.lastConfirm > Timing.CONFIRM) {
				path.lastConfirm = now;
				this.vl1.hello.send(peer, path);
			}
		}
	}

	// the peer does not use the direct path, or we would hear it there: is it still good?
	private void receivedRelayed(Peer peer, long now) {
		Path direct = peer.bestPath(now);
		if (direct != null && now - direct.lastIn > Timing.CONFIRM && now - direct.lastProbe > Timing.PROBE) {
			probe(peer, direct);
		}
	}

	// Whether a packet from a new port of a known IP is probably the second socket of the
	// same process. The reference waits until the old port was silent for 19 s; here one
	// second is enough to ask.
	private boolean isRedundant(Peer peer, Path path, long now) {
		for (PeerPath other : peer.paths) {
			if (isSibling(other.path, path) && now - other.lastReceive < Timing.CONFIRM && !other.path.isSuspect(now)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isSibling(Path one, Path other) {
		return one != other && one.socket == other.socket && one.ip().equals(other.ip());
	}

	private void learn(Peer peer, Path path, int priority, long now) {
		boolean first = peer.bestPath(now) == null;
		if (peer.paths.size() >= Peer.MAXIMUM_PATHS) {
			PeerPath oldest = peer.paths.get(0);
			for (PeerPath candidate : peer.paths) {
				oldest = (candidate.path.lastIn < oldest.path.lastIn) ? candidate : oldest;
			}
			peer.paths.remove(oldest);
		}
		peer.paths.removeIf((other) -> isSibling(other.path, path) && !other.path.isAlive(now));
		// older ports of the same address must answer before they are used again
		for (PeerPath other : peer.paths) {
			if (isSibling(other.path, path) && now - other.lastReceive > Timing.CONFIRM) {
				probe(peer, other.path);
				other.path.distrust(now);
			}
		}
		peer.paths.add(new PeerPath(path, now, priority));
		this.vl1.event(first ? new NodeEvent.PeerDirect(peer.address, path.endpoint)
				: new NodeEvent.PathDiscovered(peer.address, path.endpoint));
		this.vl1.waiting.pathKnown(peer);
	}

	// The peer runs anew: what was known of its endpoints must be confirmed again.
	void restarted(Peer peer, Path from) {
		long now = this.vl1.now();
		for (PeerPath other : peer.paths) {
			if (other.path != from) {
				probe(peer, other.path);
				other.path.distrust(now);
			}
		}
		peer.lastPush = 0;
		from.lastConfirm = 0;
		this.vl1.relay.forget(peer.address);
	}

	// ECHO, or HELLO to those that do not know it (12.5).
	void probe(Peer peer, Path path) {
		long now = this.vl1.now();
		if (!peer.takesEcho()) {
			this.vl1.hello.send(peer, path);
			return;
		}
		path.probed(now);
		ByteBuf packet = this.vl1.newPacket(Long.BYTES);
		packet.writeLong(now);
		this.vl1.outbound.sendDirect(peer, path, Verb.ECHO, packet);
	}

	private void contact(Peer peer, @Nullable LocalSocket socket, InetSocketAddress endpoint) {
		if (peer.takesEcho()) {
			ByteBuf packet = this.vl1.newPacket(Long.BYTES);
			packet.writeLong(this.vl1.now());
			this.vl1.outbound.sendTo(peer, socket, endpoint, Verb.ECHO, packet, -1);
		}
		else {
			this.vl1.hello.send(peer, socket, endpoint);
		}
	}

	// Contact an endpoint now and, unless it becomes a path, twice again.
	private void contactWithRetries(Peer peer, @Nullable LocalSocket socket, InetSocketAddress endpoint) {
		contact(peer, socket, endpoint);
		if (this.attempts.size() < ATTEMPTS) {
			this.attempts.add(new Attempt(peer, socket, endpoint, this.vl1.now()));
		}
	}

	// Contact an endpoint a peer was seen at before, by full HELLO.
	void contactCached(Peer peer, InetSocketAddress endpoint) {
		if (this.vl1.rules.usable(peer.address, endpoint)) {
			this.vl1.hello.send(peer, null, endpoint);
		}
	}

	// An upstream says where a peer may be reached (8.6).
	void rendezvous(Peer peer, LocalSocket socket, InetSocketAddress endpoint) {
		this.vl1.outbound.junk(socket, endpoint);
		contactWithRetries(peer, socket, endpoint);
	}

	// A peer says where it may be reached (8.8).
	void pushed(Peer peer, Path from, PushDirectPaths push) {
		long now = this.vl1.now();
		Map<IpScope, int[]> counts = new EnumMap<>(IpScope.class);
		for (PushDirectPaths.DirectPath pushed : push.paths()) {
			InetSocketAddress endpoint = pushed.endpoint();
			if (pushed.isForget() || (!pushed.isClusterRedirect() && hasPathTo(peer, endpoint, now))
					|| !this.vl1.rules.usable(peer.address, endpoint)) {
				continue;
			}
			if (pushed.isClusterRedirect()) {
				redirect(peer, from, endpoint, now);
				continue;
			}
			int family = (endpoint.getAddress().getAddress().length == 4) ? 0 : 1;
			int[] count = counts.computeIfAbsent(IpScope.of(endpoint.getAddress()), (key) -> new int[2]);
			if (count[family]++ < PATHS_PER_SCOPE) {
				contactWithRetries(peer, null, endpoint);
			}
		}
	}

	private static boolean hasPathTo(Peer peer, InetSocketAddress endpoint, long now) {
		for (PeerPath path : peer.paths) {
			if (!path.isExpired(now) && !path.path.isSuspect(now) && path.path.endpoint.equals(endpoint)) {
				return true;
			}
		}
		return false;
	}

	// 12.5: installed at once, paths of lower priority or the same IP are erased
	private void redirect(Peer peer, Path from, InetSocketAddress endpoint, long now) {
		PeerPath came = peer.find(from);
		int priority = Math.min((came != null) ? came.priority + 2 : 3, 1 << 20);
		Path path = this.vl1.paths.intern(this.vl1.paths.find(from.socket, endpoint));
		peer.paths.removeIf((other) -> other.priority < priority || other.path.ip().equals(path.ip()));
		peer.paths.add(new PeerPath(path, now, priority));
		this.vl1.hello.send(peer, path);
	}

	// Tell a trusted peer where we may be reached (12.3).
	private void push(Peer peer, Path path, int hops, long now) {
		long interval = (hops == 0) ? Timing.PUSH_DIRECT : Timing.PUSH_RELAYED;
		if (peer.lastPush != 0 && now - peer.lastPush < interval) {
			return;
		}
		peer.lastPush = now;
		Set<InetSocketAddress> endpoints = new LinkedHashSet<>();
		for (InetSocketAddress local : this.vl1.localEndpoints()) {
			// a loopback endpoint means something to our own machine only
			boolean loopback = local.getAddress().isLoopbackAddress();
			if (loopback ? path.scope == IpScope.LOOPBACK : this.vl1.rules.reachable(local.getAddress())) {
				endpoints.add(local);
			}
		}
		endpoints.addAll(this.vl1.awareness.surfaces(now));
		for (PushDirectPaths push : PushDirectPaths.of(List.copyOf(endpoints))) {
			ByteBuf packet = this.vl1.newPacket(PushDirectPaths.PACKET_LIMIT);
			push.write(packet);
			this.vl1.outbound.sendDirect(peer, path, Verb.PUSH_DIRECT_PATHS, packet);
		}
	}

	// Our external address changed: confirm every path of that scope and family (12.7).
	void surfaceChanged(IpScope scope, boolean ipv4, long now) {
		for (Peer peer : this.vl1.registry.all()) {
			for (PeerPath path : peer.paths) {
				if (path.path.scope == scope && (path.path.ip().getAddress().length == 4) == ipv4) {
					probe(peer, path.path);
					path.path.distrust(now);
				}
			}
		}
	}

	void tick(long now) {
		this.attempts.removeIf((attempt) -> {
			if (hasPathTo(attempt.peer, attempt.endpoint, now)) {
				return true;
			}
			if (now - attempt.since >= CONTACT_RETRIES[attempt.done]) {
				contact(attempt.peer, attempt.socket, attempt.endpoint);
				attempt.done++;
			}
			return attempt.done >= CONTACT_RETRIES.length;
		});
	}

	private static final class Attempt {

		private final Peer peer;

		private final @Nullable LocalSocket socket;

		private final InetSocketAddress endpoint;

		private final long since;

		private int done;

		Attempt(Peer peer, @Nullable LocalSocket socket, InetSocketAddress endpoint, long since) {
			this.peer = peer;
			this.socket = socket;
			this.endpoint = endpoint;
			this.since = since;
		}

	}

}
