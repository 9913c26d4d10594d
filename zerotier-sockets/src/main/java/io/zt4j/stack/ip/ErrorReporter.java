package io.zt4j.stack.ip;

import io.netty.buffer.ByteBuf;

/**
 * Sends ICMP errors about received packets. The rules of RFC 1122 3.2.2 and RFC 4443 2.4
 * on when to keep silent, and the rate limit, are the implementation's duty.
 */
public interface ErrorReporter {

	/**
	 * IPv4: the protocol is not spoken here (RFC 792, code 2).
	 * @param packet valid during the call
	 * @param headerIndex where its IP header begins
	 */
	void protocolUnreachable(ByteBuf packet, int headerIndex);

	/**
	 * IPv6: a field of the packet is not understood (RFC 4443 3.4).
	 * @param packet valid during the call
	 * @param headerIndex where its IP header begins
	 * @param code 0 field, 1 next header, 2 option, 3 incomplete header chain (RFC 7112)
	 * @param pointer offset of the offending field from the IP header
	 */
	void parameterProblem(ByteBuf packet, int headerIndex, int code, int pointer);

	/**
	 * Fragments did not arrive in time.
	 * @param version 4 or 6
	 * @param packet the first fragment, valid during the call
	 * @param headerIndex where its IP header begins
	 */
	void reassemblyTimeExceeded(int version, ByteBuf packet, int headerIndex);

}
