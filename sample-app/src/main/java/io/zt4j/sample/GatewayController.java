package io.zt4j.sample;

import java.time.Duration;

import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/**
 * The gateway: fetches orders with an ordinary {@link WebClient}. The URL leads into the
 * ZeroTier network, so the request does. GET is safe to repeat, so it is repeated while
 * the orders service is away.
 */
@RestController
@Profile("gateway")
class GatewayController {

	private final WebClient orders;

	private final Duration patience;

	GatewayController(WebClient.Builder builder, @Value("${orders.url}") String url,
			@Value("${orders.patience}") Duration patience) {
		this.orders = builder.baseUrl(url).build();
		this.patience = patience;
	}

	@GetMapping("/orders/{id}")
	Mono<Order> order(@PathVariable String id) {
		return this.orders.get()
			.uri("/orders/{id}", id)
			.retrieve()
			.bodyToMono(Order.class)
			.timeout(Duration.ofSeconds(2))
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
				.maxBackoff(Duration.ofSeconds(1))
				.filter((failure) -> !(failure instanceof WebClientResponseException)))
			.timeout(this.patience);
	}

}
