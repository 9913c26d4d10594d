package io.zt4j.node.world;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.zt4j.node.identity.Identity;

/**
 * Makes planets and moons of one's own (VL1 10.6). What it makes is what the reference's
 * tools make: {@link World#toBytes()} goes into the file {@code planet}, or
 * {@code moons.d/<16 hex digits of the ID>.moon}, of every node.
 *
 * <pre>{@code
 * World planet = WorldBuilder.planet(0x1234)
 * 	.timestamp(clock.millis())
 * 	.root(rootIdentity, InetAddressCodec.parse("192.0.2.10/9993"))
 * 	.sign(keyPair);
 * }</pre>
 */
public final class WorldBuilder {

	private final World.Type type;

	private final long id;

	private long timestamp;

	private final List<World.Root> roots = new ArrayList<>();

	private WorldBuilder(World.Type type, long id) {
		if (id == 0) {
			throw new IllegalArgumentException("A world ID is not 0; choose any other 64-bit number");
		}
		this.type = type;
		this.id = id;
	}

	/**
	 * Begin a planet.
	 * @param id world ID, neither 0 nor {@link World#EARTH}
	 * @return the builder
	 */
	public static WorldBuilder planet(long id) {
		if (id == World.EARTH) {
			throw new IllegalArgumentException("World ID " + World.EARTH
					+ " is that of the public ZeroTier planet; choose another for a planet of your own");
		}
		return new WorldBuilder(World.Type.PLANET, id);
	}

	/**
	 * Begin a moon.
	 * @param id world ID, by convention the address of its first root
	 * @return the builder
	 */
	public static WorldBuilder moon(long id) {
		return new WorldBuilder(World.Type.MOON, id);
	}

	/**
	 * Set the revision: nodes take an update only if its timestamp is greater.
	 * @param timestamp milliseconds since the Unix epoch
	 * @return this
	 */
	public WorldBuilder timestamp(long timestamp) {
		this.timestamp = timestamp;
		return this;
	}

	/**
	 * Add a root, at most four.
	 * @param identity who; a secret is left out
	 * @param endpoints where it can always be reached. Without any, nodes find it only
	 * through another root
	 * @return this
	 */
	public WorldBuilder root(Identity identity, InetSocketAddress... endpoints) {
		return root(identity, List.of(endpoints));
	}

	/**
	 * Add a root, at most four.
	 * @param identity who; a secret is left out
	 * @param endpoints where it can always be reached
	 * @return this
	 */
	public WorldBuilder root(Identity identity, List<InetSocketAddress> endpoints) {
		if (this.roots.size() == World.MAXIMUM_ROOTS) {
			throw new IllegalArgumentException("A world has at most 4 roots; add more by making a moon");
		}
		this.roots.add(new World.Root(identity, endpoints));
		return this;
	}

	/**
	 * Sign a first revision, whose key also signs the next.
	 * @param keyPair the key pair
	 * @return the world
	 */
	public World sign(SigningKeyPair keyPair) {
		return sign(keyPair, keyPair.publicKey());
	}

	/**
	 * Sign a revision.
	 * @param previous the key pair whose public half the revision before names
	 * ({@code previous.c25519})
	 * @param updatesMustBeSignedBy the 64-byte public key that must sign the next
	 * revision (the public half of {@code current.c25519})
	 * @return the world
	 */
	public World sign(SigningKeyPair previous, byte[] updatesMustBeSignedBy) {
		if (this.timestamp == 0) {
			throw new IllegalArgumentException("A world needs a timestamp; set it to the current time");
		}
		World unsigned = new World(this.type, this.id, this.timestamp, updatesMustBeSignedBy, new byte[96], this.roots);
		return new World(this.type, this.id, this.timestamp, updatesMustBeSignedBy,
				previous.sign(unsigned.signedBytes()), this.roots);
	}

}
