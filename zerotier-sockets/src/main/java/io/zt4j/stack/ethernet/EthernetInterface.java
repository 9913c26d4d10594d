package io.zt4j.stack.ethernet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.EthernetLink;
import io.zt4j.stack.capture.PcapngWriter;
import org.jspecify.annotations.Nullable;

/**
 * The network interface: puts Ethernet headers in front of packets and takes them off,
 * counts joined groups, records frames. Flushes the link by itself at the end of a batch
 * or, outside of one, when the event loop gets to it. Confined to the event loop.
 */
public final class EthernetInterface {

	/** Bytes of an Ethernet header. */
	public static final int HEADER_LENGTH = 14;

	private final EthernetLink link;

	private final EventLoop loop;

	private final Drops drops;

	private final long address;

	private final Map<EthernetAddress, Integer> groups = new HashMap<>();

	private final Runnable scheduledFlush = this::runScheduledFlush;

	private volatile @Nullable PcapngWriter capture;

	private boolean batch;

	private boolean dirty;

	private boolean flushScheduled;

	private boolean group;

	private long source;

	private long received;

	private long sent;

	/**
	 * Make the interface.
	 * @param link the link
	 * @param loop the loop all is confined to
	 * @param drops counts dropped frames
	 */
	public EthernetInterface(EthernetLink link, EventLoop loop, Drops drops) {
		this.link = link;
		this.loop = loop;
		this.drops = drops;
		this.address = link.address().value();
	}

	/**
	 * Return the hardware address.
	 * @return 48 bits
	 */
	public long address() {
		return this.address;
	}

	/**
	 * Return the greatest packet a frame may carry.
	 * @return bytes
	 */
	public int mtu() {
		return this.link.mtu();
	}

	/**
	 * Return the room needed in front of a packet.
	 * @return bytes, for the link's and the Ethernet header
	 */
	public int headroom() {
		return this.link.headroom() + HEADER_LENGTH;
	}

	/**
	 * Allocate a buffer for a packet.
	 * @param headers bytes of headers to be written in front of the indexes
	 * @param capacity bytes to be written behind them
	 * @return the buffer
	 */
	public ByteBuf allocate(int headers, int capacity) {
		int room = headroom() + headers;
		return ByteBufAllocator.DEFAULT.buffer(room + capacity).setIndex(room, room);
	}

	/**
	 * Make sure headers may be written in front of a packet.
	 * @param packet the packet; ownership passes
	 * @param headers bytes of headers besides {@link #headroom()}
	 * @return the packet itself or a copy of it
	 */
	public ByteBuf withHeadroom(ByteBuf packet, int headers) {
		if (packet.readerIndex() >= headroom() + headers && packet.refCnt() == 1 && !packet.isReadOnly()) {
			return packet;
		}
		ByteBuf copy = allocate(headers, packet.readableBytes()).writeBytes(packet);
		packet.release();
		return copy;
	}

	/**
	 * Take the header off a received frame. The next call replaces what
	 * {@link #isGroup()} and {@link #source()} return.
	 * @param frame the frame; its reader index moves behind the header
	 * @return the EtherType, or -1 if the frame is to be dropped and was counted
	 */
	public int accept(ByteBuf frame) {
		this.batch = true;
		this.received++;
		PcapngWriter writer = this.capture;
		if (writer != null) {
			writer.write(frame, false);
		}
		int index = frame.readerIndex();
		if (frame.readableBytes() < HEADER_LENGTH) {
			this.drops.count(DropReason.FRAME_TOO_SHORT);
			return -1;
		}
		long destination = getAddress(frame, index);
		this.group = isGroup(destination);
		if (!this.group && destination != this.address) {
			this.drops.count(DropReason.FRAME_NOT_FOR_US);
			return -1;
		}
		this.source = getAddress(frame, index + 6);
		if (isGroup(this.source) || this.source == this.address || this.source == 0) {
			this.drops.count(DropReason.FRAME_BAD_SOURCE);
			return -1;
		}
		frame.readerIndex(index + HEADER_LENGTH);
		return frame.getUnsignedShort(index + 12);
	}

