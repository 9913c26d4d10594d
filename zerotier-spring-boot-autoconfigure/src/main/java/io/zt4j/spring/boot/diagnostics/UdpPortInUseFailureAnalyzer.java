package io.zt4j.spring.boot.diagnostics;

import io.zt4j.spring.boot.UdpPortInUseException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do when the node's UDP port cannot be bound.
 */
class UdpPortInUseFailureAnalyzer extends AbstractFailureAnalyzer<UdpPortInUseException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UdpPortInUseException cause) {
		return new FailureAnalysis("The ZeroTier node could not be started. " + cause
			.getMessage() + ".", "Stop the process that uses UDP port " + cause.getPort()
					+ ", often another ZeroTier node, or set zerotier.port to another port, or to 0 for any free one. "
					+ "If an address is said not to be available, correct zerotier.bind-addresses.",
				cause);
	}

}
