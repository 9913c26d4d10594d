package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a member makes of hand-made payloads, as the reference does (VL2 10.4, 11.4, 11.5;
 * {@code vl2-inbound.json}).
 */
class InboundVectorTests {

	private static final MulticastGroup GROUP = new MulticastGroup(MacAddress.parse("01:00:5e:00:00:01"), 0);

	static Stream<JsonNode> cases() {
		// USER_MESSAGE belongs to VL1.
		return Vectors.cases("vl2-inbound").filter((c) -> c.required("verb").asInt() != Verb.USER_MESSAGE.code());
	}

	@Test
	void thereAreFortySixCasesAboutNetworks() {
		assertThat(cases().count()).isEqualTo(46);
	}

	@ParameterizedTest
	@MethodSource("cases")
	void aMemberReactsLikeTheReference(JsonNode vector) {
		String description = Vectors.text(vector, "description");
		TestNode.Port port = new TestNode.Port();
		TestNode a = new TestNode(Fixture.A, Fixture.T);
		a.learn(Fixture.CONTROLLER, Fixture.B, Fixture.D);
		a.networks.start();
		VirtualNetwork network = a.networks.join(Fixture.NETWORK);
		network.attach(port);
		List<Specialist> specialists = new ArrayList<>();
		if (vector.required("aIsActiveBridge").asBoolean()) {
			specialists.add(new Specialist(Fixture.A.address(), Specialist.ACTIVE_BRIDGE));
		}
		if (vector.required("bIsActiveBridge").asBoolean()) {
			specialists.add(new Specialist(Fixture.B.address(), Specialist.ACTIVE_BRIDGE));
		}
		Fixture.configure(a,
				Fixture.config(Fixture.A, Fixture.T)
					.multicastLimit(vector.required("multicastLimit").asInt())
					.specialists(specialists)
					.build());
		boolean comKnown = Vectors.text(vector, "preState").equals("A holds B's COM");
		if (comKnown) {
			CertificateOfMembership com = CertificateOfMembership
				.read(Vectors.buffer(Vectors.load("vl2-inbound"), "comOfBHex"));
			a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, Fixture.credentials(com));
			// A's announcement of its groups is not what is looked at here.
			network.membership().find(Fixture.B.address()).lastAnnouncement = a.now();
		}
		if (description.contains("A knew B and D")) {
			a.receive(Fixture.B, Verb.MULTICAST_LIKE, Vectors.bytes("3e5c82d3a8abcdef01005e00000100000000"));
			a.receive(Fixture.D, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.D, Fixture.T)));
			a.receive(Fixture.D, Verb.MULTICAST_LIKE, Vectors.bytes("3e5c82d3a8abcdef01005e00000100000000"));
		}
		a.advance(1_000);
		a.takeSent();

		long packetId = Long.parseUnsignedLong(Vectors.text(vector, "packetIdOnWire"), 16);
		Verb verb = Verb.of(vector.required("verb").asInt());
		Verdict verdict = a.receive(Fixture.B, verb, Vectors.bytes(vector, "payloadHex"), packetId, false);

		assertThat(port.frames.stream().map(Vectors::hex)).isEqualTo(expectedFrames(vector));
		assertThat(a.takeSent().stream().map((s) -> s.to() + " " + s.verb().code() + " " + s.hex()).toList())
			.isEqualTo(expectedReplies(vector));
		assertThat(verdict == Verdict.DEFERRED).isEqualTo(vector.required("keptInReceiveQueue").asBoolean());
		checkState(vector, a, network, verdict);
		a.networks.stop();
		assertThat(a.leaked()).isZero();
	}

	private static void checkState(JsonNode vector, TestNode a, VirtualNetwork network, Verdict verdict) {
		if (vector.has("groupMembersKnownToA")) {
			assertThat(subscribers(a.networks)).containsExactlyInAnyOrderElementsOf(
					vector.get("groupMembersKnownToA").valueStream().map(JsonNode::asString).toList());
		}
		Identity b = Fixture.B.withoutSecret();
		if (vector.has("peerAllowedAfter")) {
			assertThat(network.membership().admit(b, a.now()) != null)
				.isEqualTo(vector.get("peerAllowedAfter").asBoolean());
		}
		if (vector.has("tagOfDKnown")) {
			Member d = network.membership().find(Fixture.D.address());
			assertThat(d).isNotNull();
			assertThat(d.under(network.config()).tag(1000)).isNotNull();
			assertThat(verdict).isEqualTo(Verdict.TRUSTED);
		}
		if (vector.has("bridgeRouteLearned")) {
			assertThat(network.bridges().find(MacAddress.parse("02:aa:bb:cc:dd:ee").value()))
				.isEqualTo(Fixture.B.address().value());
		}
		if (vector.has("statusAfter")) {
			assertThat(network.status()).isEqualTo(NetworkStatus.OK);
			assertThat(vector.get("statusAfter").asInt()).isEqualTo(1);
		}
	}

	private static List<String> expectedFrames(JsonNode vector) {
		return vector.required("framesToTap")
			.valueStream()
			.map((f) -> (Vectors.text(f, "dstMac") + Vectors.text(f, "srcMac")).replace(":", "")
					+ Vectors.text(f, "etherType") + Vectors.text(f, "frameHex"))
			.toList();
	}

	private static List<String> expectedReplies(JsonNode vector) {
		return vector.required("replies")
			.valueStream()
			.map((r) -> Vectors.text(r, "to") + " " + r.required("verb").asInt() + " " + Vectors.text(r, "payloadHex"))
			.toList();
	}

	private static List<String> subscribers(Networks networks) {
		long[] picked = networks.directory()
			.pick(Fixture.NETWORK.value(), GROUP.mac().value(), GROUP.adi(), Integer.MAX_VALUE, new Random(1));
		return Arrays.stream(picked).mapToObj((address) -> new Address(address).toString()).toList();
	}

}
