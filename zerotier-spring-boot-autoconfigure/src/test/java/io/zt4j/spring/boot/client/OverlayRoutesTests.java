package io.zt4j.spring.boot.client;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.netty.util.NetUtil;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.spring.boot.Subnet;
import io.zt4j.stack.NetworkStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OverlayRoutes}.
 */
class OverlayRoutesTests {

	private static final InetAddress ORDERS = NetUtil.createInetAddressFromIpAddressString("10.147.17.10");

	private final OverlayRoutes routes = new OverlayRoutes(domain(Subnet.parse("10.147.17.0/24")),
			List.of("zt", ".Corp"), List.of(Subnet.parse("172.30.0.0/16")),
			Map.of("orders.example.org", List.of(ORDERS)));

	@ParameterizedTest
	@ValueSource(strings = { "http://10.147.17.10:8080/x", "http://172.30.1.1", "http://orders.zt", "http://a.b.ZT./",
			"http://orders.example.org", "http://Orders.Example.ORG:1", "http://x.corp" })
	void overlayDestinationsGoThroughTheOverlay(String uri) {
		assertThat(this.routes.isOverlay(URI.create(uri))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://192.0.2.1", "http://example.org", "http://orders.zt.example.org", "http://azt",
			"http://127.0.0.1:8080", "http://[::1]", "mailto:a@b.zt", "/relative" })
	void otherDestinationsDoNot(String uri) {
		assertThat(this.routes.isOverlay(URI.create(uri))).isFalse();
	}

	@Test
	void bracketsOfIpv6AddressesAreNoPartOfThem() {
		OverlayRoutes routes = new OverlayRoutes(domain(Subnet.parse("fd00::/8")), List.of(), List.of(), Map.of());
		assertThat(routes.isOverlay(URI.create("http://[fd00::1]:8080/"))).isTrue();
		assertThat(routes.isOverlay(URI.create("http://[2001:db8::1]:8080/"))).isFalse();
	}

	@Test
	void namesAreKnownInAnyCase() {
		assertThat(this.routes.addresses("ORDERS.example.org.")).containsExactly(ORDERS);
		assertThat(this.routes.addresses("unknown.zt")).isEmpty();
	}

	static OverlayRoutes zt() {
		return new OverlayRoutes(domain(Subnet.parse("10.147.17.0/24")), List.of("zt"), List.of(), Map.of());
	}

	private static SocketDomain domain(Subnet subnet) {
		NetworkStack stack = proxy(NetworkStack.class, (address) -> null);
		return proxy(SocketDomain.class, (address) -> subnet.contains(address) ? stack : null);
	}

	private static <T> T proxy(Class<T> type, Function<InetAddress, Object> route) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (self, method, args) -> {
				if (method.getName().equals("route")) {
					return route.apply((InetAddress) args[0]);
				}
				throw new UnsupportedOperationException(method.getName());
			}));
	}

}
