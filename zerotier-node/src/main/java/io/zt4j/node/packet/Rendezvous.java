package io.zt4j.node.packet;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;

/**
 * Payload of RENDEZVOUS (VL1 8.6): a peer may be reached at an endpoint.
 *
 * @param peer whom to contact
 * @param endpoint where
 */
public record Rendezvous(Address peer, InetSocketAddress endpoint) {

	/**
	 * Read the payload.
	 * @param in at packet offset 28
	 * @return the payload
	 * @throws MalformedPacketException if the address is neither 4 nor 16 bytes long or
	 * the port is 0
	 */
	public static Rendezvous read(ByteBuf in) {
		in.skipBytes(1);
		Address peer = Address.read(in);
		int port = in.readUnsignedShort();
		int length = in.readUnsignedByte();
		if (port == 0 || (length != 4 && length != 16)) {
			throw new MalformedPacketException("RENDEZVOUS with port " + port + ", address length " + length);
		}
		return new Rendezvous(peer, new InetSocketAddress(InetAddressCodec.readIp(in, length), port));
	}

	/**
	 * Write the payload.
	 * @param out where to
	 */
	public void write(ByteBuf out) {
		InetAddress ip = this.endpoint.getAddress();
		byte[] bytes = ip.getAddress();
		out.writeByte(0);
		this.peer.write(out);
		out.writeShort(this.endpoint.getPort());
		out.writeByte(bytes.length);
		out.writeBytes(bytes);
	}

}
