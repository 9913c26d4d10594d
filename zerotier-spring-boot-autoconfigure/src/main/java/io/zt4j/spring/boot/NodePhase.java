package io.zt4j.spring.boot;

import org.springframework.context.SmartLifecycle;

/**
 * Phases of {@link SmartLifecycle} beans around the node. Web servers start at
 * {@code DEFAULT_PHASE - 2048} and stop their requests from {@code DEFAULT_PHASE - 1024}.
 */
public final class NodePhase {

	/** The node: up before, and down after, everything that may use it. */
	public static final int NODE = SmartLifecycle.DEFAULT_PHASE - 4096;

	/** Connections through the node: closed after the web servers, before the node. */
	public static final int CONNECTIONS = NODE + 1024;

	private NodePhase() {
	}

}
