package io.zt4j.test;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What a tap sees: one datagram at the moment its fate is decided.
 *
 * @param time when, since the beginning of virtual time
 * @param source where it came from, as its receiver sees it
 * @param destination where the sender sent it
 * @param payload its bytes
 * @param fate what becomes of it
 */
public record SimulatedDatagram(Duration time, InetSocketAddress source, InetSocketAddress destination, byte[] payload,
		Fate fate) {

	/** What becomes of a datagram. */
	public enum Fate {

		/** It will arrive. */
		DELIVERED,

		/** A link lost it, or its queue was full. */
		LOST,

		/** Its time-to-live ended. */
		EXPIRED,

		/** A partition lies between. */
		PARTITIONED,

		/** A NAT let it not in. */
		FILTERED,

		/** Nobody has that address, or no socket that port. */
		UNREACHABLE

	}

}
