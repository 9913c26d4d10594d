package io.zt4j.node.peer;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.identity.Address;

/**
 * Keeps in touch with roots and active peers, and forgets the silent ones (VL1 11.3,
 * 12.5). Roots are contacted at once, quickly again at first, and every five seconds
 * while they do not answer.
 */
final class KeepAlive {

	private static final long[] BACKOFF = { 250, 500, 1_000, 2_000, 4_000, 5_000 };

	private static final long PEER_ROUND = 1_000;

	private static final long HOUSEKEEPING = 30_000;

	private final Vl1 vl1;

	private final RandomGenerator random;

	private final Map<Address, Contact> contacts = new HashMap<>();

	private long lastRound;

	private long lastHousekeeping;

	KeepAlive(Vl1 vl1, RandomGenerator random) {
		this.vl1 = vl1;
		this.random = random;
	}

	void tick(long now) {
		upstreams(now);
		if (now - this.lastRound >= PEER_ROUND) {
			this.lastRound = now;
			peers(now);
		}
		if (now - this.lastHousekeeping >= HOUSEKEEPING) {
			this.lastHousekeeping = now;
			housekeeping(now);
		}
	}

	private void upstreams(long now) {
		Collection<Address> seeds = this.vl1.upstreams.seeds();
		Set<Address> all = new HashSet<>(this.vl1.upstreams.addresses());
		all.addAll(seeds);
		this.contacts.keySet().retainAll(all);
		for (Address address : all) {
			Peer peer = this.vl1.peer(address.value());
			if (peer == null) {
				this.vl1.waiting.whois(address);
				continue;
			}
			Contact contact = this.contacts.computeIfAbsent(address, (key) -> new Contact());
			if (peer.bestPath(now) == null) {
				if (now >= contact.next) {
					contact.next = now + BACKOFF[Math.min(contact.attempts, BACKOFF.length - 1)];
					contact.attempts++;
					contact(peer, now);
				}
			}
			else {
				contact.attempts = 0;
				if (now - peer.lastFullHello >= Timing.ROOT_HELLO) {
					helloEverywhere(peer, now);
				}
			}
		}
	}

	// HELLO to known paths and to one stable endpoint of each family (11.3).
	private void contact(Peer peer, long now) {
		helloEverywhere(peer, now);
		List<InetSocketAddress> endpoints = this.vl1.upstreams.endpoints(peer.address);
		if (endpoints.isEmpty()) {
			Peer relay = this.vl1.upstreams.best(now, peer);
			Path path = (relay != null) ? relay.bestPath(now) : null;
			if (path != null) {
				this.vl1.hello.sendRelayed(peer, path);
			}
			return;
		}
		hello(peer, endpoints.stream().filter((endpoint) -> endpoint.getAddress() instanceof Inet4Address).toList());
		hello(peer, endpoints.stream().filter((endpoint) -> !(endpoint.getAddress() instanceof Inet4Address)).toList());
	}

	private void hello(Peer peer, List<InetSocketAddress> endpoints) {
		if (!endpoints.isEmpty()) {
			this.vl1.hello.send(peer, null, endpoints.get(this.random.nextInt(endpoints.size())));
		}
	}

	private void helloEverywhere(Peer peer, long now) {
		peer.lastFullHello = now;
		for (PeerPath path : List.copyOf(peer.paths)) {
			if (!path.isExpired(now)) {
				this.vl1.hello.send(peer, path.path);
			}
		}
	}

	private void peers(long now) {
		Set<Address> wanted = new HashSet<>(this.vl1.contacts());
		for (Address address : wanted) {
			if (this.vl1.peer(address.value()) == null) {
				this.vl1.waiting.whois(address);
			}
		}
		for (Peer peer : this.vl1.registry.all()) {
			expirePaths(peer, now);
			if (this.vl1.upstreams.isUpstream(peer.address) || peer.paths.isEmpty()) {
				continue;
			}
			if (peer.isActive(now) || wanted.contains(peer.address)) {
				ping(peer, now);
			}
		}
	}

	private void ping(Peer peer, long now) {
		if (now - peer.lastFullHello >= Timing.FULL_HELLO) {
			helloEverywhere(peer, now);
			return;
		}
		for (PeerPath path : peer.paths) {
			boolean suspect = path.path.isSuspect(now);
			boolean unanswered = path.path.unansweredSince != 0 && !suspect;
			long gap = suspect ? Timing.SUSPECT_PROBE : unanswered ? Timing.PROBE : Timing.HEARTBEAT;
			long last = (suspect || unanswered) ? path.path.lastProbe : path.path.lastOut;
			if (now - last >= gap) {
				this.vl1.finder.probe(peer, path.path);
			}
		}
	}

	private void expirePaths(Peer peer, long now) {
		if (peer.paths.isEmpty()) {
			return;
		}
		List<PeerPath> expired = new ArrayList<>(1);
		int priority = peer.paths.stream().mapToInt((path) -> path.priority).max().orElse(1);
		boolean upstream = this.vl1.upstreams.isUpstream(peer.address);
		for (PeerPath path : peer.paths) {
			long unanswered = path.path.unansweredSince;
			boolean dead = !upstream && unanswered != 0 && now - unanswered > Timing.SUSPECT_EXPIRATION;
			if (path.isExpired(now) || dead || path.priority < priority) {
				expired.add(path);
			}
		}
		for (PeerPath path : expired) {
			peer.paths.remove(path);
			this.vl1.event(new NodeEvent.PathExpired(peer.address, path.path.endpoint));
		}
		if (!expired.isEmpty() && peer.paths.isEmpty()) {
			this.vl1.event(new NodeEvent.PeerRelayed(peer.address));
		}
	}

	private void housekeeping(long now) {
		List<Peer> expired = new ArrayList<>();
		for (Peer peer : this.vl1.registry.all()) {
			if (!this.vl1.upstreams.isTrustedSource(peer.address)
					&& now - Math.max(peer.lastReceive, peer.created) >= Timing.PEER_ACTIVITY) {
				expired.add(peer);
			}
		}
		expired.forEach(this.vl1::forget);
		this.vl1.paths.expire(now);
		this.vl1.awareness.expire(now);
		this.vl1.relay.expire(now);
	}

	private static final class Contact {

		private long next;

		private int attempts;

	}

}
