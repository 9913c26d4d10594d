package io.zt4j.stack.ethernet;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Hardware addresses of neighbours and whether they are reachable: the state machine of
 * RFC 4861 7.3, used for ARP as well. Packets to a neighbour being resolved wait in a
 * bounded queue. The cache is bounded; at the bound, the oldest entry that is not
 * reachable goes. Confined to the event loop.
 */
public final class NeighbourCache {

	/** Greatest number of entries. */
	public static final int MAXIMUM_ENTRIES = 4096;

	/** Greatest number of packets that wait for one neighbour. */
	public static final int MAXIMUM_QUEUE = 128;

	static final int MAXIMUM_QUEUE_BYTES = 256 << 10;

	// RFC 4861 10
	static final long RETRANSMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

	static final long REACHABLE_NANOS = TimeUnit.SECONDS.toNanos(30);

	static final long DELAY_NANOS = TimeUnit.SECONDS.toNanos(5);

	static final int MAXIMUM_PROBES = 3;

	private final Map<InetAddress, Neighbour> entries = new LinkedHashMap<>();

	private final EthernetInterface ethernet;

	private final int etherType;

	private final EventLoop loop;

	private final Ticker ticker;

	private final RandomGenerator random;

	private final Drops drops;

	private final Resolver resolver;

	/**
	 * Make a cache.
	 * @param ethernet where resolved packets go
	 * @param etherType what the packets are
	 * @param loop runs the timers
	 * @param ticker the time
	 * @param random spreads the timers
	 * @param drops counts dropped packets
	 * @param resolver asks for addresses
	 */
	public NeighbourCache(EthernetInterface ethernet, int etherType, EventLoop loop, Ticker ticker,
			RandomGenerator random, Drops drops, Resolver resolver) {
		this.ethernet = ethernet;
		this.etherType = etherType;
		this.loop = loop;
		this.ticker = ticker;
		this.random = random;
		this.drops = drops;
		this.resolver = resolver;
	}

	/**
	 * Find or make the entry of a neighbour. May be kept until it
	 * {@link Neighbour#isRemoved() is removed}.
	 * @param address the neighbour's IP address
	 * @return the entry
	 */
	public Neighbour lookup(InetAddress address) {
		Neighbour neighbour = this.entries.get(address);
		if (neighbour == null) {
			if (this.entries.size() >= MAXIMUM_ENTRIES) {
				evict();
			}
			neighbour = new Neighbour(address);
			this.entries.put(address, neighbour);
		}
		return neighbour;
	}

	/**
	 * Find the entry of a neighbour.
	 * @param address the neighbour's IP address
	 * @return the entry, or null if there is none
	 */
	public @Nullable Neighbour find(InetAddress address) {
		return this.entries.get(address);
	}

	/**
	 * Return the number of entries.
	 * @return entries
	 */
	public int size() {
		return this.entries.size();
	}

	/**
	 * Send a packet to a neighbour, now or as soon as its hardware address is known.
	 * @param neighbour an entry that is not removed
	 * @param packet the IP packet, with head-room; ownership passes
	 */
	public void send(Neighbour neighbour, ByteBuf packet) {
		switch (neighbour.state) {
			case REACHABLE -> {
				if (this.ticker.nanoTime() - neighbour.reachableUntil >= 0) {
					delay(neighbour);
				}
			}
			case STALE -> delay(neighbour);
			case NONE -> {
				enqueue(neighbour, packet);
				neighbour.state = Neighbour.State.INCOMPLETE;
				neighbour.probes = 0;
				probe(neighbour);
				return;
			}
			case INCOMPLETE -> {
				enqueue(neighbour, packet);
				return;
			}
			default -> {
			}
		}
		this.ethernet.transmit(packet, neighbour.mac, this.etherType);
	}

	/**
	 * Learn from a message of a neighbour (RFC 4861 7.2.3, 7.2.5; RFC 826).
	 * @param address the neighbour's IP address
	 * @param mac its hardware address, or -1 if the message did not tell
	 * @param solicited whether it answers a request of ours and so proves reachability
	 * @param override whether it may replace another hardware address
	 * @param create whether to make an entry if there is none
	 */
	public void learn(InetAddress address, long mac, boolean solicited, boolean override, boolean create) {
		Neighbour neighbour = this.entries.get(address);
		if (neighbour == null) {
			if (!create || mac == -1) {
				return;
			}
			neighbour = lookup(address);
		}
		if (neighbour.state == Neighbour.State.NONE || neighbour.state == Neighbour.State.INCOMPLETE) {
			if (mac == -1) {
				return;
			}
			neighbour.mac = mac;
			settle(neighbour, solicited);
			release(neighbour);
			return;
		}
		boolean changed = mac != -1 && mac != neighbour.mac;
		if (changed && !override) {
			if (neighbour.state == Neighbour.State.REACHABLE) {
				neighbour.state = Neighbour.State.STALE;
			}
			return;
		}
		if (changed) {
			neighbour.mac = mac;
		}
		if (solicited || changed) {
			settle(neighbour, solicited);
		}
	}

