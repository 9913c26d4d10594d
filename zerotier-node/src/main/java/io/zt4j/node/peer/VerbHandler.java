package io.zt4j.node.peer;

/**
 * Takes the authenticated packets of the verbs it is registered for; how VL2 hangs on to
 * VL1. Called on the node's event loop.
 */
@FunctionalInterface
public interface VerbHandler {

	/**
	 * Handle one packet.
	 * @param packet the packet, valid during the call only
	 * @return what VL1 should make of it
	 */
	Verdict handle(InboundPacket packet);

	/**
	 * What became of a packet (VL1 7.2, 12.2).
	 */
	enum Verdict {

		/** Handled; counts as received. */
		HANDLED,

		/**
		 * Handled, and common membership of a network was proved: the peer and the path
		 * are trusted for 600 s.
		 */
		TRUSTED,

		/** Dropped without counting as received. */
		IGNORED,

		/**
		 * Not now: hold the packet, retry every 500 ms and when any identity arrives, for
		 * up to 5 s. The handler must not have consumed the payload.
		 */
		DEFERRED

	}

}
