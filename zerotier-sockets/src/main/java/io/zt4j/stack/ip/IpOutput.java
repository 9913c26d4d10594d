package io.zt4j.stack.ip;

import java.net.InetAddress;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What stands below a transport protocol. Confined to the stack's event loop.
 */
public interface IpOutput {

	/**
	 * Allocate a buffer for a transport segment with room for all headers in front.
	 * @param transportBytes capacity for transport header and data
	 * @return the buffer, reader and writer index at the transport header
	 */
	ByteBuf allocate(int transportBytes);

	/**
	 * Send one transport segment. The headers are written in place into the room in front
	 * of it, if there is enough and the buffer is not shared; else it is copied. Layers
	 * below encrypt in place, so the buffer must not contain memory someone still needs
	 * (a reference count above one is taken as a sign of that). TCP segments are sent
	 * with the don't-fragment bit; what exceeds the path MTU is fragmented. Packets whose
	 * neighbour is not resolved yet wait in a bounded queue; those that cannot be sent
	 * are dropped and counted.
	 * @param source one of our addresses
	 * @param destination where to; a local address is looped back asynchronously
	 * @param protocol the transport protocol's number
	 * @param trafficClass the DSCP and ECN bits, 0..255
	 * @param hopLimit 1..255
	 * @param segment transport header (checksum already written) and data; ownership
	 * passes to the IP layer
	 */
	void send(InetAddress source, InetAddress destination, int protocol, int trafficClass, int hopLimit,
			ByteBuf segment);

	/**
	 * Choose the source address for a destination (RFC 6724, simplified).
	 * @param destination the destination
	 * @return one of our addresses, or null if there is no route
	 */
	@Nullable InetAddress sourceFor(InetAddress destination);

	/**
	 * Whether an address is one of ours.
	 * @param address the address
	 * @return true if so
	 */
	boolean isLocal(InetAddress address);

	/**
	 * Return the size of the largest IP packet to a destination that needs no
	 * fragmentation.
	 * @param destination the destination
	 * @return bytes, IP header included: the link's MTU or the path MTU if that was found
	 * to be smaller
	 */
	int maximumPacket(InetAddress destination);

	/**
	 * The transport saw proof that its packets reach a destination, such as the
	 * acknowledgement of new data (RFC 4861 7.3.1): the neighbour needs no probe.
	 * @param destination the destination
	 */
	void confirmReachable(InetAddress destination);

	/**
	 * Hand over what was sent to the link now ({@link io.zt4j.stack.EthernetLink#flush}).
	 */
	void flush();

}