	/**
	 * Whether the last frame accepted was sent to a group.
	 * @return true for broadcast and multicast
	 */
	public boolean isGroup() {
		return this.group;
	}

	/**
	 * Return who sent the last frame accepted.
	 * @return 48 bits
	 */
	public long source() {
		return this.source;
	}

	/**
	 * Send a packet.
	 * @param packet the packet with {@link #headroom()} in front; ownership passes
	 * @param destination hardware address, 48 bits
	 * @param etherType what the packet is
	 */
	public void transmit(ByteBuf packet, long destination, int etherType) {
		int index = packet.readerIndex() - HEADER_LENGTH;
		packet.readerIndex(index);
		packet.setLong(index, destination << 16 | this.address >>> 32);
		packet.setInt(index + 8, (int) this.address);
		packet.setShort(index + 12, etherType);
		PcapngWriter writer = this.capture;
		if (writer != null) {
			writer.write(packet, true);
		}
		this.sent++;
		this.dirty = true;
		this.link.transmit(packet);
		if (!this.batch && !this.flushScheduled) {
			this.flushScheduled = true;
			this.loop.execute(this.scheduledFlush);
		}
	}

	/**
	 * Hand what was sent over to the network now.
	 */
	public void flush() {
		if (this.dirty) {
			this.dirty = false;
			this.link.flush();
		}
	}

	/**
	 * The batch of received frames is over.
	 */
	public void batchComplete() {
		this.batch = false;
		flush();
	}

	/**
	 * Receive frames to a multicast group; joins are counted.
	 * @param group an IP multicast address
	 */
	public void join(InetAddress group) {
		EthernetAddress mac = new EthernetAddress(multicast(group));
		if (this.groups.merge(mac, 1, Integer::sum) == 1) {
			this.link.join(mac);
		}
	}

	/**
	 * Take back one join.
	 * @param group an IP multicast address
	 */
	public void leave(InetAddress group) {
		EthernetAddress mac = new EthernetAddress(multicast(group));
		if (this.groups.computeIfPresent(mac, (key, count) -> (count == 1) ? null : count - 1) == null) {
			this.link.leave(mac);
		}
	}

	/**
	 * Leave all groups.
	 */
	public void close() {
		this.groups.keySet().forEach(this.link::leave);
		this.groups.clear();
		flush();
	}

	/**
	 * Begin or end to record frames. Any thread may call.
	 * @param writer takes the frames, or null to stop
	 */
	public void capture(@Nullable PcapngWriter writer) {
		this.capture = writer;
	}

	/**
	 * Return the number of frames received.
	 * @return frames
	 */
	public long received() {
		return this.received;
	}

	/**
	 * Return the number of frames sent.
	 * @return frames
	 */
	public long sent() {
		return this.sent;
	}

	/**
	 * Map an IP multicast address to Ethernet (RFC 1112 6.4, RFC 2464 7).
	 * @param group the multicast address
	 * @return 48 bits
	 */
	public static long multicast(InetAddress group) {
		byte[] octets = group.getAddress();
		int end = octets.length;
		if (group instanceof Inet4Address) {
			return 0x0100_5e00_0000L | (octets[1] & 0x7fL) << 16 | (octets[2] & 0xff) << 8 | octets[3] & 0xff;
		}
		return 0x3333_0000_0000L | (octets[end - 4] & 0xffL) << 24 | (octets[end - 3] & 0xff) << 16
				| (octets[end - 2] & 0xff) << 8 | octets[end - 1] & 0xff;
	}

	static long getAddress(ByteBuf buffer, int index) {
		return (long) buffer.getUnsignedShort(index) << 32 | buffer.getUnsignedInt(index + 2);
	}

	static boolean isGroup(long address) {
		return (address & 0x0100_0000_0000L) != 0;
	}

	private void runScheduledFlush() {
		this.flushScheduled = false;
		if (!this.batch) {
			flush();
		}
	}

}
