package io.zt4j.node.store;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.InetAddressCodec;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a peer in {@code peers.d} (VL1 17).
 *
 * @param identity who, without secret
 * @param protocol protocol version, 0..65535
 * @param major software version
 * @param minor software version
 * @param revision software version
 * @param paths where it was reached
 */
public record PeerRecord(Identity identity, int protocol, int major, int minor, int revision,
		List<InetSocketAddress> paths) {

	private static final int VERSION = 2;

	public PeerRecord {
		identity = identity.withoutSecret();
		paths = List.copyOf(paths);
	}

	/**
	 * Return where a peer's record is stored.
	 * @param address the peer
	 * @return a path for {@link StateStore}
	 */
	public static String path(Address address) {
		return "peers.d/" + address + ".peer";
	}

	/**
	 * Parse a record.
	 * @param bytes content of the file
	 * @return the record, or null if it is of another version or damaged: the cache is
	 * optional
	 */
	public static @Nullable PeerRecord parse(byte[] bytes) {
		try {
			ByteBuf in = Unpooled.wrappedBuffer(bytes);
			if (in.readUnsignedByte() != VERSION) {
				return null;
			}
			Identity identity = Identity.read(in);
			int protocol = in.readUnsignedShort();
			int major = in.readUnsignedShort();
			int minor = in.readUnsignedShort();
			int revision = in.readUnsignedShort();
			int count = in.readUnsignedShort();
			List<InetSocketAddress> paths = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				InetSocketAddress path = InetAddressCodec.read(in);
				if (path != null) {
					paths.add(path);
				}
			}
			return new PeerRecord(identity, protocol, major, minor, revision, paths);
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			return null;
		}
	}

	/**
	 * Return the content of the file.
	 * @return the bytes
	 */
	public byte[] toBytes() {
		ByteBuf out = Unpooled.buffer();
		out.writeByte(VERSION);
		this.identity.write(out);
		out.writeShort(this.protocol);
		out.writeShort(this.major);
		out.writeShort(this.minor);
		out.writeShort(this.revision);
		out.writeShort(this.paths.size());
		this.paths.forEach((path) -> InetAddressCodec.write(out, path));
		return ByteBufUtil.getBytes(out);
	}

}
