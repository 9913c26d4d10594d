package io.zt4j.spring.boot;

import java.util.HashMap;
import java.util.Map;

import io.zt4j.node.identity.Address;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link NetworkPlan}.
 */
class NetworkPlanTests {

	@Test
	void networkIdIsTheControllersAddressAndStaysTheSame() {
		Address controller = Address.parse("8056c2e21c");
		assertThat(plan("pools", "10.0.0.0/24").id(controller)).isEqualTo(plan("mtu", "1500").id(controller));
		assertThat(plan("suffix", "00000a").id(controller)).hasToString("8056c2e21c00000a");
		assertThat(plan().id(controller).controller()).isEqualTo(controller);
	}

	@Test
	void subnetOfAPoolIsARoute() {
		assertThat(plan("pools", "10.0.0.0/24").routes())
			.containsExactly(new NetworkPlan.Route(Subnet.parse("10.0.0.0/24"), null));
	}

	@Test
	void routesMayHaveAGateway() {
		NetworkPlan plan = plan("routes", "192.168.1.0/24 via 10.0.0.1");
		assertThat(plan.routes()).singleElement()
			.satisfies((route) -> assertThat(route.via()).hasToString("/10.0.0.1"));
	}

	@Test
	void fixedAddressesAreLeftOutOfThePool() {
		NetworkPlan plan = plan("pools", "10.0.0.0/29", "members.a.node", "1a2b3c4d5e", "members.a.addresses",
				"10.0.0.3");
		assertThat(plan.pools()).containsExactly(AddressRange.parse("10.0.0.1-10.0.0.2"),
				AddressRange.parse("10.0.0.4-10.0.0.6"));
		assertThat(plan.hosts()).containsOnlyKeys("a.shop.zt");
	}

	@Test
	void mistakesNameTheirProperty() {
		assertMistake("pools", "pools", "10.0.0.0");
		assertMistake("pools", "pools", "10.0.0.1-10.0.0.9");
		assertMistake("routes", "routes", "10.0.0.0/24 via fd00::1");
		assertMistake("suffix", "suffix", "12345");
		assertMistake("mtu", "mtu", "100");
		assertMistake("members.a", "members.a.addresses", "10.0.0.1");
		assertMistake("members.a", "members.a.node", "1a2b3c4d5e", "members.a.identity", "file:x");
		assertMistake("members.a.node", "members.a.node", "1a2b");
		assertMistake("members.a.addresses", "pools", "10.0.0.0/24", "members.a.node", "1a2b3c4d5e",
				"members.a.addresses", "10.0.1.1");
		assertMistake("members.a.identity", "members.a.identity", "1a2b3c4d5e:0:zz");
	}

	private static void assertMistake(String property, String... pairs) {
		assertThatExceptionOfType(InvalidZeroTierPropertyException.class).isThrownBy(() -> plan(pairs))
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("zerotier.controller.networks.shop." + property));
	}

	private static NetworkPlan plan(String... pairs) {
		Map<String, Object> map = new HashMap<>();
		for (int i = 0; i < pairs.length; i += 2) {
			map.put("n." + pairs[i], pairs[i + 1]);
		}
		return NetworkPlan.of("shop", new Binder(new MapConfigurationPropertySource(map)).bindOrCreate("n",
				ZeroTierProperties.ControlledNetwork.class));
	}

}
