package io.zt4j.node.peer;

/**
 * Timers and limits of VL1 in milliseconds (VL1 14), and where this implementation is
 * quicker than the reference.
 */
final class Timing {

	/** A path is alive if something authentic arrived within this time (12.4). */
	static final long PATH_ALIVE = 19_000;

	/** A path nothing direct arrived on for this long is forgotten (12.5). */
	static final long PATH_EXPIRATION = 243_000;

	/** ECHO on a path nothing was sent on for this long (12.5). */
	static final long HEARTBEAT = 14_000;

	/** Full HELLO on all paths of an active peer (12.5). */
	static final long FULL_HELLO = 60_000;

	/**
	 * Full HELLO to connected roots. The reference keeps in touch by a WHOIS every 5 s
	 * (11.3); HELLO every 15 s does as well and finds a restarted root.
	 */
	static final long ROOT_HELLO = 15_000;

	/** A peer is active if frames were exchanged within this time, else forgotten. */
	static final long PEER_ACTIVITY = 500_000;

	/** Silence of all roots after which the node is offline: three unanswered HELLOs. */
	static final long OFFLINE = 50_000;

	/** Trust of a peer or path lasts this long (12.2). */
	static final long TRUST = 600_000;

	/** Entries of self-awareness last this long (12.7). */
	static final long SURFACE = 600_000;

	/** HELLO to confirm an unknown path at most once in more than this time (12.2). */
	static final long CONFIRM = 1_000;

	/** Retry of queued packets and WHOIS (11.2). */
	static final long RETRY = 500;

	/** Lifetime of queued packets (7.3). */
	static final long QUEUE = 5_000;

	/** Paths pushed to a trusted peer heard directly, and through a relay (12.3). */
	static final long PUSH_DIRECT = 120_000;

	static final long PUSH_RELAYED = 15_000;

	/**
	 * A path on which data leaves but nothing came in for this long is probed; the
	 * reference trusts it for 19 s.
	 */
	static final long SILENCE = 1_500;

	/** Gap between probes of a silent path. */
	static final long PROBE = 400;

	/**
	 * A path is suspect, and relayed around, when a probe has been without answer for
	 * this long.
	 */
	static final long SUSPECT = 1_200;

	/** A suspect path is probed this often, and forgotten after this long. */
	static final long SUSPECT_PROBE = 5_000;

	static final long SUSPECT_EXPIRATION = 60_000;

	/** Introductions of a pair of peers (11.4); entries are forgotten later. */
	static final long INTRODUCTION = 30_000;

	static final long INTRODUCTION_ENTRY = 240_000;

	private Timing() {
	}

}
