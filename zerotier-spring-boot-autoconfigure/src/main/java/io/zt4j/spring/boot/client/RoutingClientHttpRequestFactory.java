package io.zt4j.spring.boot.client;

import java.io.IOException;
import java.net.URI;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Sends requests to ZeroTier destinations through the overlay and all others the usual
 * way.
 */
final class RoutingClientHttpRequestFactory implements ClientHttpRequestFactory {

	private final OverlayRoutes routes;

	private final ClientHttpRequestFactory overlay;

	private final ClientHttpRequestFactory other;

	RoutingClientHttpRequestFactory(OverlayRoutes routes, ClientHttpRequestFactory overlay,
			ClientHttpRequestFactory other) {
		this.routes = routes;
		this.overlay = overlay;
		this.other = other;
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod httpMethod) throws IOException {
		ClientHttpRequestFactory factory = this.routes.isOverlay(uri) ? this.overlay : this.other;
		return factory.createRequest(uri, httpMethod);
	}

	@Override
	public String toString() {
		return "ZeroTier destinations by " + this.overlay + ", others by " + this.other;
	}

}
