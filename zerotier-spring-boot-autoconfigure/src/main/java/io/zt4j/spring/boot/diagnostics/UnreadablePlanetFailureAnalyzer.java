package io.zt4j.spring.boot.diagnostics;

import io.zt4j.spring.boot.UnreadablePlanetException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do when the planet file cannot be used.
 */
class UnreadablePlanetFailureAnalyzer extends AbstractFailureAnalyzer<UnreadablePlanetException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnreadablePlanetException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Let zerotier.planet name a planet file (file:path, classpath:path or base64:content), such as the one "
						+ "a root writes to zerotier.root.planet-output, or remove the property to use the public planet.",
				cause);
	}

}
