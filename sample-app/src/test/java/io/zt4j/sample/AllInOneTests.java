package io.zt4j.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the three roles in one JVM.
 */
@ExtendWith(OutputCaptureExtension.class)
class AllInOneTests {

	@TempDir
	private static Path data;

	private static Ports ports;

	private static Map<String, ConfigurableApplicationContext> contexts;

	private static String printed;

	@BeforeAll
	static void start(CapturedOutput output) throws Exception {
		ports = Ports.allocate();
		// every context takes its own ports from properties named after its role
		contexts = AllInOne.run((role) -> ports.arguments(role, data).toArray(String[]::new));
		printed = output.getOut();
	}

	@AfterAll
	static void stop() {
		List<ConfigurableApplicationContext> all = new ArrayList<>(contexts.values());
		for (int i = all.size() - 1; i >= 0; i--) {
			all.get(i).close();
		}
	}

	@Test
	void orderComesThroughTheGatewayFromTheZeroTierAddressOfOrders() throws Exception {
		JsonNode order = Http.json(ports.url("gateway", "/orders/42"));
		assertThat(order.get("id").asString()).isEqualTo("42");
		assertThat(order.get("servedBy").asString()).matches("[0-9a-f]{10}");
		assertThat(order.get("servedAt").asString()).isEqualTo("10.147.17.10");
		assertThat(order.get("seenFrom").asString()).startsWith("10.147.17.");
	}

	@Test
	void healthShowsZeroTier() throws Exception {
		for (String role : List.of("controller", "orders", "gateway")) {
			JsonNode health = Http.json(ports.url(role, "/actuator/health"));
			assertThat(health.at("/components/zerotier/status").asString()).as(role).isEqualTo("UP");
			assertThat(health.at("/components/zerotier/details/node").asString()).as(role).matches("[0-9a-f]{10}");
		}
	}

	@Test
	void zeroTierMayJoinReadinessAndIsNoPartOfLiveness() throws Exception {
		assertThat(Http.json(ports.url("gateway", "/actuator/health/readiness")).at("/components").propertyNames())
			.contains("zerotier");
		assertThat(Http.json(ports.url("gateway", "/actuator/health/liveness")).at("/components").propertyNames())
			.doesNotContain("zerotier");
	}

	@Test
	void endpointShowsThePeers() throws Exception {
		JsonNode answer = Http.json(ports.url("gateway", "/actuator/zerotier"));
		assertThat(answer.at("/networks/0/status").asString()).isEqualTo("OK");
		assertThat(answer.at("/peers").size()).isPositive();
		assertThat(answer.toString()).doesNotContain("secret");
	}

	@Test
	void nodeIdsNetworkAddressesAndCurlLineArePrinted() throws Exception {
		JsonNode health = Http.json(ports.url("orders", "/actuator/health"));
		assertThat(printed).contains(health.at("/components/zerotier/details/node").asString())
			.contains("10.147.17.10/24")
			.contains("curl http://127.0.0.1:" + ports.http("gateway") + "/orders/42")
			.containsPattern("network [0-9a-f]{16}");
	}

}
