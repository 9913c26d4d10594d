package io.zt4j.node.packet;

import java.util.ArrayDeque;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts fragmented packets together again (VL1 6). Bounded: at most {@code capacity}
 * incomplete packets, of which at most {@code perSource} begun by one source, each of at
 * most seven datagrams; the oldest gives way. Incomplete packets expire after 5 s.
 * Confined to the node's event loop.
 *
 * @param <P> what names the path of a datagram, compared by {@code equals}
 */
public final class FragmentAssembler<P> {

	/** Milliseconds an incomplete packet is kept. */
	public static final long TIMEOUT = 5_000;

	private final int capacity;

	private final int perSource;

	private final Receiver<P> receiver;

	private final LongObjectHashMap<Assembly<P>> assemblies = new LongObjectHashMap<>();

	private long lost;

	// oldest first; of the same content as the map
	private final ArrayDeque<Assembly<P>> byAge = new ArrayDeque<>();

	/**
	 * Create an assembler.
	 * @param capacity most incomplete packets, at least 1
	 * @param perSource most incomplete packets begun by one source, at least 1
	 * @param receiver takes complete packets
	 */
	public FragmentAssembler(int capacity, int perSource, Receiver<P> receiver) {
		if (capacity < 1 || perSource < 1) {
			throw new IllegalArgumentException("An assembler needs room for at least one packet");
		}
		this.capacity = capacity;
		this.perSource = perSource;
		this.receiver = receiver;
	}

	/**
	 * Whether a datagram longer than 16 bytes is a fragment rather than a packet or head.
	 * @param datagram the datagram
	 * @return true if byte 13 is the fragment indicator
	 */
	public static boolean isFragment(ByteBuf datagram) {
		return datagram.getUnsignedByte(datagram.readerIndex() + Fragmenter.INDICATOR_OFFSET) == Fragmenter.INDICATOR;
	}

	/**
	 * Take a head or a fragment addressed to this node. When it completes a packet the
	 * receiver is called before this method returns.
	 * @param path where it came from
	 * @param datagram the datagram, whose ownership passes; the bytes between its writer
	 * index and its capacity may be overwritten
	 * @param now milliseconds since the Unix epoch
	 * @return null if it was used, else why it was dropped
	 */
	public @Nullable Rejection accept(P path, ByteBuf datagram, long now) {
		expire(now);
		int total = 0;
		int number = 0;
		int start = datagram.readerIndex();
		if (isFragment(datagram)) {
			int totalAndNumber = datagram.getUnsignedByte(start + Fragmenter.NUMBER_OFFSET);
			total = totalAndNumber >> 4;
			number = totalAndNumber & 0xf;
			if (total < 2 || total > Fragmenter.MAXIMUM_DATAGRAMS || number < 1 || number >= total
					|| datagram.readableBytes() <= Fragmenter.FRAGMENT_HEADER) {
				return reject(datagram, Rejection.MALFORMED);
			}
		}
		else if (datagram.readableBytes() < PacketHeader.MINIMUM_LENGTH) {
			return reject(datagram, Rejection.MALFORMED);
		}
		long id = PacketHeader.packetId(datagram);
		Assembly<P> assembly = this.assemblies.get(id);
		if (assembly == null) {
			assembly = begin(id, path, now);
		}
		else if (assembly.pieces[number] != null) {
			return reject(datagram, Rejection.DUPLICATE);
		}
		int length = (number == 0) ? datagram.readableBytes() : datagram.readableBytes() - Fragmenter.FRAGMENT_HEADER;
		if (assembly.length + length > PacketHeader.MAXIMUM_LENGTH) {
			remove(assembly);
			assembly.release();
			return reject(datagram, Rejection.TOO_LONG);
		}
		assembly.length += length;
		assembly.pieces[number] = datagram;
		if (number == 0) {
			assembly.headPath = path;
		}
		else {
			datagram.skipBytes(Fragmenter.FRAGMENT_HEADER);
			assembly.total = total;
		}
		if (assembly.isComplete()) {
			remove(assembly);
			this.receiver.receive(assembly.headPath, assembly.join());
		}
		return null;
	}

	private static Rejection reject(ByteBuf datagram, Rejection reason) {
		datagram.release();
		return reason;
	}

