package io.zt4j.spring.boot.server;

import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Lets the second web server finish its requests before anything is stopped, if
 * {@code server.shutdown} is graceful.
 */
class OverlayGracefulShutdown implements SmartLifecycle {

	private final OverlayWebServer webServer;

	private volatile boolean running;

	OverlayGracefulShutdown(OverlayWebServer webServer) {
		this.webServer = webServer;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		throw new UnsupportedOperationException("Stop must not be invoked directly");
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		WebServer server = this.webServer.server();
		if (server != null) {
			server.shutDownGracefully((result) -> callback.run());
		}
		else {
			callback.run();
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
		return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
	}

}
