package io.zt4j.node.peer;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.IpScope;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.Rendezvous;
import io.zt4j.node.packet.Verb;
import org.jspecify.annotations.Nullable;

/**
 * Forwards datagrams for others and introduces them to one another (VL1 11.4, 11.5).
 * Forwarded datagrams are neither authenticated nor decrypted.
 */
final class Relay {

	private static final int FRAGMENT_HOPS = 15;

	private static final int INTRODUCTIONS = 16_384;

	private final Vl1 vl1;

	private final LinkedHashMap<Pair, Introduction> introductions = new LinkedHashMap<>();

	Relay(Vl1 vl1) {
		this.vl1 = vl1;
	}

	// Forward a datagram for somebody else; takes ownership.
	void forward(Path from, ByteBuf datagram, boolean fragment) {
		long now = this.vl1.now();
		if (!this.vl1.isUpstream() && !from.isTrusted(now)) {
			this.vl1.inbound.drop(datagram, DropReason.RELAY_UNTRUSTED);
			return;
		}
		if (!addHop(datagram, fragment)) {
			this.vl1.inbound.drop(datagram, DropReason.RELAY_HOPS);
			return;
		}
		Peer destination = this.vl1.registry.get(PacketHeader.destinationValue(datagram));
		Path path = (destination != null) ? pathTo(destination, now) : null;
		Peer source = fragment ? null : this.vl1.registry.get(PacketHeader.sourceValue(datagram));
		if (destination == null || path == null) {
			destination = this.vl1.upstreams.best(now, destination);
			if (destination == null || destination == source) {
				this.vl1.inbound.drop(datagram, DropReason.RELAY_NO_PATH);
				return;
			}
			path = destination.bestPath(now);
			path = (path != null) ? path : destination.lastResort();
			if (path == null) {
				this.vl1.inbound.drop(datagram, DropReason.RELAY_NO_PATH);
				return;
			}
		}
		this.vl1.counters.packetsRelayed++;
		this.vl1.outbound.forward(path, datagram);
		if (now - path.lastIn > Timing.SILENCE && now - path.lastProbe > Timing.PROBE) {
			this.vl1.finder.probe(destination, path);
		}
		if (source != null) {
			introduce(destination, source, now);
		}
	}

	private static @Nullable Path pathTo(Peer destination, long now) {
		Path path = destination.bestPath(now);
		if (path == null) {
			for (PeerPath candidate : destination.paths) {
				if (!candidate.isExpired(now) && (path == null || candidate.path.lastIn > path.lastIn)) {
					path = candidate.path;
				}
			}
		}
		return path;
	}

	private static boolean addHop(ByteBuf datagram, boolean fragment) {
		if (!fragment) {
			if (PacketHeader.hops(datagram) >= PacketHeader.MAXIMUM_RELAY_HOPS) {
				return false;
			}
			PacketHeader.incrementHops(datagram);
			return true;
		}
		int index = datagram.readerIndex() + FRAGMENT_HOPS;
		int hops = datagram.getUnsignedByte(index);
		if (hops >= PacketHeader.MAXIMUM_RELAY_HOPS) {
			return false;
		}
		datagram.setByte(index, (hops + 1) & 7);
		return true;
	}

	// Tell two peers of one another's endpoint, every 30 s or when an endpoint changed.
	private void introduce(Peer one, Peer other, long now) {
		Pair pair = Pair.of(one.address, other.address);
		Introduction last = this.introductions.get(pair);
		if (last != null && now - last.time < Timing.CONFIRM) {
			return;
		}
		Map<Slot, PeerPath> ofOne = best(one, now);
		Map<Slot, PeerPath> ofOther = best(other, now);
		for (Slot slot : Slot.PREFERENCE) {
			PeerPath toOne = ofOne.get(slot);
			PeerPath toOther = ofOther.get(slot);
			if (toOne != null && toOther != null) {
				int endpoints = toOne.path.endpoint.hashCode() + toOther.path.endpoint.hashCode();
				if (last == null || endpoints != last.endpoints || now - last.time >= Timing.INTRODUCTION) {
					remember(pair, new Introduction(now, endpoints));
					rendezvous(one, toOne.path, other.address, toOther.path);
					rendezvous(other, toOther.path, one.address, toOne.path);
				}
				return;
			}
		}
	}

	private void remember(Pair pair, Introduction introduction) {
		this.introductions.remove(pair);
		this.introductions.put(pair, introduction);
		if (this.introductions.size() > INTRODUCTIONS) {
			this.introductions.remove(this.introductions.keySet().iterator().next());
		}
	}

	private static Map<Slot, PeerPath> best(Peer peer, long now) {
		Map<Slot, PeerPath> best = new EnumMap<>(Slot.class);
		for (PeerPath path : peer.paths) {
			Slot slot = Slot.of(path.path);
			if (slot != null) {
				best.merge(slot, path, (old, candidate) -> better(old, candidate, now) ? candidate : old);
			}
		}
		return best;
	}

	private static boolean better(PeerPath old, PeerPath candidate, long now) {
		boolean oldSuspect = old.path.isSuspect(now);
		return (oldSuspect != candidate.path.isSuspect(now)) ? oldSuspect : candidate.quality(now) <= old.quality(now);
	}

	private void rendezvous(Peer to, Path path, Address subject, Path subjectPath) {
		ByteBuf packet = this.vl1.newPacket(32);
		new Rendezvous(subject, subjectPath.endpoint).write(packet);
		this.vl1.outbound.sendDirect(to, path, Verb.RENDEZVOUS, packet);
	}

	// A peer restarted: introduce it anew.
	void forget(Address address) {
		this.introductions.keySet().removeIf((pair) -> pair.low == address.value() || pair.high == address.value());
	}

	void expire(long now) {
		this.introductions.values().removeIf((last) -> now - last.time > Timing.INTRODUCTION_ENTRY);
	}

	private record Pair(long low, long high) {

		static Pair of(Address one, Address other) {
			return new Pair(Math.min(one.value(), other.value()), Math.max(one.value(), other.value()));
		}

	}

	private record Introduction(long time, int endpoints) {
	}

	/** Scope and family, in the order in which common ground is looked for (11.5). */
	private enum Slot {

		PRIVATE_6(IpScope.PRIVATE, 16), PRIVATE_4(IpScope.PRIVATE, 4), SHARED_6(IpScope.SHARED, 16),
		SHARED_4(IpScope.SHARED, 4), GLOBAL_6(IpScope.GLOBAL, 16), GLOBAL_4(IpScope.GLOBAL, 4),
		PSEUDOPRIVATE_6(IpScope.PSEUDOPRIVATE, 16), PSEUDOPRIVATE_4(IpScope.PSEUDOPRIVATE, 4),
		LOOPBACK_6(IpScope.LOOPBACK, 16), LOOPBACK_4(IpScope.LOOPBACK, 4);

		private static final Slot[] PREFERENCE = values();

		private final IpScope scope;

		private final int addressLength;

		Slot(IpScope scope, int addressLength) {
			this.scope = scope;
			this.addressLength = addressLength;
		}

		static @Nullable Slot of(Path path) {
			int length = path.ip().getAddress().length;
			for (Slot slot : PREFERENCE) {
				if (slot.scope == path.scope && slot.addressLength == length) {
					return slot;
				}
			}
			return null;
		}

	}

}
