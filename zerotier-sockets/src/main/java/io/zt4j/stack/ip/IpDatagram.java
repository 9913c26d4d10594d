package io.zt4j.stack.ip;

import java.net.InetAddress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A received IP packet whose header was checked: a flyweight reused for every packet,
 * valid during the call. Addresses are pairs of longs as {@link IpAddresses} has them, so
 * that looking up a connection allocates nothing. Confined to the stack's event loop.
 */
public final class IpDatagram {

	private int version;

	private long sourceHigh;

	private long sourceLow;

	private long destinationHigh;

	private long destinationLow;

	private int protocol;

	private int trafficClass;

	private int hopLimit;

	private boolean unicast;

	private ByteBuf payload = Unpooled.EMPTY_BUFFER;

	private int headerIndex;

	private InetAddress source = IpAddresses.of(4, 0, 0);

	private InetAddress destination = this.source;

	/**
	 * Set everything; for the IP layer and tests.
	 * @param version 4 or 6
	 * @param sourceHigh upper half of the source
	 * @param sourceLow lower half of the source
	 * @param destinationHigh upper half of the destination
	 * @param destinationLow lower half of the destination
	 * @param unicast whether the destination is neither multicast nor broadcast
	 * @param protocol the transport protocol's number
	 * @param trafficClass the DSCP and ECN bits, 0..255
	 * @param hopLimit 0..255
	 * @param headerIndex index of the IP header in the payload's buffer, -1 if it is not
	 * there
	 * @param payload reader index at the transport header, exact in length
	 * @return this
	 */
	public IpDatagram set(int version, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow,
			boolean unicast, int protocol, int trafficClass, int hopLimit, int headerIndex, ByteBuf payload) {
		this.version = version;
		this.sourceHigh = sourceHigh;
		this.sourceLow = sourceLow;
		this.destinationHigh = destinationHigh;
		this.destinationLow = destinationLow;
		this.unicast = unicast;
		this.protocol = protocol;
		this.trafficClass = trafficClass;
		this.hopLimit = hopLimit;
		this.headerIndex = headerIndex;
		this.payload = payload;
		return this;
	}

	/**
	 * Let go of the payload.
	 */
	public void clear() {
		this.payload = Unpooled.EMPTY_BUFFER;
		this.headerIndex = -1;
	}

	/**
	 * Return the IP version.
	 * @return 4 or 6
	 */
	public int version() {
		return this.version;
	}

	/**
	 * Return the upper half of the source.
	 * @return upper 64 bits of the source, 0 for IPv4
	 */
	public long sourceHigh() {
		return this.sourceHigh;
	}

	/**
	 * Return the lower half of the source.
	 * @return lower 64 bits of the source, or the 32 bits of an IPv4 address
	 */
	public long sourceLow() {
		return this.sourceLow;
	}

	/**
	 * Return the upper half of the destination.
	 * @return upper 64 bits of the destination, 0 for IPv4
	 */
	public long destinationHigh() {
		return this.destinationHigh;
	}

	/**
	 * Return the lower half of the destination.
	 * @return lower 64 bits of the destination, or the 32 bits of an IPv4 address
	 */
	public long destinationLow() {
		return this.destinationLow;
	}

	/**
	 * Whether the destination is one of our unicast addresses.
	 * @return false for multicast and broadcast
	 */
	public boolean isUnicast() {
		return this.unicast;
	}

	/**
	 * Return the number of the transport protocol.
	 * @return 0..255
	 */
	public int protocol() {
		return this.protocol;
	}

	/**
	 * Return the traffic class.
	 * @return the DSCP and ECN bits, 0..255
	 */
	public int trafficClass() {
		return this.trafficClass;
	}

	/**
	 * Return the hop limit (time to live) the packet arrived with.
	 * @return 0..255
	 */
	public int hopLimit() {
		return this.hopLimit;
	}

	/**
	 * Return the transport segment. To keep it beyond the call, retain it.
	 * @return the buffer, reader index at the transport header, length exact
	 */
	public ByteBuf payload() {
		return this.payload;
	}

	/**
	 * Return where the IP header begins in the buffer of {@link #payload()}.
	 * @return the index, or -1 after reassembly, when the header is not there
	 */
	public int headerIndex() {
		return this.headerIndex;
	}

	/**
	 * Return the source as an object; the object of the last packet from this source is
	 * used again.
	 * @return the source address
	 */
	public InetAddress source() {
		if (!is(this.source, this.version, this.sourceHigh, this.sourceLow)) {
			this.source = IpAddresses.of(this.version, this.sourceHigh, this.sourceLow);
		}
		return this.source;
	}

	/**
	 * Return the destination as an object.
	 * @return the destination address
	 */
	public InetAddress destination() {
		if (!is(this.destination, this.version, this.destinationHigh, this.destinationLow)) {
			this.destination = IpAddresses.of(this.version, this.destinationHigh, this.destinationLow);
		}
		return this.destination;
	}

	private static boolean is(InetAddress address, int version, long high, long low) {
		return IpAddresses.version(address) == version && IpAddresses.low(address) == low
				&& IpAddresses.high(address) == high;
	}

}
