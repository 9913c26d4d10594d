package io.zt4j.spring.boot.client;

import io.zt4j.spring.boot.NodePhase;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Closes the connections of HTTP clients after the last request was served and before the
 * node goes down. Like the node, they outlive a stop of the context that is no close.
 */
class OverlayClientLifecycle implements SmartLifecycle {

	private final ConfigurableApplicationContext context;

	private final OverlayHttpClient client;

	private volatile boolean running;

	OverlayClientLifecycle(ConfigurableApplicationContext context, OverlayHttpClient client) {
		this.context = context;
		this.client = client;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		if (this.context.isClosed()) {
			this.running = false;
			this.client.close();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return NodePhase.CONNECTIONS;
	}

}
