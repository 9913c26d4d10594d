package io.zt4j.stack.ip;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;
import org.jspecify.annotations.Nullable;

/**
 * Puts fragments together (RFC 791 3.2, RFC 8200 4.5). Overlapping fragments condemn the
 * whole packet, including fragments still to come (RFC 5722; for IPv4 as well). Memory is
 * bounded in packets, fragments and bytes, and per source, so that no sender crowds out
 * the others. Confined to the event loop.
 */
final class Reassembler {

	static final int MAXIMUM_PACKETS = 256;

	static final int MAXIMUM_PACKETS_PER_SOURCE = 64;

	static final int MAXIMUM_FRAGMENTS = 192;

	static final int MAXIMUM_BYTES = 4 << 20;

	// RFC 791 3.2 suggests 15 s at least, RFC 8200 4.5 demands 60 s
	static final long TIMEOUT_SECONDS_4 = 30;

	static final long TIMEOUT_SECONDS_6 = 60;

	private final Map<Key, Packet> packets = new LinkedHashMap<>();

	private final Map<Source, Integer> sources = new HashMap<>();

	private final EventLoop loop;

	private final Drops drops;

	private final Expired expired;

	private int bytes;

	Reassembler(EventLoop loop, Drops drops, Expired expired) {
		this.loop = loop;
		this.drops = drops;
		this.expired = expired;
	}

	/**
	 * Take one fragment.
	 * @param version 4 or 6
	 * @param sourceHigh upper half of the source
	 * @param sourceLow lower half of the source
	 * @param destinationHigh upper half of the destination
	 * @param destinationLow lower half of the destination
	 * @param protocol protocol (IPv4) or next header of the fragment header (IPv6)
	 * @param identification the same for all fragments of a packet
	 * @param offset bytes
	 * @param more whether more fragments follow
	 * @param trafficClass the DSCP and ECN bits, 0..255
	 * @param headerIndex where its IP header begins in the buffer
	 * @param fragment reader index at the fragment's data; still the caller's
	 * @return the packet if it is complete, else null
	 */
	@Nullable Whole add(int version, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int protocol,
			int identification, int offset, boolean more, int trafficClass, int headerIndex, ByteBuf fragment) {
		int length = fragment.readableBytes();
		int header = (version == 4) ? fragment.readerIndex() - headerIndex : 0;
		if (length == 0 || more && length % 8 != 0 || header + offset + length > 65_535) {
			this.drops.count(DropReason.FRAGMENT_MALFORMED);
			return null;
		}
		Source source = new Source(version, sourceHigh, sourceLow);
		// RFC 8200 errata: the next header is not part of the key of IPv6
		Key key = new Key(source, destinationHigh, destinationLow, (version == 4) ? protocol : -1, identification);
		Packet packet = this.packets.get(key);
		if (packet == null) {
			packet = open(key);
			if (packet == null) {
				return null;
			}
		}
		if (packet.condemned) {
			this.drops.count(DropReason.FRAGMENT_OVERLAP);
			return null;
		}
		if (!insert(packet, offset, length, more, headerIndex, fragment)) {
			return null;
		}
		if ((trafficClass & 3) == 3) {
			// RFC 3168 5.3: one fragment that experienced congestion marks the packet
			packet.congestion = 3;
		}
		if (offset == 0) {
			packet.protocol = protocol;
			packet.trafficClass = trafficClass;
		}
		if (packet.end != packet.received) {
			trim(key);
			return null;
		}
		Whole whole = new Whole(packet.protocol, packet.trafficClass | packet.congestion, packet.assemble());
		remove(key, packet);
		return whole;
	}

	private @Nullable Packet open(Key key) {
		if (this.sources.getOrDefault(key.source, 0) >= MAXIMUM_PACKETS_PER_SOURCE) {
			this.drops.count(DropReason.FRAGMENT_LIMIT);
			return null;
		}
		if (this.packets.size() >= MAXIMUM_PACKETS) {
			evictOldest();
		}
		Packet packet = new Packet();
		this.packets.put(key, packet);
		this.sources.merge(key.source, 1, Integer::sum);
		packet.timer = this.loop.schedule(() -> expire(key, packet),
				(key.source.version == 4) ? TIMEOUT_SECONDS_4 : TIMEOUT_SECONDS_6, TimeUnit.SECONDS);
		return packet;
	}

