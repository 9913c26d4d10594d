package io.zt4j.spring.boot.client;

import java.net.URI;
import java.util.function.Function;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;

/**
 * Sends requests to ZeroTier destinations through the overlay and all others the usual
 * way.
 */
final class RoutingClientHttpConnector implements ClientHttpConnector {

	private final OverlayRoutes routes;

	private final ClientHttpConnector overlay;

	private final ClientHttpConnector other;

	RoutingClientHttpConnector(OverlayRoutes routes, ClientHttpConnector overlay, ClientHttpConnector other) {
		this.routes = routes;
		this.overlay = overlay;
		this.other = other;
	}

	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		ClientHttpConnector connector = this.routes.isOverlay(uri) ? this.overlay : this.other;
		return connector.connect(method, uri, requestCallback);
	}

	@Override
	public String toString() {
		return "ZeroTier destinations by " + this.overlay + ", others by " + this.other;
	}

}
