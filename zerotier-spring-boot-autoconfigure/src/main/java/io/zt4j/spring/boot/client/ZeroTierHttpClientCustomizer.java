package io.zt4j.spring.boot.client;

import reactor.netty.http.client.HttpClient;

/**
 * Changes the HTTP client of the overlay; beans of this type are applied in order.
 */
@FunctionalInterface
public interface ZeroTierHttpClientCustomizer {

	/**
	 * Customize the client.
	 * @param client the client so far
	 * @return the client to go on with
	 */
	HttpClient customize(HttpClient client);

}
