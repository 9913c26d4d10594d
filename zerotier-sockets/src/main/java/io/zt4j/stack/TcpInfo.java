package io.zt4j.stack;

/**
 * Figures of one connection.
 *
 * @param state the state
 * @param maximumSegmentSize bytes of payload per segment sent
 * @param smoothedRttNanos smoothed round-trip time, 0 if not measured
 * @param rttVariationNanos round-trip time variation
 * @param retransmissionTimeoutNanos current RTO
 * @param congestionWindow bytes
 * @param slowStartThreshold bytes, {@link Integer#MAX_VALUE} if not set
 * @param sendWindow bytes the peer offers
 * @param receiveWindow bytes we offer
 * @param bytesInFlight bytes sent and not acknowledged
 * @param bytesSent payload bytes sent, retransmissions not counted
 * @param bytesReceived payload bytes received in order
 * @param retransmittedSegments segments sent again
 * @param retransmissionTimeouts times the RTO fired
 */
public record TcpInfo(TcpState state, int maximumSegmentSize, long smoothedRttNanos, long rttVariationNanos,
		long retransmissionTimeoutNanos, int congestionWindow, int slowStartThreshold, long sendWindow,
		long receiveWindow, long bytesInFlight, long bytesSent, long bytesReceived, long retransmittedSegments,
		long retransmissionTimeouts) {
}
