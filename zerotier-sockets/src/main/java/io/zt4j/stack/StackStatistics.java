package io.zt4j.stack;

import java.util.Map;

/**
 * Counters of a stack since it was made.
 *
 * @param framesReceived Ethernet frames received
 * @param framesSent Ethernet frames sent
 * @param connections TCP connections in any state but CLOSED now
 * @param segmentsReceived TCP segments received
 * @param segmentsSent TCP segments sent
 * @param segmentsRetransmitted TCP segments sent again
 * @param datagramsReceived UDP datagrams delivered
 * @param datagramsSent UDP datagrams sent
 * @param drops packets dropped, by reason
 */
public record StackStatistics(long framesReceived, long framesSent, int connections, long segmentsReceived,
		long segmentsSent, long segmentsRetransmitted, long datagramsReceived, long datagramsSent,
		Map<String, Long> drops) {

	public StackStatistics {
		drops = Map.copyOf(drops);
	}

}
