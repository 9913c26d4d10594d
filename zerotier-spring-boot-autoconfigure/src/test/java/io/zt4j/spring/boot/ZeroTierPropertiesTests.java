package io.zt4j.spring.boot;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ZeroTierProperties}.
 */
class ZeroTierPropertiesTests {

	@Test
	void emptyConfigurationIsAnOrdinaryNodeOfThePublicPlanet() {
		ZeroTierProperties properties = bind();
		assertThat(properties.enabled()).isTrue();
		assertThat(properties.port()).isEqualTo(9993);
		assertThat(properties.planet()).isNull();
		assertThat(properties.networks()).isEmpty();
		assertThat(properties.root().isActive()).isFalse();
		assertThat(properties.controller().isActive()).isFalse();
		assertThat(properties.server().mode()).isEqualTo(ZeroTierProperties.Server.Mode.BESIDE);
		assertThat(properties.startupTimeout()).hasSeconds(30);
	}

	@Test
	void networksAreGivenByBareId() {
		ZeroTierProperties properties = bind("zerotier.networks", "8056c2e21c000001,8056c2e21c000002");
		assertThat(properties.networks()).containsExactly(NetworkMembership.of("8056c2e21c000001"),
				NetworkMembership.of("8056c2e21c000002"));
	}

	@Test
	void networksAreGivenByIndex() {
		ZeroTierProperties properties = bind("zerotier.networks[0]", "8056c2e21c000001");
		assertThat(properties.networks()).containsExactly(NetworkMembership.of("8056c2e21c000001"));
	}

	@Test
	void networksAreGivenByBlock() {
		ZeroTierProperties properties = bind("zerotier.networks[0].id", "8056c2e21c000001",
				"zerotier.networks[0].required", "false");
		assertThat(properties.networks()).containsExactly(new NetworkMembership("8056c2e21c000001", false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "8056c2e21c00000", "8056c2e21c0000011", "8056c2e21c00000g", "Infinity" })
	void badNetworkIdNamesThePropertyAndTheCure(String id) {
		InvalidZeroTierPropertyException failure = failure("zerotier.networks[0]", id);
		assertThat(failure.getProperty()).isEqualTo("zerotier.networks[0]");
		assertThat(failure.getValue()).isEqualTo(id);
		assertThat(failure.getReason()).contains("16 hex digits");
		assertThat(failure.getAction()).contains("quotes");
	}

	@Test
	void endpointsMakeARoot() {
		assertThat(bind("zerotier.root.endpoints", "192.0.2.1:9993").root().isActive()).isTrue();
		assertThat(
				bind("zerotier.root.endpoints", "192.0.2.1:9993", "zerotier.root.enabled", "false").root().isActive())
			.isFalse();
	}

	@Test
	void rootWithoutEndpointsIsRefused() {
		assertThat(failure("zerotier.root.enabled", "true").getProperty()).isEqualTo("zerotier.root.endpoints");
	}

	@Test
	void planetOutputWithoutRootIsRefused() {
		assertThat(failure("zerotier.root.planet-output", "x").getProperty()).isEqualTo("zerotier.root.planet-output");
	}

	@Test
	void rootHasNoOtherPlanet() {
		assertThat(failure("zerotier.root.endpoints", "192.0.2.1", "zerotier.planet", "file:x").getProperty())
			.isEqualTo("zerotier.planet");
	}

	@Test
	void networksMakeAController() {
		ZeroTierProperties properties = bind("zerotier.controller.networks.shop.private", "false",
				"zerotier.controller.networks.shop.pools", "10.0.0.0/24",
				"zerotier.controller.networks.shop.members.orders.node", "1a2b3c4d5e",
				"zerotier.controller.networks.shop.members.orders.addresses", "10.0.0.10");
		assertThat(properties.controller().isActive()).isTrue();
		ZeroTierProperties.ControlledNetwork shop = properties.controller().networks().get("shop");
		assertThat(shop.isPrivate()).isFalse();
		assertThat(shop.pools()).containsExactly("10.0.0.0/24");
		assertThat(shop.members().get("orders").addresses()).extracting("hostAddress").containsExactly("10.0.0.10");
	}

	@Test
	void controlledNetworksArePrivateUnlessSaidOtherwise() {
		assertThat(bind("zerotier.controller.networks.shop.pools", "10.0.0.0/24").controller()
			.networks()
			.get("shop")
			.isPrivate()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 65536 })
	void portOutOfRangeIsRefused(int port) {
		assertThat(failure("zerotier.port", port).getProperty()).isEqualTo("zerotier.port");
		assertThat(failure("zerotier.server.port", port).getProperty()).isEqualTo("zerotier.server.port");
	}

	@Test
	void malformedSubnetIsRefused() {
		assertThat(failure("zerotier.client.subnets", "10.0.0.0/33").getProperty())
			.isEqualTo("zerotier.client.subnets");
	}

	@Test
	void hostsMayHaveDots() {
		assertThat(bind("zerotier.client.hosts[orders.shop.zt]", "10.147.17.10").client().hosts())
			.containsOnlyKeys("orders.shop.zt");
	}

	private static InvalidZeroTierPropertyException failure(Object... pairs) {
		InvalidZeroTierPropertyException[] failure = new InvalidZeroTierPropertyException[1];
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(pairs)).satisfies((ex) -> {
			Throwable cause = ex;
			while (cause != null && !(cause instanceof InvalidZeroTierPropertyException)) {
				cause = cause.getCause();
			}
			assertThat(cause).isNotNull();
			failure[0] = (InvalidZeroTierPropertyException) cause;
		});
		return failure[0];
	}

	private static ZeroTierProperties bind(Object... pairs) {
		Map<String, Object> map = new HashMap<>();
		for (int i = 0; i < pairs.length; i += 2) {
			map.put((String) pairs[i], pairs[i + 1]);
		}
		return new Binder(new MapConfigurationPropertySource(map)).bindOrCreate("zerotier", ZeroTierProperties.class);
	}

}