	private boolean insert(Packet packet, int offset, int length, boolean more, int headerIndex, ByteBuf fragment) {
		int end = offset + length;
		int at = packet.fragments.size();
		while (at > 0 && packet.fragments.get(at - 1).offset >= offset) {
			at--;
		}
		if (at < packet.fragments.size()) {
			Fragment next = packet.fragments.get(at);
			if (next.offset == offset && next.length == length && (!more == (end == packet.end))) {
				this.drops.count(DropReason.FRAGMENT_DUPLICATE);
				return false;
			}
		}
		boolean wrong = at > 0 && packet.fragments.get(at - 1).end() > offset
				|| at < packet.fragments.size() && packet.fragments.get(at).offset < end
				|| packet.end >= 0 && (end > packet.end || !more && end != packet.end) || !more
						&& !packet.fragments.isEmpty() && packet.fragments.get(packet.fragments.size() - 1).end() > end;
		if (wrong) {
			this.drops.count(DropReason.FRAGMENT_OVERLAP);
			condemn(packet);
			return false;
		}
		if (packet.fragments.size() >= MAXIMUM_FRAGMENTS) {
			this.drops.count(DropReason.FRAGMENT_LIMIT);
			condemn(packet);
			return false;
		}
		// copied, since a small fragment may sit in a large buffer
		int size = fragment.writerIndex() - headerIndex;
		ByteBuf copy = ByteBufAllocator.DEFAULT.buffer(size).writeBytes(fragment, headerIndex, size);
		copy.readerIndex(fragment.readerIndex() - headerIndex);
		packet.fragments.add(at, new Fragment(offset, length, copy));
		packet.received += length;
		packet.bytes += copy.capacity();
		this.bytes += copy.capacity();
		if (!more) {
			packet.end = end;
		}
		return true;
	}

	private void trim(Key except) {
		while (this.bytes > MAXIMUM_BYTES) {
			Key oldest = this.packets.keySet().iterator().next();
			if (oldest.equals(except) && this.packets.size() > 1) {
				Iterator<Key> iterator = this.packets.keySet().iterator();
				iterator.next();
				oldest = iterator.next();
			}
			evict(oldest);
		}
	}

	private void evictOldest() {
		evict(this.packets.keySet().iterator().next());
	}

	private void evict(Key key) {
		Packet packet = this.packets.get(key);
		if (packet != null) {
			this.drops.count(DropReason.FRAGMENT_LIMIT);
			remove(key, packet);
		}
	}

	private void condemn(Packet packet) {
		packet.condemned = true;
		free(packet);
	}

	private void expire(Key key, Packet packet) {
		packet.timer = null;
		if (!packet.condemned) {
			this.drops.count(DropReason.REASSEMBLY_TIMEOUT);
			if (!packet.fragments.isEmpty() && packet.fragments.get(0).offset == 0) {
				this.expired.expired(key.source.version, packet.fragments.get(0).data);
			}
		}
		remove(key, packet);
	}

	private void remove(Key key, Packet packet) {
		this.packets.remove(key);
		this.sources.computeIfPresent(key.source, (source, count) -> (count == 1) ? null : count - 1);
		Future<?> timer = packet.timer;
		if (timer != null) {
			timer.cancel(false);
		}
		free(packet);
	}

	private void free(Packet packet) {
		packet.fragments.forEach((fragment) -> fragment.data.release());
		packet.fragments.clear();
		this.bytes -= packet.bytes;
		packet.bytes = 0;
	}

	void close() {
		for (Map.Entry<Key, Packet> entry : new ArrayList<>(this.packets.entrySet())) {
			remove(entry.getKey(), entry.getValue());
		}
	}

	int bytes() {
		return this.bytes;
	}

	int size() {
		return this.packets.size();
	}

	/**
	 * Learns of packets whose fragments did not all arrive in time.
	 */
	interface Expired {

		/**
		 * Time is over for a packet whose first fragment arrived.
		 * @param version 4 or 6
		 * @param first the first fragment, IP header at index 0, valid during the call
		 */
		void expired(int version, ByteBuf first);

	}

	/**
	 * A packet put together.
	 *
	 * @param protocol protocol or next header
	 * @param trafficClass DSCP and ECN bits
	 * @param payload owned by the receiver of this record
	 */
	record Whole(int protocol, int trafficClass, ByteBuf payload) {
	}

	private record Source(int version, long high, long low) {
	}

	private record Key(Source source, long destinationHigh, long destinationLow, int protocol, int identification) {
	}

	private record Fragment(int offset, int length, ByteBuf data) {

		int end() {
			return this.offset + this.length;
		}

	}

	private static final class Packet {

		private final List<Fragment> fragments = new ArrayList<>();

		private @Nullable Future<?> timer;

		private boolean condemned;

		private int end = -1;

		private int received;

		private int bytes;

		private int protocol;

		private int trafficClass;

		private int congestion;

		ByteBuf assemble() {
			ByteBuf whole = ByteBufAllocator.DEFAULT.buffer(this.received);
			for (Fragment fragment : this.fragments) {
				whole.writeBytes(fragment.data, fragment.data.readerIndex(), fragment.length);
			}
			return whole;
		}

	}

}
