package io.zt4j.spring.boot.server;

import org.springframework.boot.web.server.WebServer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ApplicationContextEvent;

/**
 * The web server on the ZeroTier addresses is ready.
 */
public class ZeroTierWebServerInitializedEvent extends ApplicationContextEvent {

	private final transient WebServer webServer;

	/**
	 * Create the event.
	 * @param webServer the server
	 * @param context the context it serves
	 */
	public ZeroTierWebServerInitializedEvent(WebServer webServer, ApplicationContext context) {
		super(context);
		this.webServer = webServer;
	}

	/**
	 * Return the server.
	 * @return the running server
	 */
	public WebServer getWebServer() {
		return this.webServer;
	}

}
