package io.zt4j.node.network;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.store.MemoryStateStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a configuration is requested, and what becomes of refusals (VL2 3, 5, 14, 15).
 */
class ConfigRequestTests {

	private final MemoryStateStore store = new MemoryStateStore();

	private final TestNode node = node();

	private TestNode node() {
		TestNode node = new TestNode(Fixture.A, Fixture.T, this.store);
		node.learn(Fixture.CONTROLLER, Fixture.B, Fixture.D);
		node.networks.start();
		return node;
	}

	@Test
	void joiningRequestsAtOnceAndRepeatsJustSlowerThanTheControllersGate() {
		this.node.networks.join(Fixture.NETWORK);
		assertThat(requests()).isEqualTo(1);
		this.node.advance(1_000);
		assertThat(requests()).isZero();
		this.node.advance(200);
		assertThat(requests()).isEqualTo(1);
		this.node.advance(2_000);
		assertThat(requests()).isEqualTo(1);
		this.node.advance(20_000);
		assertThat(requests()).isEqualTo(5);
	}

	@Test
	void theRequestIsThatOfTheReference() {
		this.node.networks.join(NetworkId.parse("3e5c82d3a8000001"));
		TestNode.Sent request = this.node.takeSent(Verb.NETWORK_CONFIG_REQUEST).get(0);
		JsonNode packet = Vectors.list(Vectors.load("vl2-packets"), "scenarios")
			.flatMap((s) -> Vectors.list(s, "packets"))
			.filter((p) -> Vectors.text(p, "verbName").equals("NETWORK_CONFIG_REQUEST"))
			.findFirst()
			.orElseThrow();
		byte[] expected = Vectors.bytes(packet, "payloadHex");
		NetworkConfigRequest theirs = NetworkConfigRequest.read(Unpooled.wrappedBuffer(expected));
		NetworkConfigRequest ours = NetworkConfigRequest.read(Unpooled.wrappedBuffer(request.payload()));
		assertThat(ours.network()).isEqualTo(theirs.network());
		// The platform is that of the machine.
		assertThat(withoutPlatform(ours)).isEqualTo(withoutPlatform(theirs));
		assertThat(request.compress()).isTrue();
		assertThat(ours.revision()).isZero();
		assertThat(ours.timestamp()).isZero();
	}

	private static String withoutPlatform(NetworkConfigRequest request) {
		String text = new String(request.metadata(), StandardCharsets.UTF_8);
		return text.substring(0, text.indexOf("\no="));
	}

	@Test
	void aConfigurationIsRenewedAfterAMinuteAndTheRequestTellsWhatIsHeld() {
		VirtualNetwork network = this.node.networks.join(Fixture.NETWORK);
		Fixture.configure(this.node, Fixture.config(Fixture.A, Fixture.T).revision(5).build());
		requests();
		this.node.advance(59_000);
		assertThat(requests()).isZero();
		this.node.advance(1_200);
		List<TestNode.Sent> sent = this.node.takeSent(Verb.NETWORK_CONFIG_REQUEST);
		assertThat(sent).hasSize(1);
		NetworkConfigRequest request = NetworkConfigRequest.read(Unpooled.wrappedBuffer(sent.get(0).payload()));
		assertThat(request.revision()).isEqualTo(5);
		assertThat(request.timestamp()).isEqualTo(Fixture.T);
		// The controller is away: what is held stays in use.
		this.node.advance(600_000);
		assertThat(network.status()).isEqualTo(NetworkStatus.OK);
		assertThat(network.config()).isNotNull();
	}

	@ParameterizedTest
	@CsvSource({ "3, NOT_FOUND", "5, NOT_FOUND", "7, ACCESS_DENIED" })
	void aRefusalIsToldAndAskedAgainWithinFiveSeconds(int code, NetworkStatus status) {
		VirtualNetwork network = this.node.networks.join(Fixture.NETWORK);
		this.node.events.clear();
		refuse(code);
		assertThat(network.status()).isEqualTo(status);
		assertThat(this.node.events).containsExactly(
				new NodeEvent.NetworkStatusChanged(Fixture.NETWORK, NetworkStatus.REQUESTING_CONFIGURATION, status));
		requests();
		for (int i = 0; i < 3; i++) {
			this.node.advance(4_900);
			assertThat(requests()).isZero();
			this.node.advance(200);
			assertThat(requests()).isEqualTo(1);
			refuse(code);
		}
		this.node.events.clear();
		Fixture.configure(this.node, Fixture.config(Fixture.A, Fixture.T).build());
		assertThat(network.status()).isEqualTo(NetworkStatus.OK);
		assertThat(this.node.events)
			.contains(new NodeEvent.NetworkStatusChanged(Fixture.NETWORK, status, NetworkStatus.OK));
	}

