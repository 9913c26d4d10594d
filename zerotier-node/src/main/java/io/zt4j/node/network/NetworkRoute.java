package io.zt4j.node.network;

import java.net.InetAddress;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * A managed route of a network (VL2 6). {@code 0.0.0.0/0} and {@code ::/0} are default
 * routes.
 *
 * @param target where the route leads to
 * @param via the gateway, of the target's family; null if the target is on the network
 * itself
 * @param flags 0..65535, unused so far
 * @param metric 0..65535, unused so far
 */
public record NetworkRoute(InetPrefix target, @Nullable InetAddress via, int flags, int metric) {

	/**
	 * Make a route without flags and metric.
	 * @param target where the route leads to
	 * @param via the gateway, or null
	 */
	public NetworkRoute(InetPrefix target, @Nullable InetAddress via) {
		this(target, via, 0, 0);
	}

	/**
	 * Read a route.
	 * @param in the buffer
	 * @return the route
	 * @throws MalformedPacketException if it has no target
	 */
	static NetworkRoute read(ByteBuf in) {
		InetPrefix target = InetPrefix.read(in);
		InetPrefix via = InetPrefix.read(in);
		int flags = in.readUnsignedShort();
		int metric = in.readUnsignedShort();
		if (target == null) {
			throw new MalformedPacketException("route without target");
		}
		return new NetworkRoute(target, (via != null) ? via.address() : null, flags, metric);
	}

	void write(ByteBuf out) {
		this.target.write(out);
		InetPrefix.write(out, this.via, 0);
		out.writeShort(this.flags).writeShort(this.metric);
	}

	/**
	 * Whether this is a default route.
	 * @return true if the target is everything
	 */
	public boolean isDefault() {
		return this.target.prefixLength() == 0;
	}

	@Override
	public String toString() {
		return (this.via == null) ? this.target.toString() : this.target + " via " + NetUtil.toAddressString(this.via);
	}

}
