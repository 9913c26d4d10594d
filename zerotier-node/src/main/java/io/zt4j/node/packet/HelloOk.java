package io.zt4j.node.packet;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.world.World;
import org.jspecify.annotations.Nullable;

/**
 * Payload of OK(HELLO) after the common OK header (VL1 8.2).
 *
 * @param timestamp copied from the HELLO
 * @param protocol the responder's protocol version
 * @param major software version
 * @param minor software version
 * @param revision software version
 * @param endpoint the physical address the HELLO came from; null if nil
 * @param worlds world updates
 */
public record HelloOk(long timestamp, int protocol, int major, int minor, int revision,
		@Nullable InetSocketAddress endpoint, List<World> worlds) {

	private static final int LENGTH_FIELD = 2;

	public HelloOk {
		worlds = List.copyOf(worlds);
	}

	/**
	 * Read what follows the common OK header, but leave the world updates alone: only
	 * those of an upstream count.
	 * @param in at packet offset 37
	 * @param withWorlds whether to read the world updates too
	 * @return the payload
	 * @throws MalformedPacketException if it does not parse
	 */
	public static HelloOk read(ByteBuf in, boolean withWorlds) {
		long timestamp = in.readLong();
		int protocol = in.readUnsignedByte();
		int major = in.readUnsignedByte();
		int minor = in.readUnsignedByte();
		int revision = in.readUnsignedShort();
		InetSocketAddress endpoint = in.isReadable() ? InetAddressCodec.read(in) : null;
		List<World> worlds = new ArrayList<>();
		if (withWorlds && in.readableBytes() >= LENGTH_FIELD) {
			ByteBuf updates = in.readSlice(in.readUnsignedShort());
			while (updates.isReadable()) {
				worlds.add(World.read(updates));
			}
		}
		return new HelloOk(timestamp, protocol, major, minor, revision, endpoint, worlds);
	}

	/**
	 * Read what follows the common OK header.
	 * @param in at packet offset 37
	 * @return the payload with its world updates
	 * @throws MalformedPacketException if it does not parse
	 */
	public static HelloOk read(ByteBuf in) {
		return read(in, true);
	}

	/**
	 * Write what follows the common OK header.
	 * @param out at packet offset 37
	 */
	public void write(ByteBuf out) {
		out.writeLong(this.timestamp);
		out.writeByte(this.protocol);
		out.writeByte(this.major);
		out.writeByte(this.minor);
		out.writeShort(this.revision);
		InetAddressCodec.write(out, this.endpoint);
		int lengthIndex = out.writerIndex();
		out.writeShort(0);
		this.worlds.forEach((world) -> world.write(out));
		out.setShort(lengthIndex, out.writerIndex() - lengthIndex - LENGTH_FIELD);
	}

}
