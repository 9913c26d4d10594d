package io.zt4j.node.peer;

import java.util.LinkedHashMap;

import io.zt4j.node.NodeEvent;

/**
 * Notices that another node uses this node's address. Three kinds of evidence occur: an
 * upstream says so (VL1 8.3); this node, being an upstream, sees two incarnations of a
 * peer take turns and tells both; peers answer packets this node never sent, because a
 * twin did.
 */
final class Collisions {

	/** Gap between equal reports. */
	private static final long REPORT_GAP = 60_000;

	/** Answers to an earlier run of this node arrive no later than this. */
	private static final long GRACE = 2 * ExpectedReplies.LIFETIME;

	private static final int PROOF = 3;

	private final Vl1 vl1;

	private final long started;

	private final LinkedHashMap<Long, Long> unexpected = new LinkedHashMap<>();

	private long lastReport;

	private long lastTwinReply;

	Collisions(Vl1 vl1) {
		this.vl1 = vl1;
		this.started = vl1.now();
	}

	void reportedBy(Peer upstream) {
		report("root " + upstream.address + " reports that another node uses this address");
	}

	// Two processes use a peer's identity: tell the one heard just now.
	void twin(Peer peer, Path path, long packetId) {
		long now = this.vl1.now();
		this.vl1.counters.drop(DropReason.IDENTITY_COLLISION);
		if (this.vl1.isUpstream() && now - this.lastTwinReply >= 10) {
			this.lastTwinReply = now;
			this.vl1.hello.collisionReply(peer, path, packetId);
		}
	}

	// An authentic OK to a packet this node did not send, or long ago.
	void unexpectedOk(Peer peer, long packetId) {
		long now = this.vl1.now();
		if (now - this.started < GRACE) {
			return;
		}
		this.unexpected.values().removeIf((time) -> now - time > REPORT_GAP);
		this.unexpected.putIfAbsent(packetId, now);
		if (this.unexpected.size() >= PROOF) {
			this.unexpected.clear();
			report("peer " + peer.address + " answers packets this node did not send");
		}
	}

	private void report(String evidence) {
		long now = this.vl1.now();
		if (this.lastReport == 0 || now - this.lastReport >= REPORT_GAP) {
			this.lastReport = now;
			this.vl1.event(new NodeEvent.IdentityCollision(this.vl1.identity().address(), evidence));
		}
	}

}
