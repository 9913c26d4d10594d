package io.zt4j.node.network;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.packet.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sequences of configuration chunks at a member (VL2 4.2, 4.3, 25;
 * {@code vl2-netconf-chunks.json}).
 */
class ConfigDeliveryTests {

	private static final JsonNode VECTORS = Vectors.load("vl2-netconf-chunks");

	private static final NetworkId NETWORK = NetworkId.parse(Vectors.text(VECTORS, "networkId"));

	static Stream<JsonNode> deliveryCases() {
		return Vectors.list(VECTORS, "deliveryCases");
	}

	@Test
	void thereAreTwentyDeliveries() {
		assertThat(deliveryCases().count()).isEqualTo(20);
	}

	@ParameterizedTest
	@MethodSource("deliveryCases")
	void chunksPushedOneByOneGiveTheReferencesConfiguration(JsonNode vector) {
		TestNode node = node();
		VirtualNetwork network = node.networks.join(NETWORK);
		node.takeSent();
		for (JsonNode delivery : vector.required("deliveries").valueStream().toList()) {
			byte[] payload = payload(delivery);
			// The packet's ID is the update ID of the legacy form.
			node.receive(identity(delivery), Verb.NETWORK_CONFIG, payload, 0x3ff, false);
			List<TestNode.Sent> replies = node.takeSent(Verb.OK);
			String updateId = Vectors.text(delivery, "updateId");
			if (Long.parseUnsignedLong(updateId, 16) == 0) {
				assertThat(replies).isEmpty();
			}
			else if (isReplay(vector, delivery)) {
				// Refused (VL2 25), yet acknowledged as complete.
				assertThat(replies).hasSize(1);
			}
			else {
				assertThat(replies).singleElement()
					.satisfies((reply) -> assertThat(reply.hex())
						.isEqualTo("08" + "00000000000003ff" + NETWORK + updateId));
			}
		}
		assertThat(network.config() != null).isEqualTo(vector.required("hasConfigAfter").asBoolean());
		assertThat(network.status())
			.isEqualTo((network.config() != null) ? NetworkStatus.OK : NetworkStatus.REQUESTING_CONFIGURATION);
		if (isReplay(vector)) {
			// The reference takes the older one, named in nameAfter; we keep the newer.
			assertThat(network.config().name()).isNotEqualTo(Vectors.text(vector, "nameAfter"));
			assertThat(network.config().revision()).isEqualTo(3);
			assertThat(node.networks.drops()).containsEntry("config-outdated", 1L);
		}
		else if (vector.has("nameAfter")) {
			assertThat(network.config().name()).isEqualTo(Vectors.text(vector, "nameAfter"));
		}
		node.networks.stop();
		assertThat(node.leaked()).isZero();
	}

	private static boolean isReplay(JsonNode vector) {
		return Vectors.text(vector, "description").startsWith("replay");
	}

	private static boolean isReplay(JsonNode vector, JsonNode delivery) {
		return isReplay(vector) && Vectors.text(delivery, "from").equals("d9c975b0f1");
	}

	private static byte[] payload(JsonNode delivery) {
		return delivery.has("chunk")
				? Vectors.bytes(VECTORS.required("chunks").get(delivery.get("chunk").asInt()), "payloadHex")
				: Vectors.bytes(delivery, "payloadHex");
	}

	private static Identity identity(JsonNode delivery) {
		Address from = Address.parse(Vectors.text(delivery, "from"));
		return Stream.of(Fixture.CONTROLLER, Fixture.B, Fixture.D)
			.filter((identity) -> identity.address().equals(from))
			.findFirst()
			.orElseThrow();
	}

	private static TestNode node() {
		TestNode node = new TestNode(Fixture.A, Fixture.T);
		node.learn(Fixture.CONTROLLER, Fixture.B, Fixture.D);
		node.networks.start();
		return node;
	}

