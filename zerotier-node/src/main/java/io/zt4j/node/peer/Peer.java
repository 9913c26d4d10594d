package io.zt4j.node.peer;

import java.util.ArrayList;
import java.util.List;

import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.CipherSuite;
import io.zt4j.node.packet.PacketCipher;
import org.jspecify.annotations.Nullable;

/**
 * Another node whose identity is known (VL1 12.1). Confined to the event loop.
 */
final class Peer {

	static final int MAXIMUM_PATHS = 64;

	final Identity identity;

	final Address address;

	final PacketCipher cipher;

	final List<PeerPath> paths = new ArrayList<>(2);

	final Incarnation incarnation = new Incarnation();

	/** 0 if unknown. */
	int protocol;

	int major;

	int minor;

	int revision;

	long lastReceive;

	long lastNontrivial;

	long trusted;

	long lastPush;

	long lastWhoisAnswered;

	long lastPushReceived;

	int pushesReceived;

	long lastFullHello;

	/** Since when the peer is known, so that one never heard of expires too. */
	final long created;

	Peer(Identity identity, PacketCipher cipher, long now) {
		this.identity = identity;
		this.address = identity.address();
		this.cipher = cipher;
		this.created = now;
	}

	void version(int protocol, int major, int minor, int revision) {
		this.protocol = protocol;
		this.major = major;
		this.minor = minor;
		this.revision = revision;
	}

	CipherSuite suite() {
		return (this.protocol >= Protocol.AES_VERSION) ? CipherSuite.AES_GMAC_SIV
				: CipherSuite.C25519_POLY1305_SALSA2012;
	}

	// Whether an ECHO will be answered (12.5).
	boolean takesEcho() {
		return this.protocol >= 5 && !(this.major == 1 && this.minor == 1 && this.revision == 0);
	}

	boolean isTrusted(long now) {
		return this.trusted != 0 && now - this.trusted < Timing.TRUST;
	}

	boolean isActive(long now) {
		return this.lastNontrivial != 0 && now - this.lastNontrivial < Timing.PEER_ACTIVITY;
	}

	@Nullable PeerPath find(Path path) {
		List<PeerPath> list = this.paths;
		for (int i = 0; i < list.size(); i++) {
			if (list.get(i).path == path) {
				return list.get(i);
			}
		}
		return null;
	}

	// Return the path to send by (12.4): the best one that has not expired. Paths that
	// leave probes unanswered are passed over.
	@Nullable Path bestPath(long now) {
		Path best = null;
		long quality = Long.MAX_VALUE;
		List<PeerPath> list = this.paths;
		for (int i = 0; i < list.size(); i++) {
			PeerPath candidate = list.get(i);
			if (!candidate.isExpired(now) && !candidate.path.isSuspect(now)) {
				long its = candidate.quality(now);
				if (its <= quality) {
					best = candidate.path;
					quality = its;
				}
			}
		}
		return best;
	}

	// Return a path for want of better: expired or suspect, the one last heard.
	@Nullable Path lastResort() {
		PeerPath best = null;
		for (PeerPath candidate : this.paths) {
			if (best == null || candidate.path.lastIn >= best.path.lastIn) {
				best = candidate;
			}
		}
		return (best != null) ? best.path : null;
	}

	String softwareVersion() {
		return (this.protocol == 0) ? "" : this.major + "." + this.minor + "." + this.revision;
	}

	@Override
	public String toString() {
		return this.address.toString();
	}

}
