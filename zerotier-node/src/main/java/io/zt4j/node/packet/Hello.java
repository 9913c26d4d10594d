package io.zt4j.node.packet;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Payload of HELLO (VL1 8.2).
 *
 * @param protocol protocol version, 0..255
 * @param major software version
 * @param minor software version
 * @param revision software version, 0..65535
 * @param timestamp the sender's clock, echoed in OK
 * @param identity the sender
 * @param endpoint the physical address the HELLO is sent to; null if absent or nil
 * @param planetId ID of the sender's planet, 0 if absent
 * @param planetTimestamp timestamp of the sender's planet, 0 if absent
 * @param moons the moons the sender has or wants
 */
public record Hello(int protocol, int major, int minor, int revision, long timestamp, Identity identity,
		@Nullable InetSocketAddress endpoint, long planetId, long planetTimestamp, List<MoonTimestamp> moons) {

	/** Packet offset of the identity. */
	private static final int IDENTITY = 41;

	private static final int PLANET_LENGTH = 16;

	private static final int MOON_TYPE = 0x7f;

	public Hello {
		moons = List.copyOf(moons);
	}

	/**
	 * Read the protocol version without reading the rest.
	 * @param packet the packet, from its first byte
	 * @return the version
	 * @throws MalformedPacketException if it is too short
	 */
	public static int protocol(ByteBuf packet) {
		return payload(packet).readUnsignedByte();
	}

	/**
	 * Read the identity without reading the rest: what is needed to verify the MAC.
	 * @param packet the packet, from its first byte
	 * @return the claimed identity
	 * @throws MalformedPacketException if it does not parse
	 * @throws IndexOutOfBoundsException if it ends within a field or the list of moons
	 */
	public static Identity identity(ByteBuf packet) {
		return Identity.read(from(packet, IDENTITY)).withoutSecret();
	}

	/**
	 * Return where the enciphered tail begins.
	 * @param packet the packet, from its first byte
	 * @return a packet offset, the packet's length if there is no tail
	 * @throws MalformedPacketException if what precedes the tail does not parse
	 */
	public static int tailOffset(ByteBuf packet) {
		ByteBuf in = from(packet, IDENTITY);
		Identity.read(in);
		if (in.isReadable()) {
			InetAddressCodec.read(in);
		}
		if (in.readableBytes() >= PLANET_LENGTH) {
			in.skipBytes(PLANET_LENGTH);
		}
		return packet.readableBytes() - in.readableBytes();
	}

	/**
	 * Read a HELLO whose tail was deciphered. Everything after the identity is optional.
	 * @param packet the packet, from its first byte; no index moves
	 * @return the payload
	 * @throws MalformedPacketException if it does not parse
	 */
	public static Hello read(ByteBuf packet) {
		ByteBuf in = payload(packet);
		int protocol = in.readUnsignedByte();
		int major = in.readUnsignedByte();
		int minor = in.readUnsignedByte();
		int revision = in.readUnsignedShort();
		long timestamp = in.readLong();
		Identity identity = Identity.read(in).withoutSecret();
		InetSocketAddress endpoint = in.isReadable() ? InetAddressCodec.read(in) : null;
		long planetId = 0;
		long planetTimestamp = 0;
		if (in.readableBytes() >= PLANET_LENGTH) {
			planetId = in.readLong();
			planetTimestamp = in.readLong();
		}
		return new Hello(protocol, major, minor, revision, timestamp, identity, endpoint, planetId, planetTimestamp,
				readMoons(in));
	}

	private static List<MoonTimestamp> readMoons(ByteBuf in) {
		List<MoonTimestamp> moons = new ArrayList<>();
		int count = (in.readableBytes() >= Short.BYTES) ? in.readUnsignedShort() : 0;
		for (int i = 0; i < count; i++) {
			int type = in.readUnsignedByte();
			MoonTimestamp moon = new MoonTimestamp(in.readLong(), in.readLong());
			if (type == MOON_TYPE) {
				moons.add(moon);
			}
		}
		return moons;
	}

	/**
	 * Write the payload at the writer index, which must stand at packet offset 28.
	 * @param packet the packet, its reader index at its first byte
	 * @return the packet offset of the tail, for {@link PacketCipher#cipherHelloTail}
	 */
	public int write(ByteBuf packet) {
		packet.writeByte(this.protocol);
		packet.writeByte(this.major);
		packet.writeByte(this.minor);
		packet.writeShort(this.revision);
		packet.writeLong(this.timestamp);
		this.identity.write(packet);
		InetAddressCodec.write(packet, this.endpoint);
		packet.writeLong(this.planetId);
		packet.writeLong(this.planetTimestamp);
		int tailOffset = packet.readableBytes();
		packet.writeShort(this.moons.size());
		for (MoonTimestamp moon : this.moons) {
			packet.writeByte(MOON_TYPE);
			packet.writeLong(moon.id());
			packet.writeLong(moon.timestamp());
		}
		return tailOffset;
	}

	private static ByteBuf payload(ByteBuf packet) {
		return from(packet, PacketHeader.PAYLOAD);
	}

	private static ByteBuf from(ByteBuf packet, int offset) {
		if (packet.readableBytes() < offset) {
			throw new MalformedPacketException("HELLO of " + packet.readableBytes() + " bytes");
		}
		return packet.slice(packet.readerIndex() + offset, packet.readableBytes() - offset);
	}

	/**
	 * A moon the sender orbits, or wants.
	 *
	 * @param id world ID
	 * @param timestamp timestamp of the sender's copy, 0 if it has none
	 */
	public record MoonTimestamp(long id, long timestamp) {
	}

}
