package io.zt4j.node.peer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.packet.Whois;
import org.jspecify.annotations.Nullable;

/**
 * What waits for an identity or a path (VL1 7.2, 7.3, 11.2): packets to send, packets of
 * unknown sources, packets a handler deferred, and the addresses asked for. All bounded;
 * the oldest gives way.
 */
final class Waiting {

	/** Packets to send that wait; the reference keeps 32. */
	private static final int OUTBOUND = 512;

	/** Packets of unknown sources that wait: anybody can send those. */
	private static final int HELD = 64;

	private static final int DEFERRED = 128;

	private static final int ASKED = 1024;

	/** WHOIS for sources of held packets: anybody can cause those. */
	private static final int FOREIGN_WHOIS_PER_SECOND = 100;

	private final Vl1 vl1;

	private final ArrayDeque<ToSend> outbound = new ArrayDeque<>();

	private final ArrayDeque<Held> held = new ArrayDeque<>();

	private final ArrayDeque<Deferred> deferred = new ArrayDeque<>();

	private final LinkedHashMap<Address, Long> asked = new LinkedHashMap<>();

	private final TokenBucket foreignWhois = new TokenBucket(FOREIGN_WHOIS_PER_SECOND, FOREIGN_WHOIS_PER_SECOND);

	private boolean retryDeferred;

	private long lastRetry;

	Waiting(Vl1 vl1) {
		this.vl1 = vl1;
	}

	void queueOutbound(Address destination, Verb verb, ByteBuf packet) {
		if (this.outbound.size() >= OUTBOUND) {
			this.outbound.remove().packet.release();
			this.vl1.counters.drop(DropReason.SEND_OVERFLOW);
		}
		this.outbound.add(new ToSend(destination, verb, packet, this.vl1.now()));
		if (this.vl1.peer(destination.value()) == null) {
			whois(destination);
		}
	}

	// Hold an armored packet of an unknown source; takes ownership.
	void hold(Path path, ByteBuf packet) {
		if (this.held.size() >= HELD) {
			this.held.remove().packet.release();
			this.vl1.counters.drop(DropReason.HELD_OVERFLOW);
		}
		Address source = PacketHeader.source(packet);
		this.held.add(new Held(path, source, packet, this.vl1.now()));
		if (!source.isReserved() && this.foreignWhois.pass(this.vl1.now())) {
			whois(source);
		}
	}

	// Keep what a handler deferred; takes over one reference to the packet.
	void defer(Peer peer, Path path, ByteBuf packet, long since) {
		if (this.deferred.size() >= DEFERRED) {
			this.deferred.remove().packet.release();
			this.vl1.counters.drop(DropReason.HELD_OVERFLOW);
		}
		this.deferred.add(new Deferred(peer, path, packet, since));
	}

	// Ask for an identity, at most once in 500 ms per address (11.2).
	void whois(Address address) {
		if (address.isReserved() || address.equals(this.vl1.identity().address())
				|| this.vl1.peer(address.value()) != null) {
			return;
		}
		long now = this.vl1.now();
		Long last = this.asked.get(address);
		if (last != null && now - last < Timing.RETRY) {
			return;
		}
		Peer upstream = this.vl1.upstreams.best(now, null);
		if (upstream == null) {
			return;
		}
		this.asked.remove(address);
		this.asked.put(address, now);
		if (this.asked.size() > ASKED) {
			Iterator<Map.Entry<Address, Long>> oldest = this.asked.entrySet().iterator();
			oldest.next();
			oldest.remove();
		}
		ByteBuf packet = this.vl1.newPacket(Address.LENGTH);
		new Whois(List.of(address)).write(packet);
		this.vl1.outbound.send(upstream.address, Verb.WHOIS, packet, false);
	}

	// Whether an answer about an address is wanted.
	boolean wasAsked(Address address) {
		return this.asked.containsKey(address);
	}

	// An identity became known: everything that waits for it goes on.
	void identityKnown(Peer peer) {
		this.asked.remove(peer.address);
		retryOutbound(peer.address);
		List<Held> ready = new ArrayList<>();
		this.held.removeIf((item) -> item.source.equals(peer.address) && ready.add(item));
		for (Held item : ready) {
			this.vl1.inbound.decode(item.path, item.packet);
		}
		this.retryDeferred = true;
	}

	// A path became known.
	void pathKnown(Peer peer) {
		if (!this.outbound.isEmpty()) {
			retryOutbound(this.vl1.upstreams.isUpstream(peer.address) ? null : peer.address);
		}
	}

	private void retryOutbound(@Nullable Address only) {
		if (this.outbound.isEmpty()) {
			return;
		}
		List<ToSend> all = new ArrayList<>(this.outbound);
		this.outbound.clear();
		for (ToSend item : all) {
			if (only == null || item.destination.equals(only)) {
				Peer peer = this.vl1.peer(item.destination.value());
				if (peer != null && this.vl1.outbound.transmit(peer, item.verb, item.packet)) {
					continue;
				}
			}
			this.outbound.add(item);
		}
	}

	void retryDeferredSoon() {
		this.retryDeferred = true;
	}

	/** Called when no packet is being handled. */
	void runDeferred() {
		if (this.retryDeferred) {
			this.retryDeferred = false;
			List<Deferred> all = new ArrayList<>(this.deferred);
			this.deferred.clear();
			for (Deferred item : all) {
				this.vl1.inbound.retry(item.peer, item.path, item.packet, item.since);
			}
		}
	}

	void tick(long now) {
		if (now - this.lastRetry < Timing.RETRY) {
			return;
		}
		this.lastRetry = now;
		this.outbound.removeIf((item) -> expired(item.since, now, item.packet, DropReason.SEND_EXPIRED));
		this.held.removeIf((item) -> expired(item.since, now, item.packet, DropReason.HELD_EXPIRED));
		this.deferred.removeIf((item) -> expired(item.since, now, item.packet, DropReason.HELD_EXPIRED));
		retryOutbound(null);
		this.outbound.stream().map(ToSend::destination).distinct().toList().forEach(this::whois);
		for (Address source : this.held.stream().map(Held::source).distinct().toList()) {
			if (this.foreignWhois.pass(now)) {
				whois(source);
			}
		}
		this.asked.values().removeIf((time) -> now - time > Timing.QUEUE);
		this.retryDeferred = true;
		runDeferred();
	}

	private boolean expired(long since, long now, ByteBuf packet, DropReason reason) {
		if (now - since < Timing.QUEUE) {
			return false;
		}
		packet.release();
		this.vl1.counters.drop(reason);
		return true;
	}

	void clear() {
		this.outbound.forEach((item) -> item.packet.release());
		this.held.forEach((item) -> item.packet.release());
		this.deferred.forEach((item) -> item.packet.release());
		this.outbound.clear();
		this.held.clear();
		this.deferred.clear();
		this.asked.clear();
	}

	private record ToSend(Address destination, Verb verb, ByteBuf packet, long since) {
	}

	private record Held(Path path, Address source, ByteBuf packet, long since) {
	}

	private record Deferred(Peer peer, Path path, ByteBuf packet, long since) {
	}

}
