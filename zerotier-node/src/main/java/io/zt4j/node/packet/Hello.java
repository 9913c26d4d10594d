package io.zt4j.node.packet;

import java.net.InetSocketAddress;
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

	/**
	 * Read the protocol version without reading the rest.
	 * @param packet the packet, from its first byte
	 * @return the version
	 */
	public static int protocol(ByteBuf packet) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Read the identity without reading the rest: what is needed to verify the MAC.
	 * @param packet the packet, from its first byte
	 * @return the claimed identity
	 */
	public static Identity identity(ByteBuf packet) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Return where the enciphered tail begins.
	 * @param packet the packet, from its first byte
	 * @return a packet offset, the packet's length if there is no tail
	 */
	public static int tailOffset(ByteBuf packet) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Read a HELLO whose tail was deciphered. Everything after the identity is optional.
	 * @param packet the packet, from its first byte; no index moves
	 * @return the payload
	 * @throws MalformedPacketException if it does not parse
	 */
	public static Hello read(ByteBuf packet) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Write the payload at the writer index, which must stand at packet offset 28.
	 * @param packet the packet, its reader index at its first byte
	 * @return the packet offset of the tail, for {@link PacketCipher#cipherHelloTail}
	 */
	public int write(ByteBuf packet) {
		throw new UnsupportedOperationException();
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
