package io.zt4j.spring.boot.client;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;

/**
 * Builds connectors that route between the overlay and what another builder builds. Time
 * limits, redirects, cookies and TLS apply to both; an address filter only to the other
 * one, because overlay addresses are private ones.
 */
final class RoutingClientHttpConnectorBuilder implements ClientHttpConnectorBuilder<RoutingClientHttpConnector> {

	private final ClientHttpConnectorBuilder<?> other;

	private final Supplier<OverlayHttpClient> overlay;

	RoutingClientHttpConnectorBuilder(ClientHttpConnectorBuilder<?> other, Supplier<OverlayHttpClient> overlay) {
		this.other = other;
		this.overlay = overlay;
	}

	@Override
	public RoutingClientHttpConnector build(@Nullable HttpClientSettings settings) {
		OverlayHttpClient client = this.overlay.get();
		ClientHttpConnector through = ClientHttpConnectorBuilder.reactor()
			.withHttpClientFactory(client::create)
			.build((settings != null) ? settings.withInetAddressFilter(null) : null);
		return new RoutingClientHttpConnector(client.routes(), through, this.other.build(settings));
	}

}
