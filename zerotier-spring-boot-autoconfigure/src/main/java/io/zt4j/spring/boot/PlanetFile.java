package io.zt4j.spring.boot;

import java.io.IOException;

import io.zt4j.node.world.World;

import org.springframework.core.io.Resource;

/**
 * Loads a planet file.
 */
final class PlanetFile {

	/** Size of the buffer zerotier-one reads world files with (VL1 10.1). */
	private static final int LIMIT = 8480;

	private PlanetFile() {
	}

	static World load(Resource resource) {
		byte[] content;
		try {
			content = resource.getContentAsByteArray();
		}
		catch (IOException ex) {
			throw new UnreadablePlanetException(resource, ex.getMessage(), ex);
		}
		try {
			if (content.length > LIMIT) {
				throw new IllegalArgumentException("it has " + content.length + " bytes");
			}
			World world = World.parse(content);
			if (world.type() != World.Type.PLANET) {
				throw new IllegalArgumentException("it is a moon");
			}
			return world;
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadablePlanetException(resource, "it is no planet file: " + ex.getMessage(), ex);
		}
	}

}
