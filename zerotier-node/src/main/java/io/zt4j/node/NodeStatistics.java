package io.zt4j.node;

import java.util.Map;

/**
 * Counters of a node since it was built. Datagrams and bytes are UDP payloads.
 *
 * @param datagramsReceived datagrams taken from the transport
 * @param bytesReceived their bytes
 * @param datagramsSent datagrams handed to the transport
 * @param bytesSent their bytes
 * @param packetsReceived authenticated VL1 packets for this node
 * @param packetsRelayed datagrams forwarded for others (VL1 11.4)
 * @param drops what was dropped: reason to count, reasons that never happened left out
 */
public record NodeStatistics(long datagramsReceived, long bytesReceived, long datagramsSent, long bytesSent,
		long packetsReceived, long packetsRelayed, Map<String, Long> drops) {

	public NodeStatistics {
		drops = Map.copyOf(drops);
	}

}
