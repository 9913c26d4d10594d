package io.zt4j.stack.testing;

import java.net.Inet4Address;
import java.net.InetAddress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IpProtocol;

/**
 * Makes frames by hand, right and wrong ones.
 */
public final class Frames {

	/** A host that is not there. */
	public static final EthernetAddress STRANGER = new EthernetAddress(0x3200_0000_00eeL);

	private Frames() {
	}

	/**
	 * Make a frame.
	 * @param destination hardware address
	 * @param source hardware address
	 * @param etherType its type
	 * @param packet its content, released
	 * @return the frame
	 */
	public static ByteBuf ethernet(EthernetAddress destination, EthernetAddress source, int etherType, ByteBuf packet) {
		ByteBuf frame = Unpooled.buffer(14 + packet.readableBytes()).writeZero(14);
		destination.set(frame, 0);
		source.set(frame, 6);
		frame.setShort(12, etherType).writeBytes(packet);
		packet.release();
		return frame;
	}

	/**
	 * Make an ARP packet.
	 * @param operation 1 request, 2 reply
	 * @param senderMac sender hardware address
	 * @param sender sender address
	 * @param targetMac target hardware address
	 * @param target target address
	 * @return the packet
	 */
	public static ByteBuf arp(int operation, EthernetAddress senderMac, InetAddress sender, EthernetAddress targetMac,
			InetAddress target) {
		ByteBuf packet = Unpooled.buffer().writeInt(0x0001_0800).writeShort(0x0604).writeShort(operation).writeZero(20);
		senderMac.set(packet, 8);
		packet.setBytes(14, sender.getAddress());
		targetMac.set(packet, 18);
		packet.setBytes(24, target.getAddress());
		return packet;
	}

	/**
	 * Make an IPv4 packet without options.
	 * @param source source
	 * @param destination destination
	 * @param protocol protocol number
	 * @param identification identification
	 * @param flagsAndOffset 16 bits of flags and offset
	 * @param payload payload, released
	 * @return the packet
	 */
	public static ByteBuf ipv4(InetAddress source, InetAddress destination, int protocol, int identification,
			int flagsAndOffset, ByteBuf payload) {
		ByteBuf packet = Unpooled.buffer();
		packet.writeShort(0x4500)
			.writeShort(20 + payload.readableBytes())
			.writeShort(identification)
			.writeShort(flagsAndOffset)
			.writeByte(64)
			.writeByte(protocol)
			.writeShort(0)
			.writeBytes(source.getAddress())
			.writeBytes(destination.getAddress());
		packet.setShort(10, Checksum.fold(Checksum.add(0, packet, 0, 20)));
		packet.writeBytes(payload);
		payload.release();
		return packet;
	}

	/**
	 * Make an IPv6 packet.
	 * @param source source
	 * @param destination destination
	 * @param nextHeader first header
	 * @param hopLimit hop limit
	 * @param payload payload, released
	 * @return the packet
	 */
	public static ByteBuf ipv6(InetAddress source, InetAddress destination, int nextHeader, int hopLimit,
			ByteBuf payload) {
		ByteBuf packet = Unpooled.buffer()
			.writeInt(0x6000_0000)
			.writeShort(payload.readableBytes())
			.writeByte(nextHeader)
			.writeByte(hopLimit)
			.writeBytes(source.getAddress())
			.writeBytes(destination.getAddress())
			.writeBytes(payload);
		payload.release();
		return packet;
	}

	/**
	 * Put a fragment header in front.
	 * @param nextHeader what follows it
	 * @param identification identification
	 * @param offset bytes
	 * @param more whether more follow
	 * @param data the data, released
	 * @return header and data
	 */
	public static ByteBuf fragment6(int nextHeader, int identification, int offset, boolean more, ByteBuf data) {
		ByteBuf packet = Unpooled.buffer()
			.writeShort(nextHeader << 8)
			.writeShort(offset | (more ? 1 : 0))
			.writeInt(identification)
			.writeBytes(data);
		data.release();
		return packet;
	}

	/**
	 * Make a UDP datagram.
	 * @param source source
	 * @param destination destination
	 * @param sourcePort source port
	 * @param destinationPort destination port
	 * @param data data
	 * @return the datagram with its checksum
	 */
	public static ByteBuf udp(InetAddress source, InetAddress destination, int sourcePort, int destinationPort,
			byte[] data) {
		ByteBuf packet = Unpooled.buffer()
			.writeShort(sourcePort)
			.writeShort(destinationPort)
			.writeShort(8 + data.length)
			.writeShort(0)
			.writeBytes(data);
		packet.setShort(6, Checksum.ofTransport(source, destination, IpProtocol.UDP, packet));
		return packet;
	}

	/**
	 * Make an ICMP or ICMPv6 message.
	 * @param source source
	 * @param destination destination
	 * @param type type
	 * @param code code
	 * @param body what follows the checksum, released
	 * @return the message with its checksum
	 */
	public static ByteBuf icmp(InetAddress source, InetAddress destination, int type, int code, ByteBuf body) {
		ByteBuf packet = Unpooled.buffer().writeByte(type).writeByte(code).writeShort(0).writeBytes(body);
		body.release();
		packet.setShort(2,
				(source instanceof Inet4Address) ? Checksum.fold(Checksum.add(0, packet, 0, packet.readableBytes()))
						: Checksum.ofTransport(source, destination, IpProtocol.ICMPV6, packet));
		return packet;
	}

}
