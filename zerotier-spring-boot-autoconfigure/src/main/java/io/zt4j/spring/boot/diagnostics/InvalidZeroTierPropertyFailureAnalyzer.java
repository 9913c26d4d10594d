package io.zt4j.spring.boot.diagnostics;

import io.zt4j.spring.boot.InvalidZeroTierPropertyException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says which property is wrong and what to write. Comes before the general analyzers of
 * binding failures, which would only show the exception's message.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidZeroTierPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidZeroTierPropertyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidZeroTierPropertyException cause) {
		String description = (cause.getValue() != null)
				? "The property " + cause.getProperty() + " has the value '" + cause.getValue() + "'."
				: "The property " + cause.getProperty() + " is missing.";
		return new FailureAnalysis(description + " " + cause.getReason(), cause.getAction(), cause);
	}

}
