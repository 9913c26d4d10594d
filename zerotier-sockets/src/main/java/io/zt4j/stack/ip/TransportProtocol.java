package io.zt4j.stack.ip;

import java.net.InetAddress;

import io.netty.buffer.ByteBuf;

/**
 * What stands above IP. Called on the stack's event loop; no method may throw.
 */
public interface TransportProtocol {

	/**
	 * Take one packet addressed to this host.
	 * @param datagram the packet, valid during the call; whoever keeps its payload
	 * retains it
	 */
	void receive(IpDatagram datagram);

	/**
	 * An ICMP error came back for a packet of ours, or its next hop did not answer. The
	 * quoted header is as untrustworthy as any received packet (RFC 5927).
	 * @param local the source of our packet
	 * @param remote the destination of our packet
	 * @param error what is wrong
	 * @param quotedTransportHeader the first bytes of the transport header we sent,
	 * possibly as few as 8 (or none); valid during the call
	 */
	void error(InetAddress local, InetAddress remote, IcmpError error, ByteBuf quotedTransportHeader);

	/**
	 * All packets of a batch were handed over: answer and deliver now. A flush of the
	 * link follows.
	 */
	void batchComplete();

}
