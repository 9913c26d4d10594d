package io.zt4j.spring.boot.client;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.mock.http.client.MockClientHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RoutingClientHttpConnector} and
 * {@link RoutingClientHttpRequestFactory}.
 */
class RoutingClientsTests {

	private static final URI OVERLAY = URI.create("http://orders.zt/");

	private static final URI OTHER = URI.create("http://example.org/");

	private final List<String> used = new ArrayList<>();

	private final OverlayRoutes routes = OverlayRoutesTests.zt();

	@Test
	void connectorIsChosenByDestination() {
		RoutingClientHttpConnector connector = new RoutingClientHttpConnector(this.routes, connector("overlay"),
				connector("other"));
		connector.connect(HttpMethod.GET, OVERLAY, (request) -> Mono.empty()).block();
		connector.connect(HttpMethod.GET, OTHER, (request) -> Mono.empty()).block();
		assertThat(this.used).containsExactly("overlay", "other");
	}

	@Test
	void requestFactoryIsChosenByDestination() throws IOException {
		RoutingClientHttpRequestFactory factory = new RoutingClientHttpRequestFactory(this.routes, factory("overlay"),
				factory("other"));
		factory.createRequest(OVERLAY, HttpMethod.GET);
		factory.createRequest(OTHER, HttpMethod.GET);
		assertThat(this.used).containsExactly("overlay", "other");
	}

	private ClientHttpConnector connector(String name) {
		return (method, uri, callback) -> Mono.fromRunnable(() -> this.used.add(name));
	}

	private ClientHttpRequestFactory factory(String name) {
		return (uri, method) -> {
			this.used.add(name);
			return new MockClientHttpRequest(method, uri);
		};
	}

}