	/**
	 * A transport saw proof that the neighbour is reachable (RFC 4861 7.3.1).
	 * @param neighbour the entry
	 */
	public void confirm(Neighbour neighbour) {
		switch (neighbour.state) {
			case REACHABLE -> {
				neighbour.reachableUntil = this.ticker.nanoTime() + REACHABLE_NANOS;
			}
			case STALE, DELAY, PROBE -> settle(neighbour, true);
			default -> {
			}
		}
	}

	/**
	 * Forget everything and release waiting packets.
	 */
	public void close() {
		for (Neighbour neighbour : this.entries.values()) {
			discard(neighbour);
		}
		this.entries.clear();
	}

	private void settle(Neighbour neighbour, boolean reachable) {
		neighbour.stopTimer();
		neighbour.probes = 0;
		if (reachable) {
			neighbour.state = Neighbour.State.REACHABLE;
			// RFC 4861 6.3.2: evenly distributed between 0.5 and 1.5 of the base
			neighbour.reachableUntil = this.ticker.nanoTime() + REACHABLE_NANOS / 2
					+ this.random.nextLong(REACHABLE_NANOS);
		}
		else {
			neighbour.state = Neighbour.State.STALE;
		}
	}

	private void delay(Neighbour neighbour) {
		neighbour.state = Neighbour.State.DELAY;
		neighbour.probes = 0;
		schedule(neighbour, DELAY_NANOS);
	}

	private void probe(Neighbour neighbour) {
		neighbour.probes++;
		schedule(neighbour, RETRANSMIT_NANOS);
		this.resolver.solicit(neighbour.address, (neighbour.state == Neighbour.State.INCOMPLETE) ? -1 : neighbour.mac);
	}

	private void schedule(Neighbour neighbour, long nanos) {
		neighbour.stopTimer();
		neighbour.timer = this.loop.schedule(() -> expire(neighbour), nanos, TimeUnit.NANOSECONDS);
	}

	private void expire(Neighbour neighbour) {
		neighbour.timer = null;
		if (neighbour.removed) {
			return;
		}
		if (neighbour.state == Neighbour.State.DELAY) {
			neighbour.state = Neighbour.State.PROBE;
			probe(neighbour);
		}
		else if (neighbour.probes < MAXIMUM_PROBES) {
			probe(neighbour);
		}
		else {
			fail(neighbour);
		}
	}

	private void fail(Neighbour neighbour) {
		this.entries.remove(neighbour.address);
		neighbour.removed = true;
		ArrayDeque<ByteBuf> queue = neighbour.queue;
		neighbour.queue = null;
		if (queue == null) {
			return;
		}
		for (ByteBuf packet = queue.poll(); packet != null; packet = queue.poll()) {
			this.drops.count(DropReason.NEIGHBOUR_UNREACHABLE);
			try {
				this.resolver.unresolved(packet);
			}
			finally {
				packet.release();
			}
		}
	}

	private void enqueue(Neighbour neighbour, ByteBuf packet) {
		ArrayDeque<ByteBuf> queue = neighbour.queue;
		if (queue == null) {
			queue = new ArrayDeque<>();
			neighbour.queue = queue;
		}
		// RFC 4861 7.2.2: when the queue overflows, the new arrival replaces the oldest
		while (queue.size() >= MAXIMUM_QUEUE
				|| (!queue.isEmpty() && neighbour.queuedBytes + packet.readableBytes() > MAXIMUM_QUEUE_BYTES)) {
			ByteBuf oldest = queue.remove();
			neighbour.queuedBytes -= oldest.readableBytes();
			oldest.release();
			this.drops.count(DropReason.NEIGHBOUR_QUEUE_FULL);
		}
		queue.add(packet);
		neighbour.queuedBytes += packet.readableBytes();
	}

	private void release(Neighbour neighbour) {
		ArrayDeque<ByteBuf> queue = neighbour.queue;
		neighbour.queue = null;
		neighbour.queuedBytes = 0;
		if (queue != null) {
			for (ByteBuf packet = queue.poll(); packet != null; packet = queue.poll()) {
				send(neighbour, packet);
			}
		}
	}

	private void evict() {
		Iterator<Neighbour> iterator = this.entries.values().iterator();
		Neighbour victim = iterator.next();
		for (int i = 0; i < 64 && victim.state == Neighbour.State.REACHABLE && iterator.hasNext(); i++) {
			victim = iterator.next();
		}
		this.entries.remove(victim.address);
		discard(victim);
	}

	private void discard(Neighbour neighbour) {
		neighbour.stopTimer();
		neighbour.removed = true;
		ArrayDeque<ByteBuf> queue = neighbour.queue;
		neighbour.queue = null;
		if (queue != null) {
			for (ByteBuf packet : queue) {
				this.drops.count(DropReason.NEIGHBOUR_QUEUE_FULL);
				packet.release();
			}
		}
	}

	/**
	 * Asks for hardware addresses.
	 */
	public interface Resolver {

		/**
		 * Ask for a neighbour's hardware address.
		 * @param target the neighbour
		 * @param mac the hardware address to ask, or -1 to ask everyone
		 */
		void solicit(InetAddress target, long mac);

		/**
		 * Resolution failed: tell the sender of a packet.
		 * @param packet the IP packet, valid during the call
		 */
		void unresolved(ByteBuf packet);

	}

}
