package io.zt4j.node.peer;

import java.net.InetAddress;

/**
 * Limits how often a network prefix (IPv4 /24, IPv6 /48, hashed to 14 bits) may cause
 * work, such as the check of an unknown identity (VL1 14). The reference grants one per
 * 2000 ms; this one saves up to a burst, so that several nodes of one site may start
 * together.
 */
final class PrefixGate {

	private static final int SLOTS = 1 << 14;

	private final long interval;

	private final long burst;

	// the time up to which each prefix has used its grants
	private final long[] used = new long[SLOTS];

	PrefixGate(long interval, int burst) {
		this.interval = interval;
		this.burst = interval * burst;
	}

	boolean pass(InetAddress address, long now) {
		int slot = slot(address.getAddress());
		long since = Math.max(this.used[slot], now - this.burst);
		if (since + this.interval > now) {
			return false;
		}
		this.used[slot] = since + this.interval;
		return true;
	}

	private static int slot(byte[] ip) {
		int hash = ip.length;
		int prefix = (ip.length == 4) ? 3 : 6;
		for (int i = 0; i < prefix; i++) {
			hash = 31 * hash + ip[i];
		}
		hash *= 0x9e3779b1;
		return hash >>> (32 - 14);
	}

}
