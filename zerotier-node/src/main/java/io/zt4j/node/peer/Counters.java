package io.zt4j.node.peer;

import java.util.TreeMap;

import io.zt4j.node.NodeStatistics;

/**
 * What VL1 counts. Confined to the event loop.
 */
final class Counters {

	private final long[] drops = new long[DropReason.values().length];

	long datagramsReceived;

	long bytesReceived;

	long datagramsSent;

	long bytesSent;

	long packetsReceived;

	long packetsRelayed;

	void drop(DropReason reason) {
		this.drops[reason.ordinal()]++;
	}

	void drop(DropReason reason, int count) {
		this.drops[reason.ordinal()] += count;
	}

	void sent(int bytes) {
		this.datagramsSent++;
		this.bytesSent += bytes;
	}

	NodeStatistics snapshot() {
		TreeMap<String, Long> map = new TreeMap<>();
		for (DropReason reason : DropReason.values()) {
			if (this.drops[reason.ordinal()] != 0) {
				map.put(reason.label(), this.drops[reason.ordinal()]);
			}
		}
		return new NodeStatistics(this.datagramsReceived, this.bytesReceived, this.datagramsSent, this.bytesSent,
				this.packetsReceived, this.packetsRelayed, map);
	}

}