	@Test
	void aChunkWithTheFastPropagateFlagIsHandedOnUnchanged() {
		JsonNode vector = VECTORS.required("fastPropagate");
		TestNode node = node();
		VirtualNetwork network = node.networks.join(NETWORK);
		for (Identity member : List.of(Fixture.B, Fixture.D, Fixture.CONTROLLER)) {
			CertificateOfMembership com = CertificateOfMembership.issue(Fixture.T, Fixture.WINDOW, NETWORK, member,
					Fixture.CONTROLLER);
			node.receive(Fixture.CONTROLLER, Verb.NETWORK_CREDENTIALS, Fixture.credentials(com));
		}
		node.takeSent();

		node.receive(Fixture.B, Verb.NETWORK_CONFIG, Vectors.bytes(vector, "payloadHex"));

		List<String> forwarded = node.takeSent(Verb.NETWORK_CONFIG)
			.stream()
			.map((s) -> s.to() + " " + s.hex())
			.toList();
		assertThat(forwarded).isEqualTo(Vectors.list(vector, "forwarded")
			.map((f) -> Vectors.text(f, "to") + " " + Vectors.text(f, "payloadHex"))
			.toList());
		assertThat(network.config()).isNotNull();
	}

	@Test
	void theControllersOwnAnswerMayGoBackInTime() {
		TestNode node = node();
		VirtualNetwork network = node.networks.join(Fixture.NETWORK);
		Fixture.configure(node, Fixture.config(Fixture.A, Fixture.T).name("new").build());
		Fixture.push(node, Fixture.CONTROLLER, Fixture.config(Fixture.A, Fixture.T - 1).name("pushed").build(), 77);
		assertThat(network.config().name()).isEqualTo("new");
		Fixture.configure(node, Fixture.config(Fixture.A, Fixture.T - 1).name("answered").build());
		assertThat(network.config().name()).isEqualTo("answered");
	}

	@Test
	void aReplayedConfigurationDoesNotLiftARefusal() {
		TestNode node = node();
		VirtualNetwork network = node.networks.join(Fixture.NETWORK);
		NetworkConfig config = Fixture.config(Fixture.A, Fixture.T).build();
		Fixture.configure(node, config);
		node.receive(Fixture.CONTROLLER, Verb.ERROR, Fixture.error(Verb.NETWORK_CONFIG_REQUEST, 1, 7, Fixture.NETWORK));
		Fixture.push(node, Fixture.B, config, 78);
		assertThat(network.status()).isEqualTo(NetworkStatus.ACCESS_DENIED);
		assertThat(network.config()).isEqualTo(config);
		Fixture.push(node, Fixture.CONTROLLER, Fixture.config(Fixture.A, Fixture.T + 1).build(), 79);
		assertThat(network.status()).isEqualTo(NetworkStatus.OK);
	}

	@Test
	void changesOfAddressesAndRoutesAreToldOnce() {
		TestNode node = node();
		node.networks.join(Fixture.NETWORK);
		node.events.clear();
		InetPrefix first = InetPrefix.parse("10.1.0.1/16");
		InetPrefix second = InetPrefix.parse("10.1.0.2/16");
		NetworkRoute route = new NetworkRoute(InetPrefix.parse("10.1.0.0/16"), null);
		NetworkConfig one = Fixture.config(Fixture.A, Fixture.T)
			.staticAddresses(List.of(first))
			.routes(List.of(route))
			.build();
		NetworkConfig two = Fixture.config(Fixture.A, Fixture.T + 60_000).staticAddresses(List.of(second)).build();
		Fixture.configure(node, one);
		assertThat(node.events).containsExactly(new NodeEvent.AddressAssigned(Fixture.NETWORK, first.address(), 16),
				new NodeEvent.RouteAdded(Fixture.NETWORK, route.target().address(), 16, null),
				new NodeEvent.NetworkConfigured(Fixture.NETWORK, one), new NodeEvent.NetworkStatusChanged(
						Fixture.NETWORK, NetworkStatus.REQUESTING_CONFIGURATION, NetworkStatus.OK));
		assertThat(node.networks.isManaged(InetPrefix.parseAddress("10.1.7.7"))).isTrue();
		assertThat(node.networks.isManaged(InetPrefix.parseAddress("10.2.7.7"))).isFalse();
		node.events.clear();
		Fixture.configure(node, two);
		assertThat(node.events).containsExactly(
				new NodeEvent.RouteRemoved(Fixture.NETWORK, route.target().address(), 16, null),
				new NodeEvent.AddressRemoved(Fixture.NETWORK, first.address(), 16),
				new NodeEvent.AddressAssigned(Fixture.NETWORK, second.address(), 16),
				new NodeEvent.NetworkConfigured(Fixture.NETWORK, two));
		assertThat(Set.copyOf(node.networks.contacts())).isEmpty();
	}

}
