package io.zt4j.node;

import java.net.InetSocketAddress;

/**
 * One confirmed direct path to a peer (VL1 12.1).
 *
 * @param endpoint the peer's address and port
 * @param lastSend when a datagram was last sent, milliseconds since the Unix epoch, 0 if
 * never
 * @param lastReceive when an authenticated packet of this peer last arrived on the path,
 * in milliseconds since the Unix epoch, 0 if the path was marked unusable
 * @param latency round-trip time in milliseconds, -1 if not measured
 * @param preferred whether packets to the peer go this way
 * @param active whether anything arrived on it lately (VL1 12.4 <i>alive</i>)
 */
public record PathStatus(InetSocketAddress endpoint, long lastSend, long lastReceive, int latency, boolean preferred,
		boolean active) {
}
