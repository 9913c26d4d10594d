package io.zt4j.spring.boot;

import org.jspecify.annotations.Nullable;

/**
 * A property under {@code zerotier} has a value that cannot work. A failure analyzer
 * turns it into words.
 */
public class InvalidZeroTierPropertyException extends RuntimeException {

	private final String property;

	private final @Nullable Object value;

	private final String reason;

	private final String action;

	/**
	 * Create the exception.
	 * @param property full name of the property
	 * @param value its value, null if it is missing
	 * @param reason what is wrong with it, a sentence
	 * @param action what to write instead, a sentence
	 */
	public InvalidZeroTierPropertyException(String property, @Nullable Object value, String reason, String action) {
		super("Property " + property + ((value != null) ? " with value '" + value + "'" : "") + " is invalid: "
				+ reason);
		this.property = property;
		this.value = value;
		this.reason = reason;
		this.action = action;
	}

	/**
	 * Return the name of the property.
	 * @return the full name
	 */
	public String getProperty() {
		return this.property;
	}

	/**
	 * Return the value.
	 * @return the value, null if it is missing
	 */
	public @Nullable Object getValue() {
		return this.value;
	}

	/**
	 * Return what is wrong.
	 * @return a sentence
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Return what to write instead.
	 * @return a sentence
	 */
	public String getAction() {
		return this.action;
	}

}
