package io.zt4j.node;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

import io.zt4j.node.identity.Identity;
import io.zt4j.node.identity.IdentityGenerator;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.store.StateStoreException;
import io.zt4j.node.world.World;
import org.jspecify.annotations.Nullable;

/**
 * Identity and planet of a node in its state store (VL1 1.9, 10.3).
 */
final class NodeState {

	private static final String SECRET = "identity.secret";

	private static final String PUBLIC = "identity.public";

	private static final String PLANET = "planet";

	private NodeState() {
	}

	static Identity identity(StateStore store, @Nullable Identity given, SecureRandom random) {
		if (given != null) {
			if (!given.hasSecret()) {
				throw new IllegalArgumentException("Identity " + given.address()
						+ " has no private key; give the content of identity.secret, not of identity.public");
			}
			return given;
		}
		byte[] secret = store.read(SECRET);
		Identity identity = (secret != null) ? parse(secret) : IdentityGenerator.generate(random);
		if (secret == null) {
			store.write(SECRET, identity.secretString().getBytes(StandardCharsets.US_ASCII));
		}
		byte[] text = identity.publicString().getBytes(StandardCharsets.US_ASCII);
		byte[] stored = store.read(PUBLIC);
		if (stored == null || !Arrays.equals(stored, text)) {
			store.write(PUBLIC, text);
		}
		return identity;
	}

	private static Identity parse(byte[] secret) {
		Identity identity;
		try {
			identity = Identity.parse(new String(secret, StandardCharsets.US_ASCII));
		}
		catch (IllegalArgumentException ex) {
			throw new StateStoreException("The state store's identity.secret is damaged (" + ex.getMessage()
					+ "); restore it from a backup, or delete it to get a new identity and address", ex);
		}
		if (!identity.hasSecret() || !identity.isValid()) {
			throw new StateStoreException(
					"The state store's identity.secret is damaged (address " + identity.address()
							+ " does not follow from its key, or the private key is missing); restore it from a "
							+ "backup, or delete it to get a new identity and address",
					new IllegalStateException("invalid identity"));
		}
		return identity;
	}

	// The planet given, or stored, or the default; a newer signed revision wins.
	static World planet(StateStore store, @Nullable World given) {
		byte[] content = store.read(PLANET);
		World stored = null;
		if (content != null) {
			try {
				stored = World.parse(content);
			}
			catch (IllegalArgumentException ex) {
				throw new StateStoreException("The state store's planet is damaged (" + ex.getMessage()
						+ "); replace it, or delete it to use the default planet", ex);
			}
		}
		World planet = (given != null) ? given : (stored != null) ? stored : World.defaultPlanet();
		if (planet.type() != World.Type.PLANET) {
			throw new IllegalArgumentException(
					"World " + Long.toHexString(planet.id()) + " is a moon; give a planet here and orbit the moon");
		}
		World other = (given != null) ? stored : World.defaultPlanet();
		if (other != null && planet.isReplacedBy(other)) {
			planet = other;
		}
		if (content == null || !Arrays.equals(content, planet.toBytes())) {
			store.write(PLANET, planet.toBytes());
		}
		return planet;
	}

}
