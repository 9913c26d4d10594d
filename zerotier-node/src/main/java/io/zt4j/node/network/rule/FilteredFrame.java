package io.zt4j.node.network.rule;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What the rules see of a frame (VL2 9.2). Mutable, to be reused for every frame; not
 * thread-safe.
 */
public final class FilteredFrame {

	/** A {@link #destination} that is not known. */
	public static final long NO_DESTINATION = -1;

	boolean inbound;

	long source;

	long destination;

	long sourceMac;

	long destinationMac;

	int etherType;

	ByteBuf payload = Unpooled.EMPTY_BUFFER;

	int start;

	int length;

	@Nullable Remote remote;

	/**
	 * Describe the frame to filter next.
	 * @param inbound true if it was received, false if it is to be sent
	 * @param source the ZeroTier address of the sender
	 * @param destination the ZeroTier address of the receiver, or {@link #NO_DESTINATION}
	 * @param sourceMac source MAC address
	 * @param destinationMac destination MAC address
	 * @param etherType 0..65535
	 * @param payload buffer that holds what follows the Ethernet header
	 * @param start absolute index of the payload
	 * @param length bytes of payload
	 * @param remote the peer's credentials; null if it has none or is not known
	 * @return this
	 */
	public FilteredFrame set(boolean inbound, long source, long destination, long sourceMac, long destinationMac,
			int etherType, ByteBuf payload, int start, int length, @Nullable Remote remote) {
		this.inbound = inbound;
		this.source = source;
		this.destination = destination;
		this.sourceMac = sourceMac;
		this.destinationMac = destinationMac;
		this.etherType = etherType;
		this.payload = payload;
		this.start = start;
		this.length = length;
		this.remote = remote;
		return this;
	}

	int u8(int index) {
		return this.payload.getUnsignedByte(this.start + index);
	}

	int u16(int index) {
		return this.payload.getUnsignedShort(this.start + index);
	}

	byte[] bytes(int index, int count) {
		byte[] bytes = new byte[count];
		this.payload.getBytes(this.start + index, bytes);
		return bytes;
	}

	boolean isIpv4() {
		return this.etherType == 0x0800 && this.length >= 20;
	}

	boolean isIpv6() {
		return this.etherType == 0x86dd && this.length >= 40;
	}

	int ipv4HeaderLength() {
		return (u8(0) & 0xf) * 4;
	}

	/**
	 * Find the upper-layer header of an IPv6 packet (VL2 9.3).
	 * @return protocol in the low byte, position above it; -1 if the extension headers
	 * run past the end
	 */
	int locateIpv6Payload() {
		int protocol = u8(6);
		int position = 40;
		while (protocol == 0 || protocol == 43 || protocol == 60 || protocol == 135) {
			if (position + 8 > this.length) {
				return -1;
			}
			protocol = u8(position);
			position += u8(position + 1) * 8 + 8;
		}
		return (position > this.length) ? -1 : position << 8 | protocol;
	}

	/**
	 * The credentials of the peer at the other end, only those valid now (VL2 8.4).
	 */
	public interface Remote {

		/**
		 * Return a tag.
		 * @param id its ID
		 * @return the tag, or null if there is no valid one
		 */
		@Nullable Tag tag(int id);

		/**
		 * Return the capabilities.
		 * @return the valid ones
		 */
		List<Capability> capabilities();

		/**
		 * Whether a certificate of ownership lists an IP address.
		 * @param address its 4 or 16 bytes
		 * @return true if a valid one does
		 */
		boolean owns(byte[] address);

		/**
		 * Whether a certificate of ownership lists a MAC address.
		 * @param mac its 48 bits
		 * @return true if a valid one does
		 */
		boolean ownsMac(long mac);

	}

}
