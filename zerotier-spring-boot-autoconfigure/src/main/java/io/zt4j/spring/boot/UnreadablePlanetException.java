package io.zt4j.spring.boot;

import org.springframework.core.io.Resource;

/**
 * The planet file does not exist, or is none.
 */
public class UnreadablePlanetException extends RuntimeException {

	private final transient Resource planet;

	/**
	 * Create the exception.
	 * @param planet the resource
	 * @param reason what is wrong with it
	 * @param cause the cause
	 */
	public UnreadablePlanetException(Resource planet, String reason, Throwable cause) {
		super("Planet " + planet.getDescription() + " is unreadable: " + reason, cause);
		this.planet = planet;
	}

	/**
	 * Return the planet file.
	 * @return the resource
	 */
	public Resource getPlanet() {
		return this.planet;
	}

}