	private Assembly<P> begin(long id, P path, long now) {
		Assembly<P> victim = null;
		if (this.byAge.size() >= this.perSource) {
			victim = oldestAboveBound(path);
		}
		if (victim == null && this.byAge.size() >= this.capacity) {
			victim = this.byAge.getFirst();
		}
		if (victim != null) {
			remove(victim);
			victim.release();
			this.lost++;
		}
		Assembly<P> assembly = new Assembly<>(id, path, now);
		this.assemblies.put(id, assembly);
		this.byAge.addLast(assembly);
		return assembly;
	}

	private @Nullable Assembly<P> oldestAboveBound(P path) {
		int count = 0;
		Assembly<P> oldest = null;
		for (Assembly<P> assembly : this.byAge) {
			if (assembly.source.equals(path)) {
				oldest = (oldest != null) ? oldest : assembly;
				count++;
			}
		}
		return (count >= this.perSource) ? oldest : null;
	}

	private void remove(Assembly<P> assembly) {
		this.assemblies.remove(assembly.id);
		// usually the oldest: fragments arrive together
		if (this.byAge.peekFirst() == assembly) {
			this.byAge.removeFirst();
		}
		else {
			this.byAge.removeLastOccurrence(assembly);
		}
	}

	/**
	 * Drop incomplete packets older than {@link #TIMEOUT}.
	 * @param now milliseconds since the Unix epoch
	 * @return how many were dropped
	 */
	public int expire(long now) {
		int count = 0;
		for (Assembly<P> oldest = this.byAge.peekFirst(); oldest != null
				&& now - oldest.begun > TIMEOUT; oldest = this.byAge.peekFirst()) {
			remove(oldest);
			oldest.release();
			this.lost++;
			count++;
		}
		return count;
	}

	/**
	 * Return how many incomplete packets expired or gave way so far.
	 * @return a count
	 */
	public long lost() {
		return this.lost;
	}

	/**
	 * Return the number of incomplete packets held.
	 * @return 0..capacity
	 */
	public int size() {
		return this.byAge.size();
	}

	/**
	 * Release everything held.
	 */
	public void clear() {
		this.byAge.forEach(Assembly::release);
		this.byAge.clear();
		this.assemblies.clear();
	}

	/**
	 * Why a datagram was dropped.
	 */
	public enum Rejection {

		/** Total outside 2..7, number not below it, no data, or no whole header. */
		MALFORMED,

		/** This piece was here before. */
		DUPLICATE,

		/** The whole would exceed 10,024 bytes. */
		TOO_LONG

	}

	/**
	 * Takes complete packets.
	 *
	 * @param <P> what names a path
	 */
	@FunctionalInterface
	public interface Receiver<P> {

		/**
		 * A packet is complete; still armored, and not authenticated.
		 * @param headPath the path its head came in on
		 * @param packet the packet; ownership passes
		 */
		void receive(P headPath, ByteBuf packet);

	}

	/** The pieces of one packet: the head, then fragments without their headers. */
	private static final class Assembly<P> {

		final long id;

		final P source;

		final long begun;

		final @Nullable ByteBuf[] pieces = new ByteBuf[Fragmenter.MAXIMUM_DATAGRAMS];

		P headPath;

		// 0 until a fragment told
		int total;

		int length;

		Assembly(long id, P source, long begun) {
			this.id = id;
			this.source = source;
			this.headPath = source;
			this.begun = begun;
		}

		boolean isComplete() {
			for (int i = 0; i < this.total; i++) {
				if (this.pieces[i] == null) {
					return false;
				}
			}
			return this.total > 0;
		}

		ByteBuf join() {
			ByteBuf head = this.pieces[0];
			this.pieces[0] = null;
			int rest = 0;
			for (int i = 1; i < this.total; i++) {
				rest += this.pieces[i].readableBytes();
			}
			ByteBuf packet = head;
			if (head.isReadOnly() || head.writableBytes() < rest) {
				packet = head.alloc().directBuffer(head.readableBytes() + rest);
				packet.writeBytes(head);
				head.release();
			}
			for (int i = 1; i < this.total; i++) {
				packet.writeBytes(this.pieces[i]);
			}
			release();
			return packet;
		}

		void release() {
			for (ByteBuf piece : this.pieces) {
				if (piece != null) {
					piece.release();
				}
			}
			Arrays.fill(this.pieces, null);
		}

	}

}
