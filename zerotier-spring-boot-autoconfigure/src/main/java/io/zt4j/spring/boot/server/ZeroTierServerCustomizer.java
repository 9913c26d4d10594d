package io.zt4j.spring.boot.server;

import reactor.netty.http.server.HttpServer;

/**
 * Changes the web server on the ZeroTier addresses; beans of this type are applied in
 * order. The host's server is not affected.
 */
@FunctionalInterface
public interface ZeroTierServerCustomizer {

	/**
	 * Customize the server.
	 * @param server the server so far
	 * @return the server to go on with
	 */
	HttpServer customize(HttpServer server);

}
