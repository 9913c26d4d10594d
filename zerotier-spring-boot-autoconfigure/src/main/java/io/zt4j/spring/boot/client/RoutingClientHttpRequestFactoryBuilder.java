package io.zt4j.spring.boot.client;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * The blocking counterpart of {@link RoutingClientHttpConnectorBuilder}.
 */
final class RoutingClientHttpRequestFactoryBuilder
		implements ClientHttpRequestFactoryBuilder<RoutingClientHttpRequestFactory> {

	private final ClientHttpRequestFactoryBuilder<?> other;

	private final Supplier<OverlayHttpClient> overlay;

	RoutingClientHttpRequestFactoryBuilder(ClientHttpRequestFactoryBuilder<?> other,
			Supplier<OverlayHttpClient> overlay) {
		this.other = other;
		this.overlay = overlay;
	}

	@Override
	public RoutingClientHttpRequestFactory build(@Nullable HttpClientSettings settings) {
		OverlayHttpClient client = this.overlay.get();
		ClientHttpRequestFactory through = ClientHttpRequestFactoryBuilder.reactor()
			.withHttpClientFactory(client::create)
			.build((settings != null) ? settings.withInetAddressFilter(null) : null);
		return new RoutingClientHttpRequestFactory(client.routes(), through, this.other.build(settings));
	}

}
