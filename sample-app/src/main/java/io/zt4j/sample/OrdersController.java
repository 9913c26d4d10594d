package io.zt4j.sample;

import java.net.InetSocketAddress;

import io.zt4j.node.ZeroTierNode;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Profile;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The orders service: an ordinary WebFlux controller that happens to be served on a
 * ZeroTier address.
 */
@RestController
@Profile("orders")
class OrdersController {

	private final ZeroTierNode node;

	OrdersController(ZeroTierNode node) {
		this.node = node;
	}

	@GetMapping("/orders/{id}")
	Order order(@PathVariable String id, ServerHttpRequest request) {
		return new Order(id, this.node.address().toString(), text(request.getLocalAddress()),
				text(request.getRemoteAddress()));
	}

	private static String text(@Nullable InetSocketAddress address) {
		return (address != null) ? address.getAddress().getHostAddress() : "unknown";
	}

}
