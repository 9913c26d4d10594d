package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.network.rule.RuleType;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Unicast frames from and to the port (VL2 9.5, 10, 12, 13).
 */
class FrameTests {

	private static final byte[] DATA = { 0x45, 0, 0, 20, 1, 2, 3, 4, 5 };

	private static final MacAddress FOREIGN = MacAddress.parse("02:aa:bb:cc:dd:ee");

	private final TestNode.Port port = new TestNode.Port();

	static Stream<JsonNode> framesOfTheReference() {
		return Vectors.list(Vectors.load("vl2-packets"), "scenarios")
			.flatMap((s) -> Vectors.list(s, "packets"))
			.filter((p) -> List.of("FRAME", "EXT_FRAME").contains(Vectors.text(p, "verbName")));
	}

	@ParameterizedTest
	@MethodSource("framesOfTheReference")
	void framesLeaveAsTheReferenceSendsThem(JsonNode vector) {
		Identity from = identity(Vectors.text(vector, "from"));
		Identity to = identity(Vectors.text(vector, "to"));
		JsonNode fields = vector.required("fields");
		boolean ext = Vectors.text(vector, "verbName").equals("EXT_FRAME");
		MacAddress source = ext ? MacAddress.parse(Vectors.text(fields, "srcMac")) : Fixture.mac(from);
		MacAddress destination = ext ? MacAddress.parse(Vectors.text(fields, "destMac")) : Fixture.mac(to);
		TestNode node = Fixture.member(from, this.port);
		NetworkConfigBuilder config = Fixture.config(from, Fixture.T + 1)
			.specialists(List.of(new Specialist(Fixture.A.address(), Specialist.ACTIVE_BRIDGE)));
		boolean watch = ext && Vectors.text(fields, "flags").equals("16");
		if (watch) {
			config
				.rules(List.of(new Rule.Forward(RuleType.ACTION_WATCH, false, false, to.address(), 0, 0), Rule.ACCEPT));
		}
		Fixture.configure(node, config.build());
		node.takeSent();

		node.networks.network(Fixture.NETWORK)
			.transmit(node.frame(destination, source, Integer.parseInt(Vectors.text(fields, "etherType"), 16),
					Vectors.bytes(fields, "frameHex")));

		assertThat(node.takeSent().stream().filter((s) -> s.verb() == Verb.of(vector.required("verb").asInt())))
			.singleElement()
			.satisfies((sent) -> {
				assertThat(sent.to()).isEqualTo(to.address());
				assertThat(sent.hex()).isEqualTo(Vectors.text(vector, "payloadHex"));
				assertThat(sent.compress()).isFalse();
			});
		assertThat(node.leaked()).isZero();
	}

