package io.zt4j.spring.boot.diagnostics;

import io.zt4j.node.store.StateStoreException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do when the node's folder cannot be used.
 */
class StateStoreFailureAnalyzer extends AbstractFailureAnalyzer<StateStoreException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StateStoreException cause) {
		return new FailureAnalysis("The ZeroTier node cannot keep its state. " + cause.getMessage(),
				"Let zerotier.storage-path name a folder that the user '" + System.getProperty("user.name")
						+ "' may write to, and that no other node uses.",
				cause);
	}

}
