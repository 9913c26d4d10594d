package io.zt4j.node.packet;

import java.net.InetSocketAddress;
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

	/**
	 * Read what follows the common OK header.
	 * @param in at packet offset 37
	 * @return the payload
	 * @throws MalformedPacketException if it does not parse
	 */
	public static HelloOk read(ByteBuf in) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Write what follows the common OK header.
	 * @param out at packet offset 37
	 */
	public void write(ByteBuf out) {
		throw new UnsupportedOperationException();
	}

}
