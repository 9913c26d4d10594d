package io.zt4j.node.world;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Identity;

/**
 * A signed list of roots: the planet or a moon (VL1 10).
 *
 * @param type planet or moon
 * @param id world ID
 * @param timestamp milliseconds since the Unix epoch; serves as the revision number
 * @param updatesMustBeSignedBy the 64-byte public key that must sign the next update
 * @param signature 96 bytes
 * @param roots at most four
 */
public record World(Type type, long id, long timestamp, byte[] updatesMustBeSignedBy, byte[] signature,
		List<Root> roots) {

	/**
	 * Read a signed world.
	 * @param in where from
	 * @return the world, its signature not verified
	 * @throws io.zt4j.node.packet.MalformedPacketException if it does not parse
	 */
	public static World read(ByteBuf in) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Parse a planet or moon file.
	 * @param bytes its content
	 * @return the world, its signature not verified
	 * @throws IllegalArgumentException if it does not parse
	 */
	public static World parse(byte[] bytes) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Return the default planet: the roots of the public ZeroTier service.
	 * @return the planet
	 */
	public static World defaultPlanet() {
		throw new UnsupportedOperationException();
	}

	/**
	 * Write the signed world.
	 * @param out where to
	 */
	public void write(ByteBuf out) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Return the signed world: the content of a planet or moon file.
	 * @return the bytes
	 */
	public byte[] toBytes() {
		throw new UnsupportedOperationException();
	}

	/**
	 * Verify the signature.
	 * @param publicKey 64 bytes: the current world's {@code updatesMustBeSignedBy}
	 * @return true if that key signed this world
	 */
	public boolean verify(byte[] publicKey) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Whether a candidate replaces this world: same type and ID, newer, and signed by the
	 * key this world names (VL1 10.2).
	 * @param candidate the candidate
	 * @return true if it is to be installed
	 */
	public boolean isReplacedBy(World candidate) {
		throw new UnsupportedOperationException();
	}

	/** What a world is. */
	public enum Type {

		/** The planet, of which a node has one. */
		PLANET,

		/** A moon, of which a node orbits any number. */
		MOON

	}

	/**
	 * One root.
	 *
	 * @param identity who
	 * @param endpoints its fixed physical addresses, at most 32
	 */
	public record Root(Identity identity, List<InetSocketAddress> endpoints) {
	}

}