	private static Identity identity(String address) {
		return Stream.of(Fixture.A, Fixture.B, Fixture.D)
			.filter((i) -> i.address().toString().equals(address))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void aFrameWithoutRoomInFrontIsSentAllTheSame() {
		TestNode a = Fixture.member(Fixture.A, this.port);
		VirtualNetwork network = a.networks.network(Fixture.NETWORK);
		ByteBuf tight = a.allocator.heapBuffer();
		Fixture.mac(Fixture.B).write(tight);
		network.mac().write(tight);
		tight.writeShort(0x0800).writeBytes(DATA);
		network.transmit(tight);
		assertThat(a.takeSent(Verb.FRAME)).singleElement()
			.satisfies((s) -> assertThat(s.hex()).isEqualTo(Fixture.NETWORK + "0800" + Vectors.hex(DATA)));
		assertThat(a.leaked()).isZero();
	}

	@Test
	void framesThatCannotGoAreDroppedAndCounted() {
		TestNode a = new TestNode(Fixture.A, Fixture.T);
		a.learn(Fixture.CONTROLLER, Fixture.B);
		a.networks.start();
		VirtualNetwork network = a.networks.join(Fixture.NETWORK);
		MacAddress b = Fixture.mac(Fixture.B);
		network.transmit(a.frame(b, network.mac(), 0x0800, DATA));
		Fixture.configure(a, Fixture.config(Fixture.A, Fixture.T).mtu(1280).build());
		a.takeSent();
		network.transmit(a.frame(b, network.mac(), 0x0800, new byte[1281]));
		network.transmit(a.frame(b, network.mac(), 0x0800, new byte[0]).writerIndex(VirtualNetwork.HEADROOM + 13));
		network.transmit(a.frame(b, FOREIGN, 0x0800, DATA));
		network.transmit(a.frame(FOREIGN, network.mac(), 0x0800, DATA));
		assertThat(a.takeSent()).isEmpty();
		assertThat(a.networks.drops()).containsEntry("network-not-configured", 1L)
			.containsEntry("frame-size", 2L)
			.containsEntry("source-mac-not-allowed", 1L)
			.containsEntry("destination-mac-unknown", 1L);
		network.transmit(a.frame(b, network.mac(), 0x0800, new byte[1280]));
		assertThat(a.takeSent(Verb.FRAME)).hasSize(1);
		assertThat(a.leaked()).isZero();
	}

	@Test
	void anMtuBeyondWhatPacketsCarryIsCutOff() {
		TestNode a = Fixture.member(Fixture.A, this.port);
		VirtualNetwork network = a.networks.network(Fixture.NETWORK);
		Fixture.configure(a, Fixture.config(Fixture.A, Fixture.T + 1).mtu(10_000).build());
		a.networks.directory()
			.like(Fixture.NETWORK.value(), MacAddress.BROADCAST.value(), 0, Fixture.B.address().value(), a.now());
		a.takeSent();
		for (MacAddress destination : List.of(Fixture.mac(Fixture.B), MacAddress.BROADCAST)) {
			network.transmit(a.frame(destination, network.mac(), 0x0800, new byte[network.mtu()]));
			network.transmit(a.frame(destination, network.mac(), 0x0800, new byte[network.mtu() + 1]));
		}
		assertThat(a.takeSent().stream().filter((s) -> s.verb() == Verb.FRAME || s.verb() == Verb.MULTICAST_FRAME))
			.hasSize(2)
			.allMatch((s) -> s.payload().length <= NodeContext.MAX_PAYLOAD);
		assertThat(a.networks.drops()).containsEntry("frame-size", 2L);
	}

	@Test
	void aFrameToOneselfComesBackLater() {
		TestNode a = Fixture.member(Fixture.A, this.port);
		VirtualNetwork network = a.networks.network(Fixture.NETWORK);
		network.transmit(a.frame(network.mac(), network.mac(), 0x0800, DATA));
		assertThat(this.port.frames).isEmpty();
		a.loop.runNow();
		assertThat(this.port.frames).hasSize(1);
		assertThat(this.port.batches).isEqualTo(1);
		assertThat(a.leaked()).isZero();
	}

	@Test
	void rulesFilterBothWays() {
		TestNode a = Fixture.member(Fixture.A, this.port);
		VirtualNetwork network = a.networks.network(Fixture.NETWORK);
		Fixture.configure(a, Fixture.config(Fixture.A, Fixture.T + 1)
			.rules(List.of(new Rule.NumberMatch(RuleType.MATCH_ETHERTYPE, true, false, 0x0800), Rule.DROP, Rule.ACCEPT))
			.build());
		a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.B, Fixture.T)));
		a.takeSent();
		for (int etherType : List.of(0x0800, 0x88b5)) {
			network.transmit(a.frame(Fixture.mac(Fixture.B), network.mac(), etherType, DATA));
			a.receive(Fixture.B, Verb.FRAME, Fixture.frame(Fixture.NETWORK, etherType, DATA));
		}
		assertThat(a.takeSent(Verb.FRAME)).hasSize(1);
		assertThat(this.port.frames).hasSize(1);
		assertThat(a.networks.drops()).containsEntry("filtered-inbound", 1L).containsEntry("filtered-outbound", 1L);
	}

	@Test
	void aRedirectedFrameGoesToTheOtherMemberOnly() {
		TestNode a = Fixture.member(Fixture.A, this.port);
		VirtualNetwork network = a.networks.network(Fixture.NETWORK);
		Fixture.configure(a,
				Fixture.config(Fixture.A, Fixture.T + 1)
					.rules(List.of(new Rule.Forward(RuleType.ACTION_REDIRECT, false, false, Fixture.D.address(), 0, 0),
							Rule.ACCEPT))
					.build());
		a.takeSent();
		network.transmit(a.frame(Fixture.mac(Fixture.B), network.mac(), 0x0800, DATA));
		assertThat(a.takeSent()).singleElement().satisfies((s) -> {
			assertThat(s.to()).isEqualTo(Fixture.D.address());
			assertThat(s.verb()).isEqualTo(Verb.EXT_FRAME);
			assertThat(s.hex()).startsWith(Fixture.NETWORK + "04");
		});
		// At the target the same rule delivers a frame that is not addressed to it.
		TestNode.Port observer = new TestNode.Port();
		TestNode d = Fixture.member(Fixture.D, observer);
		Fixture.configure(d,
				Fixture.config(Fixture.D, Fixture.T + 1)
					.rules(List.of(new Rule.Forward(RuleType.ACTION_REDIRECT, false, false, Fixture.D.address(), 0, 0),
							Rule.ACCEPT))
					.build());
		d.receive(Fixture.A, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.A, Fixture.T)));
		assertThat(d.receive(Fixture.A, Verb.EXT_FRAME, Vectors.bytes(Fixture.NETWORK + "04"
				+ hex(Fixture.mac(Fixture.B)) + hex(network.mac()) + "0800" + Vectors.hex(DATA))))
			.isEqualTo(Verdict.TRUSTED);
		assertThat(observer.frames).hasSize(1);
	}

	private static String hex(MacAddress mac) {
		return mac.toString().replace(":", "");
	}

	@Test
	void anUnknownMacIsSprayedToBridgesUntilOneIsLearned() {
		TestNode a = Fixture.member(Fixture.A, this.port);
		VirtualNetwork network = a.networks.network(Fixture.NETWORK);
		List<Specialist> bridges = new ArrayList<>(
				List.of(new Specialist(Fixture.B.address(), Specialist.ACTIVE_BRIDGE),
						new Specialist(Fixture.D.address(), Specialist.ACTIVE_BRIDGE)));
		Fixture.configure(a, Fixture.config(Fixture.A, Fixture.T + 1).specialists(bridges).build());
		a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.B, Fixture.T)));
		a.takeSent();
		network.transmit(a.frame(FOREIGN, network.mac(), 0x0800, DATA));
		assertThat(a.takeSent(Verb.EXT_FRAME).stream().map(TestNode.Sent::to))
			.containsExactlyInAnyOrder(Fixture.B.address(), Fixture.D.address());
		a.receive(Fixture.B, Verb.EXT_FRAME,
				Vectors.bytes(Fixture.NETWORK + "00" + hex(network.mac()) + hex(FOREIGN) + "0800" + Vectors.hex(DATA)));
		assertThat(this.port.frames).hasSize(1);
		a.takeSent();
		network.transmit(a.frame(FOREIGN, network.mac(), 0x0800, DATA));
		assertThat(a.takeSent(Verb.EXT_FRAME).stream().map(TestNode.Sent::to)).containsExactly(Fixture.B.address());
		// No bridge any more: the route is not used.
		Fixture.configure(a, Fixture.config(Fixture.A, Fixture.T + 2).specialists(bridges.subList(1, 2)).build());
		a.takeSent();
		network.transmit(a.frame(FOREIGN, network.mac(), 0x0800, DATA));
		assertThat(a.takeSent(Verb.EXT_FRAME).stream().map(TestNode.Sent::to)).containsExactly(Fixture.D.address());
		assertThat(a.leaked()).isZero();
	}

	@Test
	void learnedRoutesAreBoundedByPurgingTheWorstOffender() {
		BridgeTable table = new BridgeTable();
		table.learn(1, 7);
		for (int i = 0; i <= BridgeTable.MAX_ROUTES; i++) {
			table.learn(1_000 + i, 666);
		}
		assertThat(table.size()).isLessThanOrEqualTo(BridgeTable.MAX_ROUTES);
		assertThat(table.find(1)).isEqualTo(7);
	}

	@Test
	void aPortIsToldItsConfigurationAndMayFail() {
		TestNode a = Fixture.member(Fixture.A, this.port);
		VirtualNetwork network = a.networks.network(Fixture.NETWORK);
		assertThat(this.port.config).isEqualTo(network.config());
		assertThat(this.port.statuses).endsWith(NetworkStatus.OK);
		assertThatIllegalStateException().isThrownBy(() -> network.attach(new TestNode.Port()))
			.withMessageContaining("detach");
		network.detach(this.port);
		EthernetPort broken = new EthernetPort() {

			@Override
			public void receive(ByteBuf frame) {
				frame.release();
				throw new IllegalStateException("broken");
			}

			@Override
			public void configured(NetworkStatus status, NetworkConfig config) {
				throw new IllegalStateException("broken");
			}

		};
		network.attach(broken);
		assertThat(network.status()).isEqualTo(NetworkStatus.PORT_ERROR);
		network.transmit(a.frame(network.mac(), network.mac(), 0x0800, DATA));
		a.loop.runNow();
		network.detach(broken);
		assertThat(network.status()).isEqualTo(NetworkStatus.OK);
	}

	static Stream<JsonNode> ndpCases() {
		return Vectors.cases("vl2-ndp");
	}

	@ParameterizedTest
	@MethodSource("ndpCases")
	void neighbourSolicitationsAreAnsweredHereIfTheTargetTellsTheMember(JsonNode vector) {
		TestNode a = new TestNode(Fixture.A, Fixture.T);
		a.learn(Fixture.CONTROLLER);
		a.networks.start();
		VirtualNetwork network = a.networks.join(Fixture.NETWORK);
		network.attach(this.port);
		assertThat(Vectors.text(vector, "networkId")).isEqualTo(Fixture.NETWORK.toString());
		Fixture.configure(a,
				Fixture.config(Fixture.A, Fixture.T)
					.flags(NetworkConfig.NDP_EMULATION)
					.multicastLimit(0)
					.staticAddresses(List.of(AddressSchemes.rfc4193(Fixture.NETWORK, Fixture.A.address()),
							AddressSchemes.sixPlane(Fixture.NETWORK, Fixture.A.address())))
					.build());
		a.takeSent();
		network.transmit(a.frame(MacAddress.parse(Vectors.text(vector, "solicitationDstMac")), network.mac(), 0x86dd,
				Vectors.bytes(vector, "solicitationHex")));
		a.loop.runNow();
		if (vector.required("answered").asBoolean()) {
			assertThat(this.port.frames).singleElement()
				.satisfies((frame) -> assertThat(Vectors.hex(frame)).isEqualTo(
						(Vectors.text(vector, "replyDstMac") + Vectors.text(vector, "replySrcMac")).replace(":", "")
								+ "86dd" + Vectors.text(vector, "replyFrameHex")));
		}
		else {
			assertThat(this.port.frames).isEmpty();
		}
		assertThat(a.takeSent()).isEmpty();
		assertThat(a.leaked()).isZero();
	}

}
