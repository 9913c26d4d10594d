package io.zt4j.spring.boot;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.world.World;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;

/**
 * Gives a node the roles that the properties ask for: root and controller. Knows the
 * planet the node uses.
 */
class NodeRoles {

	private final ZeroTierProperties properties;

	private final StateStore store;

	private @Nullable World planet;

	private @Nullable ControllerRole controller;

	NodeRoles(ZeroTierProperties properties, StateStore store) {
		this.properties = properties;
		this.store = store;
	}

	/**
	 * Give the builder identity, planet and roles.
	 * @param builder the builder
	 */
	void configure(ZeroTierNode.Builder builder) {
		Resource file = this.properties.planet();
		if (this.properties.root().isActive()) {
			RootRole root = new RootRole(this.store, new SecureRandom(), InstantSource.system());
			Identity identity = root.identity();
			this.planet = root.planet(identity, Endpoints.parse("zerotier.root.endpoints",
					this.properties.root().endpoints(), this.properties.port()));
			builder.identity(identity);
		}
		else if (file != null) {
			this.planet = PlanetFile.load(file);
		}
		if (this.planet != null) {
			builder.planet(this.planet);
		}
		if (this.properties.controller().isActive()) {
			this.controller = new ControllerRole(this.properties.controller(), this.store);
			builder.controller(true);
		}
	}

	/**
	 * The node was started.
	 * @param node the node
	 */
	void started(ZeroTierNode node) {
		Path output = this.properties.root().planetOutput();
		if (output != null && this.planet != null) {
			OutputFile.write("zerotier.root.planet-output", output, this.planet.toBytes());
		}
		if (this.controller != null) {
			this.controller.start(node, this.planet);
		}
	}

	/**
	 * The node is about to be stopped.
	 */
	void stopping() {
		if (this.controller != null) {
			this.controller.stop();
		}
	}

	/**
	 * Return the planet that the properties give.
	 * @return the planet, or null if it is the stored or the public one
	 */
	@Nullable World planet() {
		return this.planet;
	}

}