	@Test
	void errorsOfOthersThanTheControllerAreIgnored() {
		VirtualNetwork network = this.node.networks.join(Fixture.NETWORK);
		for (int code = 0; code < 12; code++) {
			this.node.receive(Fixture.B, Verb.ERROR,
					Fixture.error(Verb.NETWORK_CONFIG_REQUEST, 1, code, Fixture.NETWORK));
		}
		this.node.receive(Fixture.CONTROLLER, Verb.ERROR, Fixture.error(Verb.FRAME, 1, 3, Fixture.NETWORK));
		assertThat(network.status()).isEqualTo(NetworkStatus.REQUESTING_CONFIGURATION);
	}

	@Test
	void aLoginIsWantedOnlyWithAnAddressToGoTo() {
		VirtualNetwork network = this.node.networks.join(Fixture.NETWORK);
		byte[] header = Fixture.error(Verb.NETWORK_CONFIG_REQUEST, 1, 9, Fixture.NETWORK);
		this.node.receive(Fixture.CONTROLLER, Verb.ERROR, authentication(header, ""));
		assertThat(network.status()).isEqualTo(NetworkStatus.REQUESTING_CONFIGURATION);
		this.node.receive(Fixture.CONTROLLER, Verb.ERROR, authentication(header, "https://login.example/"));
		assertThat(network.status()).isEqualTo(NetworkStatus.AUTHENTICATION_REQUIRED);
		assertThat(network.authentication().authenticationUrl()).isEqualTo("https://login.example/");
		this.node.receive(Fixture.CONTROLLER, Verb.ERROR, header);
		assertThat(network.status()).isEqualTo(NetworkStatus.AUTHENTICATION_REQUIRED);
		assertThat(network.authentication()).isNull();
	}

	private static byte[] authentication(byte[] header, String url) {
		byte[] dictionary = Dictionary.builder(Dictionary.AUTHENTICATION_CAPACITY)
			.put("aV", 0)
			.put("aU", url)
			.toByteArray();
		return ByteBufUtil
			.getBytes(Unpooled.buffer().writeBytes(header).writeShort(dictionary.length).writeBytes(dictionary));
	}

	@Test
	void comingOnlineAsksAtOnce() {
		this.node.networks.join(Fixture.NETWORK);
		this.node.advance(20_000);
		requests();
		this.node.networks.online();
		assertThat(requests()).isEqualTo(1);
		Fixture.configure(this.node, Fixture.config(Fixture.A, Fixture.T).build());
		this.node.networks.online();
		assertThat(requests()).isZero();
	}

	@Test
	void aCachedConfigurationIsUsedWhileTheControllerIsAway() {
		this.node.networks.join(Fixture.NETWORK);
		NetworkConfig config = Fixture.config(Fixture.A, Fixture.T).name("cached").build();
		Fixture.configure(this.node, config);
		this.node.networks.stop();

		TestNode again = node();
		VirtualNetwork network = again.networks.network(Fixture.NETWORK);
		assertThat(network).isNotNull();
		assertThat(network.status()).isEqualTo(NetworkStatus.OK);
		assertThat(network.config()).isEqualTo(config);
		assertThat(again.takeSent(Verb.NETWORK_CONFIG_REQUEST)).hasSize(1);
		again.advance(60_000);
		assertThat(network.status()).isEqualTo(NetworkStatus.OK);
	}

	@Test
	void theCacheHoldsTheReferencesBytes() {
		for (JsonNode file : Vectors.list(Vectors.load("vl2-packets"), "localCacheFiles").toList()) {
			byte[] cached = Vectors.bytes(file, "cachedConfigFileHex");
			NetworkConfig config = NetworkConfig.parse(cached);
			if (config.issuedTo().equals(Fixture.A.address())) {
				this.store.write("networks.d/" + Fixture.NETWORK + ".conf", cached);
				TestNode other = node();
				VirtualNetwork network = other.networks.network(Fixture.NETWORK);
				assertThat(network.config()).isEqualTo(config);
				// A newer one is stored, in the same form.
				NetworkConfig newer = Fixture.config(Fixture.A, config.timestamp() + 1).build();
				Fixture.configure(other, newer);
				assertThat(this.store.read("networks.d/" + Fixture.NETWORK + ".conf")).isEqualTo(newer.toDictionary());
				return;
			}
		}
		throw new AssertionError("no cache file of node A");
	}

