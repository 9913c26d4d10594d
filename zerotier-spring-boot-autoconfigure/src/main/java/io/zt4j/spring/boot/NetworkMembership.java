package io.zt4j.spring.boot;

import io.zt4j.node.network.NetworkId;

import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A network to join. In yaml either the bare ID or a block of {@code id} and
 * {@code required}.
 *
 * @param id Network ID, sixteen hex digits.
 * @param required Whether the start waits for this network and the health depends on it.
 */
public record NetworkMembership(String id, @DefaultValue("true") boolean required) {

	@ConstructorBinding
	public NetworkMembership {
	}

	/**
	 * Make a required membership from the bare ID.
	 * @param id sixteen hex digits
	 * @return the membership
	 */
	public static NetworkMembership of(String id) {
		return new NetworkMembership(id, true);
	}

	/**
	 * Return the network.
	 * @return the parsed ID
	 */
	public NetworkId network() {
		return NetworkId.parse(this.id);
	}

	void check(String property) {
		try {
			network();
		}
		catch (IllegalArgumentException | NullPointerException ex) {
			throw new InvalidZeroTierPropertyException(property, this.id,
					"A ZeroTier network ID is 16 hex digits: the controller's node ID and six more.",
					"Copy the ID from the controller, and put it in quotes: yaml takes some of them for numbers.");
		}
	}

}
