package io.zt4j.spring.boot.server;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The second web server, on the ZeroTier addresses, sharing the handler of the host's.
 * Starts and stops in the phase of web servers.
 */
class OverlayWebServer implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(OverlayWebServer.class);

	private final ApplicationContext context;

	private final Supplier<WebServer> factory;

	private volatile @Nullable WebServer server;

	OverlayWebServer(ApplicationContext context, Supplier<WebServer> factory) {
		this.context = context;
		this.factory = factory;
	}

	@Nullable WebServer server() {
		return this.server;
	}

	@Override
	public void start() {
		WebServer started = this.factory.get();
		started.start();
		this.server = started;
		logger.info("Serving on the ZeroTier addresses, port {}", started.getPort());
		this.context.publishEvent(new ZeroTierWebServerInitializedEvent(started, this.context));
	}

	@Override
	public void stop() {
		WebServer running = this.server;
		if (running != null) {
			this.server = null;
			running.stop();
			running.destroy();
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE;
	}

}
