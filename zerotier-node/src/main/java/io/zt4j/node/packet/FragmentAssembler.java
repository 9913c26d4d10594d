package io.zt4j.node.packet;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Puts fragmented packets together again (VL1 6). Bounded: at most {@code capacity}
 * incomplete packets, of which at most {@code perSource} begun by one source; the oldest
 * gives way. Incomplete packets expire after 5 s. Confined to the node's event loop.
 *
 * @param <P> what names the path of a datagram, compared by {@code equals}
 */
public final class FragmentAssembler<P> {

	/** Milliseconds an incomplete packet is kept. */
	public static final long TIMEOUT = 5_000;

	/**
	 * Create an assembler.
	 * @param capacity most incomplete packets
	 * @param perSource most incomplete packets begun by one source
	 * @param receiver takes complete packets
	 */
	public FragmentAssembler(int capacity, int perSource, Receiver<P> receiver) {
	}

	/**
	 * Whether a datagram longer than 16 bytes is a fragment rather than a packet or head.
	 * @param datagram the datagram
	 * @return true if byte 13 is the fragment indicator
	 */
	public static boolean isFragment(ByteBuf datagram) {
		throw new UnsupportedOperationException();
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
		throw new UnsupportedOperationException();
	}

	/**
	 * Drop incomplete packets older than {@link #TIMEOUT}.
	 * @param now milliseconds since the Unix epoch
	 * @return how many were dropped
	 */
	public int expire(long now) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Return the number of incomplete packets held.
	 * @return 0..capacity
	 */
	public int size() {
		throw new UnsupportedOperationException();
	}

	/**
	 * Release everything held.
	 */
	public void clear() {
		throw new UnsupportedOperationException();
	}

	/**
	 * Why a datagram was dropped.
	 */
	public enum Rejection {

		/** Total outside 2..7, number outside 1..6, or no data. */
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

}
