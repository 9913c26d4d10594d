package io.zt4j.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.zt4j.node.identity.Identity;

/**
 * Identities whose secrets everybody knows, because making one takes a good part of a
 * second. For tests only: whoever uses one on a real network can be impersonated.
 */
public final class ThrowawayIdentities {

	private static final List<String> TEXTS = load();

	private ThrowawayIdentities() {
	}

	private static List<String> load() {
		try (InputStream in = ThrowawayIdentities.class.getResourceAsStream("identities.txt")) {
			if (in == null) {
				throw new IllegalStateException("identities.txt is missing");
			}
			return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return how many there are.
	 * @return a number above 100
	 */
	public static int count() {
		return TEXTS.size();
	}

	/**
	 * Return one of them.
	 * @param index 0 to {@link #count()} - 1
	 * @return the identity, with its secret
	 */
	public static Identity get(int index) {
		if (index < 0 || index >= TEXTS.size()) {
			throw new IllegalArgumentException(
					"There are " + TEXTS.size() + " throw-away identities, no number " + index);
		}
		return Identity.parse(TEXTS.get(index));
	}

}
