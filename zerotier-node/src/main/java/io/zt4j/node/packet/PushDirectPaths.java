package io.zt4j.node.packet;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;

/**
 * Payload of PUSH_DIRECT_PATHS (VL1 8.8): endpoints at which the sender may be reached.
 *
 * @param paths the endpoints
 */
public record PushDirectPaths(List<DirectPath> paths) {

	/** Most bytes one record takes: IPv6 without attributes, rounded up as VL1 8.8. */
	public static final int RECORD_LENGTH = 24;

	/** Packets are filled up to this many bytes. */
	public static final int PACKET_LIMIT = 1200;

	private static final int COUNT_LENGTH = 2;

	public PushDirectPaths {
		paths = List.copyOf(paths);
	}

	/**
	 * Read the payload up to where it is truncated; records of unknown address types are
	 * skipped.
	 * @param in at packet offset 28
	 * @return the payload
	 */
	public static PushDirectPaths read(ByteBuf in) {
		int count = in.readUnsignedShort();
		List<DirectPath> paths = new ArrayList<>(Math.min(count, 16));
		for (int i = 0; i < count && in.readableBytes() >= 3; i++) {
			int flags = in.readUnsignedByte();
			int attributes = in.readUnsignedShort();
			if (in.readableBytes() < attributes + 2) {
				break;
			}
			in.skipBytes(attributes);
			int type = in.readUnsignedByte();
			int length = in.readUnsignedByte();
			int next = in.readerIndex() + length;
			int ipLength = (type == 4) ? 4 : (type == 6) ? 16 : 0;
			if (ipLength != 0) {
				if (in.readableBytes() < ipLength + 2) {
					break;
				}
				InetAddress ip = InetAddressCodec.readIp(in, ipLength);
				paths.add(new DirectPath(flags, new InetSocketAddress(ip, in.readUnsignedShort())));
			}
			if (next > in.writerIndex()) {
				break;
			}
			in.readerIndex(next);
		}
		return new PushDirectPaths(paths);
	}

	/**
	 * Write the payload.
	 * @param out where to
	 */
	public void write(ByteBuf out) {
		out.writeShort(this.paths.size());
		for (DirectPath path : this.paths) {
			byte[] ip = path.endpoint().getAddress().getAddress();
			out.writeByte(path.flags());
			out.writeShort(0);
			out.writeByte((ip.length == 4) ? 4 : 6);
			out.writeByte(ip.length + 2);
			out.writeBytes(ip);
			out.writeShort(path.endpoint().getPort());
		}
	}

	/**
	 * Distribute endpoints over as many packets as needed.
	 * @param endpoints the endpoints
	 * @return payloads, each for one packet below 1200 bytes; none if there are no
	 * endpoints
	 */
	public static List<PushDirectPaths> of(List<InetSocketAddress> endpoints) {
		List<PushDirectPaths> packets = new ArrayList<>();
		List<DirectPath> paths = new ArrayList<>();
		int length = PacketHeader.PAYLOAD + COUNT_LENGTH;
		for (InetSocketAddress endpoint : endpoints) {
			if (length + RECORD_LENGTH >= PACKET_LIMIT) {
				packets.add(new PushDirectPaths(paths));
				paths.clear();
				length = PacketHeader.PAYLOAD + COUNT_LENGTH;
			}
			paths.add(new DirectPath(0, endpoint));
			length += (endpoint.getAddress().getAddress().length == 4) ? 11 : 23;
		}
		if (!paths.isEmpty()) {
			packets.add(new PushDirectPaths(paths));
		}
		return packets;
	}

	/**
	 * One endpoint.
	 *
	 * @param flags {@link #FORGET}, {@link #CLUSTER_REDIRECT}
	 * @param endpoint where
	 */
	public record DirectPath(int flags, InetSocketAddress endpoint) {

		/** Flag: forget this path; the record is ignored. */
		public static final int FORGET = 0x01;

		/** Flag: cluster redirect. */
		public static final int CLUSTER_REDIRECT = 0x02;

		/**
		 * Whether the record asks to forget the path.
		 * @return true if it is to be ignored
		 */
		public boolean isForget() {
			return (this.flags & FORGET) != 0;
		}

		/**
		 * Whether the peer asks to be contacted there instead.
		 * @return true if redirected
		 */
		public boolean isClusterRedirect() {
			return (this.flags & CLUSTER_REDIRECT) != 0;
		}

	}

}
