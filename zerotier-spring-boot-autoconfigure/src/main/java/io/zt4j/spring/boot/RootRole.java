package io.zt4j.spring.boot;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

import io.zt4j.node.identity.Identity;
import io.zt4j.node.identity.IdentityGenerator;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.world.SigningKeyPair;
import io.zt4j.node.world.World;
import io.zt4j.node.world.WorldBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes the planet of a node that is its root. The planet stays the same from start to
 * start as long as the endpoints do; a change makes a newer revision, signed by the same
 * key, which nodes that know the old one take over.
 */
final class RootRole {

	private static final String PLANET = "planet";

	/** 128 bytes as the reference's planet tool writes them (VL1 10.6). */
	private static final String SIGNING_KEY = "planet-signing-key.secret";

	private final StateStore store;

	private final SecureRandom random;

	private final InstantSource clock;

	RootRole(StateStore store, SecureRandom random, InstantSource clock) {
		this.store = store;
		this.random = random;
		this.clock = clock;
	}

	/**
	 * Load the node's identity, or make it.
	 * @return the identity with its secret
	 */
	Identity identity() {
		byte[] secret = this.store.read("identity.secret");
		if (secret != null) {
			return Identity.parse(new String(secret, StandardCharsets.US_ASCII));
		}
		Identity identity = IdentityGenerator.generate(this.random);
		this.store.write("identity.secret", identity.secretString().getBytes(StandardCharsets.US_ASCII));
		this.store.write("identity.public", identity.publicString().getBytes(StandardCharsets.US_ASCII));
		return identity;
	}

	/**
	 * Load the planet, or make it, or make its next revision.
	 * @param identity the root's identity
	 * @param endpoints the root's endpoints
	 * @return the planet
	 */
	World planet(Identity identity, List<InetSocketAddress> endpoints) {
		SigningKeyPair key = signingKey();
		World previous = previous(key);
		World.Root root = new World.Root(identity.withoutSecret(), endpoints);
		if (previous != null && previous.roots().equals(List.of(root))) {
			return previous;
		}
		long timestamp = this.clock.millis();
		World planet = WorldBuilder.planet((previous != null) ? previous.id() : worldId(identity))
			.timestamp((previous != null) ? Math.max(timestamp, previous.timestamp() + 1) : timestamp)
			.root(identity.withoutSecret(), endpoints)
			.sign(key);
		this.store.write(PLANET, planet.toBytes());
		return planet;
	}

	private @Nullable World previous(SigningKeyPair key) {
		byte[] content = this.store.read(PLANET);
		if (content == null) {
			return null;
		}
		try {
			World world = World.parse(content);
			return world.verify(key.publicKey()) ? world : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private SigningKeyPair signingKey() {
		byte[] content = this.store.read(SIGNING_KEY);
		if (content != null) {
			return SigningKeyPair.parse(content);
		}
		SigningKeyPair key = SigningKeyPair.generate(this.random);
		this.store.write(SIGNING_KEY, key.toBytes());
		return key;
	}

	// any number but 0 and that of the public planet
	private static long worldId(Identity identity) {
		return ByteBuffer.wrap(identity.fingerprint()).getLong() | 1L << 62;
	}

}