	@Test
	void aUselessCacheFileIsReplacedByALineFeed() {
		this.store.write("networks.d/" + Fixture.NETWORK + ".conf",
				Fixture.config(Fixture.B, Fixture.T).build().toDictionary());
		TestNode other = node();
		assertThat(other.networks.network(Fixture.NETWORK).config()).isNull();
		assertThat(this.store.read("networks.d/" + Fixture.NETWORK + ".conf")).containsExactly('\n');
		this.store.write("networks.d/" + Fixture.NETWORK + ".conf", "v=0000000000000007\nnwid".getBytes());
		assertThat(node().networks.network(Fixture.NETWORK).config()).isNull();
	}

	@Test
	void leavingForgetsTheNetworkAndItsFiles() {
		TestNode.Port port = new TestNode.Port();
		this.node.networks.join(Fixture.NETWORK).attach(port);
		this.store.write("networks.d/" + Fixture.NETWORK + ".local.conf", new byte[] { '\n' });
		assertThat(this.store.list("networks.d")).hasSize(2);
		assertThat(this.node.networks.leave(Fixture.NETWORK)).isTrue();
		assertThat(this.node.networks.leave(Fixture.NETWORK)).isFalse();
		assertThat(port.closed).isTrue();
		assertThat(this.store.list("networks.d")).isEmpty();
		assertThat(this.node.networks.networks()).isEmpty();
		requests();
		this.node.advance(60_000);
		assertThat(requests()).isZero();
		assertThat(this.node.events).endsWith(new NodeEvent.NetworkLeft(Fixture.NETWORK));
	}

	@Test
	void aNodeAsksItsOwnControllerDirectly() {
		TestNode own = new TestNode(Fixture.CONTROLLER, Fixture.T);
		own.networks.start();
		VirtualNetwork network = own.networks.join(Fixture.NETWORK);
		assertThat(network.status()).isEqualTo(NetworkStatus.NOT_FOUND);
		List<NetworkId> asked = new ArrayList<>();
		own.networks.controller(new ControllerRole() {

			@Override
			public void requestLocally(NetworkId id, byte[] metadata, Reply reply) {
				asked.add(id);
				if (asked.size() == 1) {
					reply.refused(ErrorCode.NETWORK_ACCESS_DENIED);
				}
				else {
					reply.configured(Fixture.config(Fixture.CONTROLLER, Fixture.T).build().toDictionary());
				}
			}

			@Override
			public boolean servedRecently(NetworkId id, Address member) {
				return false;
			}

		});
		assertThat(asked).containsExactly(Fixture.NETWORK);
		assertThat(network.status()).isEqualTo(NetworkStatus.ACCESS_DENIED);
		own.advance(5_100);
		assertThat(network.status()).isEqualTo(NetworkStatus.OK);
		assertThat(own.takeSent(Verb.NETWORK_CONFIG_REQUEST)).isEmpty();
	}

	static Stream<JsonNode> adHocCases() {
		return Vectors.cases("vl2-adhoc");
	}

	@ParameterizedTest
	@MethodSource("adHocCases")
	void anAdHocNetworkConfiguresItself(JsonNode vector) {
		NetworkId id = NetworkId.parse(Vectors.text(vector, "networkId"));
		VirtualNetwork network = this.node.networks.join(id);
		assertThat(this.node.takeSent(Verb.NETWORK_CONFIG_REQUEST)).isEmpty();
		assertThat(network.config() != null).isEqualTo(vector.required("hasConfig").asBoolean());
		assertThat(network.mac()).hasToString(Vectors.text(vector, "mac"));
		NetworkStatus status = switch (vector.required("status").asInt()) {
			case 0 -> NetworkStatus.REQUESTING_CONFIGURATION;
			case 1 -> NetworkStatus.OK;
			case 3 -> NetworkStatus.NOT_FOUND;
			default -> throw new AssertionError(vector);
		};
		assertThat(network.status()).isEqualTo(status);
		if (network.config() != null) {
			assertThat(network.config().name()).isEqualTo(Vectors.text(vector, "name"));
			this.node.advance(60_100);
			assertThat(network.config().timestamp()).isEqualTo(Fixture.T + 60_000);
		}
		assertThat(this.store.read("networks.d/" + id + ".conf")).containsExactly('\n');
	}

	private int requests() {
		return this.node.takeSent(Verb.NETWORK_CONFIG_REQUEST).size();
	}

	private void refuse(int code) {
		this.node.receive(Fixture.CONTROLLER, Verb.ERROR,
				Fixture.error(Verb.NETWORK_CONFIG_REQUEST, 1, code, Fixture.NETWORK));
	}

}
