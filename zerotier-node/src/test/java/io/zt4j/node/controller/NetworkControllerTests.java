package io.zt4j.node.controller;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.ControllerRole;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkConfigRequest;
import io.zt4j.node.network.NetworkCredentials;
import io.zt4j.node.network.NetworkDns;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkRoute;
import io.zt4j.node.network.RequestMetadata;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.network.credential.Verification;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.network.rule.RuleType;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.store.MemoryStateStore;
import io.zt4j.node.store.StateStoreException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NetworkControllerTests {

	private static final JsonNode IDENTITIES = Vectors.load("vl2-credentials").get("identities");

	private static final Identity SELF = Identity.parse(Vectors.text(IDENTITIES, "controllerSecret"));

	private static final Identity A = Identity.parse(Vectors.text(IDENTITIES, "nodeASecret"));

	private static final Identity B = Identity.parse(Vectors.text(IDENTITIES, "nodeBSecret"));

	private static final Identity D = Identity.parse(Vectors.text(IDENTITIES, "nodeDSecret"));

	private static final NetworkId NETWORK = NetworkId.parse("3e5c82d3a8000001");

	private static final NetworkSettings OPEN = NetworkSettings.builder()
		.name("open")
		.isPrivate(false)
		.subnet(InetPrefix.parse("10.147.20.0/24"))
		.build();

	private final MemoryStateStore state = new MemoryStateStore();

	private final TestController test = new TestController(SELF, 1_700_000_000_000L, this.state, new Random(1));

	private final NetworkController controller = this.test.controller;

	private NetworkConfig ask(Identity member, NetworkId network) {
		this.test.takeSent();
		long request = this.test.request(member, network);
		byte[] dictionary = this.test.dictionary(this.test.takeSent(), request);
		return (dictionary != null) ? NetworkConfig.parse(dictionary) : null;
	}

	private ErrorCode refusal(Identity member, NetworkId network) {
		this.test.takeSent();
		long request = this.test.request(member, network);
		return TestController.error(this.test.takeSent(), request);
	}

	private List<NetworkConfig> pushes(Identity member) {
		List<NetworkConfig> pushes = new ArrayList<>();
		for (TestController.Sent sent : this.test.takeSent()) {
			if (sent.verb() == Verb.NETWORK_CONFIG && sent.to().equals(member.address())) {
				pushes.add(NetworkConfig.parse(this.test.dictionary(List.of(sent), 0)));
			}
		}
		return pushes;
	}

	private <T> T get(CompletionStage<T> stage) {
		return this.test.get(stage);
	}

	@Test
	void anOpenNetworkLetsEverybodyInAndGivesThemDifferentAddresses() {
		NetworkId id = get(this.controller.createNetwork(OPEN));
		assertThat(id.controller()).isEqualTo(SELF.address());
		Set<InetPrefix> addresses = new HashSet<>();
		for (Identity member : List.of(A, B, D)) {
			NetworkConfig config = ask(member, id);
			assertThat(config.network()).isEqualTo(id);
			assertThat(config.name()).isEqualTo("open");
			assertThat(config.isPublic()).isTrue();
			assertThat(config.issuedTo()).isEqualTo(member.address());
			assertThat(config.membership().verify(Map.of(SELF.address(), SELF)::get)).isEqualTo(Verification.GOOD);
			assertThat(config.routes()).containsExactly(new NetworkRoute(InetPrefix.parse("10.147.20.0/24"), null));
			addresses.addAll(config.staticAddresses());
		}
		assertThat(addresses).hasSize(3).allMatch((each) -> each.prefixLength() == 24);
		assertThat(this.test.events).contains(new ControllerEvent.NetworkCreated(id),
				new ControllerEvent.MemberOnline(id, A.address()),
				new ControllerEvent.MemberAuthorized(id, A.address(), "public"));
	}

	@Test
	void aPrivateNetworkRefusesUntilTheMemberIsAuthorisedAndThenSendsAtOnce() {
		get(this.controller.putNetwork(NETWORK, OPEN.toBuilder().isPrivate(true).build()));
		assertThat(refusal(A, NETWORK)).isEqualTo(ErrorCode.NETWORK_ACCESS_DENIED);
		assertThat(this.test.events).contains(new ControllerEvent.RequestDenied(NETWORK, A.address(),
				ControllerEvent.RequestDenied.Reason.NOT_AUTHORIZED));
		assertThat(get(this.controller.members(NETWORK))).singleElement()
			.satisfies((member) -> assertThat(member.authorized()).isFalse())
			.satisfies((member) -> assertThat(member.online()).isTrue());

		MemberInfo member = get(this.controller.authorize(NETWORK, A.address()));
		assertThat(member.authorized()).isTrue();
		assertThat(member.authorizedBy()).isEqualTo("api");
		this.test.run();
		assertThat(pushes(A)).singleElement().satisfies((config) -> assertThat(config.staticAddresses()).hasSize(1));
		this.test.advance(1001);
		assertThat(ask(A, NETWORK)).isNotNull();
	}

	@Test
	void aMemberAuthorisedBeforeItEverAskedIsLetIn() {
		get(this.controller.putNetwork(NETWORK, OPEN.toBuilder().isPrivate(true).build()));
		get(this.controller.authorize(NETWORK, A.address()));
		get(this.controller.nameMember(NETWORK, A.address(), "laptop"));
		assertThat(this.test.sent).isEmpty();
		assertThat(ask(A, NETWORK)).isNotNull();
		MemberInfo member = get(this.controller.member(NETWORK, A.address()));
		assertThat(member.name()).isEqualTo("laptop");
		assertThat(member.version()).isEqualTo("1.14.1");
		assertThat(member.identity()).isEqualTo(A.publicString());
		assertThat(member.lastSeen()).isEqualTo(this.test.now);
	}

	@Test
	void anotherIdentityOfAKnownAddressIsRefused() {
		get(this.controller.putNetwork(NETWORK, OPEN));
		assertThat(ask(A, NETWORK)).isNotNull();
		Identity impostor = Identity.parse(A.address() + B.publicString().substring(10));
		this.test.advance(1001);
		assertThat(refusal(impostor, NETWORK)).isEqualTo(ErrorCode.NETWORK_ACCESS_DENIED);
		assertThat(this.test.events).contains(new ControllerEvent.RequestDenied(NETWORK, A.address(),
				ControllerEvent.RequestDenied.Reason.IDENTITY_MISMATCH));
		assertThat(get(this.controller.member(NETWORK, A.address())).identity()).isEqualTo(A.publicString());
		this.test.advance(1001);
		assertThat(ask(A, NETWORK)).isNotNull();
	}

	@Test
	void requestsWithinASecondAreIgnored() {
		get(this.controller.putNetwork(NETWORK, OPEN));
		assertThat(ask(A, NETWORK)).isNotNull();
		this.test.advance(1000);
		this.test.request(A, NETWORK);
		assertThat(this.test.takeSent()).isEmpty();
		assertThat(ask(B, NETWORK)).isNotNull();
		this.test.advance(1);
		assertThat(ask(A, NETWORK)).isNotNull();
		assertThat(this.controller.drops()).containsEntry("request_too_often", 1L);
	}

	@Test
	void networksOfOthersGetNoAnswerAndMissingOnesNotFound() {
		long request = this.test.request(A, NetworkId.parse("1122334455000001"));
		assertThat(this.test.takeSent()).isEmpty();
		assertThat(request).isPositive();
		assertThat(refusal(A, NETWORK)).isEqualTo(ErrorCode.OBJ_NOT_FOUND);
		assertThat(this.state.list("controller.d/network")).isEmpty();
	}

	@Test
	void garbledRequestsAreCountedAndDropped() {
		get(this.controller.putNetwork(NETWORK, OPEN));
		assertThat(this.controller.handle(TestController.packet(A, 1, Unpooled.wrappedBuffer(new byte[9]))))
			.isEqualTo(Verdict.IGNORED);
		assertThat(this.controller.drops()).containsEntry("malformed_request", 1L);
		long seed = System.nanoTime();
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		for (int i = 0; i < 200; i++) {
			byte[] metadata = TestController.METADATA.clone();
			for (int n = 0; n < 10; n++) {
				metadata[random.nextInt(metadata.length)] = (byte) random.nextInt();
			}
			this.test.advance(1001);
			long request = this.test.request(A, NETWORK, metadata);
			assertThat(this.test.dictionary(this.test.takeSent(), request)).isNotNull();
		}
	}

	@Test
	void changedSettingsArePushedToOnlineMembersOnly() {
		get(this.controller.putNetwork(NETWORK, OPEN));
		ask(A, NETWORK);
		this.test.advance(60_000);
		ask(B, NETWORK);
		this.test.advance(60_001);
		this.test.takeSent();
		get(this.controller.updateNetwork(NETWORK, OPEN.toBuilder().name("renamed").mtu(1400).build()));
		this.test.run();
		List<TestController.Sent> sent = this.test.takeSent();
		assertThat(sent).singleElement().satisfies((each) -> assertThat(each.to()).isEqualTo(B.address()));
		NetworkConfig config = NetworkConfig.parse(this.test.dictionary(sent, 0));
		assertThat(config.name()).isEqualTo("renamed");
		assertThat(config.mtu()).isEqualTo(1400);
		assertThat(config.revision()).isEqualTo(2);

		get(this.controller.updateNetwork(NETWORK, OPEN.toBuilder().name("renamed").mtu(1400).build()));
		this.test.run();
		assertThat(this.test.takeSent()).isEmpty();
		assertThat(get(this.controller.network(NETWORK)).revision()).isEqualTo(2);
	}

	@Test
	void deauthorisingRevokesTheCertificateAtAllOnlineMembers() {
		List<Revocation> local = new ArrayList<>();
		this.controller.localRevocations(local::add);
		get(this.controller.putNetwork(NETWORK, OPEN.toBuilder().isPrivate(true).build()));
		for (Identity member : List.of(A, B)) {
			get(this.controller.authorize(NETWORK, member.address()));
			assertThat(ask(member, NETWORK)).isNotNull();
		}
		this.test.takeSent();
		this.test.advance(10);
		get(this.controller.deauthorize(NETWORK, A.address()));
		this.test.run();
		List<TestController.Sent> sent = this.test.takeSent();
		assertThat(sent).extracting(TestController.Sent::to).containsExactlyInAnyOrder(A.address(), B.address());
		for (TestController.Sent each : sent) {
			assertThat(each.verb()).isEqualTo(Verb.NETWORK_CREDENTIALS);
			Revocation revocation = NetworkCredentials.read(each.buffer()).revocations().get(0);
			assertThat(revocation.verify(Map.of(SELF.address(), SELF)::get)).isEqualTo(Verification.GOOD);
			assertThat(revocation.target()).isEqualTo(A.address());
			assertThat(revocation.threshold()).isEqualTo(this.test.now);
			assertThat(revocation.isFastPropagate()).isTrue();
			assertThat(revocation.type()).isEqualTo(Revocation.MEMBERSHIP);
		}
		assertThat(local).singleElement().satisfies((each) -> assertThat(each.target()).isEqualTo(A.address()));
		assertThat(this.test.events).contains(new ControllerEvent.MemberDeauthorized(NETWORK, A.address()));
		this.test.advance(1001);
		assertThat(refusal(A, NETWORK)).isEqualTo(ErrorCode.NETWORK_ACCESS_DENIED);

		get(this.controller.authorize(NETWORK, A.address()));
		this.test.advance(1001);
		assertThat(ask(A, NETWORK).membership().timestamp()).isGreaterThan(local.get(0).threshold());
	}

	@Test
	void deletingANetworkRevokesEverybodyAndForgetsThem() {
		get(this.controller.putNetwork(NETWORK, OPEN));
		ask(A, NETWORK);
		ask(B, NETWORK);
		this.test.takeSent();
		get(this.controller.deleteNetwork(NETWORK));
		assertThat(this.test.takeSent()).filteredOn((each) -> each.verb() == Verb.NETWORK_CREDENTIALS).hasSize(4);
		assertThat(refusal(A, NETWORK)).isEqualTo(ErrorCode.OBJ_NOT_FOUND);
		assertThat(this.state.list("controller.d/network")).isEmpty();
		assertThat(this.state.list("controller.d/network/" + NETWORK + "/member")).isEmpty();
		assertThatThrownBy(() -> get(this.controller.members(NETWORK))).isInstanceOf(CompletionException.class)
			.hasCauseInstanceOf(NoSuchElementException.class)
			.hasMessageContaining(NETWORK.toString());
	}

	@Test
	void everythingSurvivesARestart() {
		NetworkSettings settings = NetworkSettings.builder()
			.name("all")
			.isPrivate(true)
			.mtu(1500)
			.multicastLimit(7)
			.broadcast(false)
			.subnet(InetPrefix.parse("10.147.20.0/24"))
			.subnet(InetPrefix.parse("fd00:1::/64"))
			.rfc4193(true)
			.sixPlane(true)
			.route(new NetworkRoute(InetPrefix.parse("0.0.0.0/0"), InetPrefix.parseAddress("10.147.20.1")))
			.rules(List.of(new Rule.NumberMatch(RuleType.MATCH_ETHERTYPE, true, false, 0x0800), Rule.DROP, Rule.ACCEPT))
			.capability(new CapabilitySettings(7, true, List.of(Rule.ACCEPT)))
			.tag(1000, 5)
			.tag(1001, null)
			.dns(new NetworkDns("example.zt", List.of(InetPrefix.parseAddress("10.147.20.53"))))
			.joinToken("sesame", 0)
			.build();
		get(this.controller.putNetwork(NETWORK, settings));
		get(this.controller.authorize(NETWORK, A.address()));
		NetworkConfig before = ask(A, NETWORK);
		assertThat(before.staticAddresses()).hasSize(4);
		assertThat(before.capabilities()).isEmpty();
		assertThat(before.tags()).singleElement().satisfies((tag) -> assertThat(tag.value()).isEqualTo(5));

		TestController again = new TestController(SELF, this.test.now + 5000, this.state, new Random(2));
		assertThat(again.get(again.controller.network(NETWORK)).settings()).isEqualTo(settings);
		assertThat(again.get(again.controller.networks())).hasSize(1);
		long request = again.request(A, NETWORK);
		NetworkConfig after = NetworkConfig.parse(again.dictionary(again.takeSent(), request));
		assertThat(after.staticAddresses()).isEqualTo(before.staticAddresses());
		assertThat(after.rules()).isEqualTo(before.rules());
		assertThat(after.dns()).isEqualTo(before.dns());
	}

	@Test
	void fieldsUnknownToUsSurvive() {
		String path = "controller.d/network/" + NETWORK + ".json";
		this.state.write(path,
				"{\"name\":\"old\",\"private\":false,\"fromTheFuture\":{\"a\":[1]}}".getBytes(StandardCharsets.UTF_8));
		TestController again = new TestController(SELF, this.test.now, this.state, new Random(2));
		again.get(again.controller.updateNetwork(NETWORK, OPEN));
		assertThat(new String(this.state.read(path), StandardCharsets.UTF_8)).contains("\"fromTheFuture\":{\"a\":[1]}")
			.contains("\"name\":\"open\"");
	}

	@Test
	void aBrokenRecordStopsTheControllerWithItsName() {
		this.state.write("controller.d/network/" + NETWORK + ".json", "{bad".getBytes(StandardCharsets.UTF_8));
		assertThatExceptionOfType(StateStoreException.class)
			.isThrownBy(() -> new TestController(SELF, 1, this.state, new Random(2)))
			.withMessageContaining(NETWORK + ".json");
	}

	@Test
	void aTokenLetsAMemberIntoAPrivateNetworkUntilItExpires() {
		get(this.controller.putNetwork(NETWORK,
				OPEN.toBuilder().isPrivate(true).joinToken("sesame", 0).joinToken("short", this.test.now + 1).build()));
		for (String token : List.of("nope", "short", "sesame")) {
			this.test.advance(1001);
			RequestMetadata metadata = new RequestMetadata(7, 1, 12, 1, 14, 1, 1024, 128, 64, 128, 0, 1, "x",
					"token:" + token);
			long request = this.test.request(A, NETWORK, metadata.toDictionary());
			assertThat(this.test.dictionary(this.test.takeSent(), request) != null).isEqualTo(token.equals("sesame"));
		}
		assertThat(get(this.controller.member(NETWORK, A.address())).authorizedBy()).isEqualTo("token");
	}

	@Test
	void addressesAssignedByHandReplaceThoseOfThePool() throws Exception {
		get(this.controller.putNetwork(NETWORK, OPEN));
		ask(A, NETWORK);
		this.test.takeSent();
		get(this.controller.assignAddresses(NETWORK, A.address(),
				List.of(InetPrefix.parseAddress("10.147.20.7"), InetPrefix.parseAddress("192.168.1.1"))));
		this.test.run();
		assertThat(pushes(A)).singleElement()
			.satisfies((config) -> assertThat(config.staticAddresses())
				.containsExactly(InetPrefix.parse("10.147.20.7/24")));
		get(this.controller.autoAssignAddresses(NETWORK, A.address(), false));
		get(this.controller.assignAddresses(NETWORK, A.address(), List.of()));
		this.test.advance(1001);
		assertThat(ask(A, NETWORK).staticAddresses()).isEmpty();
	}

	@Test
	void bridgesAreAnnouncedToEveryMember() {
		get(this.controller.putNetwork(NETWORK, OPEN));
		ask(A, NETWORK);
		ask(B, NETWORK);
		this.test.takeSent();
		get(this.controller.activeBridge(NETWORK, B.address(), true));
		this.test.run();
		assertThat(pushes(A)).singleElement()
			.satisfies((config) -> assertThat(config.isActiveBridge(B.address())).isTrue());
	}

	@Test
	void membersGetTheTagsAndCapabilitiesTheyAreGiven() {
		get(this.controller.putNetwork(NETWORK,
				OPEN.toBuilder().capability(new CapabilitySettings(7, false, List.of(Rule.DROP))).tag(1, 3).build()));
		get(this.controller.assignTags(NETWORK, A.address(), Map.of(1, 9, 55, 66)));
		get(this.controller.assignCapabilities(NETWORK, A.address(), Set.of(7, 8)));
		NetworkConfig config = ask(A, NETWORK);
		assertThat(config.tag(1).value()).isEqualTo(9);
		assertThat(config.tag(55).value()).isEqualTo(66);
		assertThat(config.capabilities()).singleElement()
			.satisfies((capability) -> assertThat(capability.rules()).containsExactly(Rule.DROP));
	}

	@Test
	void theControllersOwnNodeIsAMemberToo() {
		get(this.controller.putNetwork(NETWORK, OPEN));
		List<NetworkConfig> configs = new ArrayList<>();
		List<ErrorCode> errors = new ArrayList<>();
		ControllerRole.Reply reply = new ControllerRole.Reply() {

			@Override
			public void configured(byte[] dictionary) {
				configs.add(NetworkConfig.parse(dictionary));
			}

			@Override
			public void refused(ErrorCode code) {
				errors.add(code);
			}

		};
		this.controller.requestLocally(NETWORK, TestController.METADATA, reply);
		this.controller.requestLocally(NetworkId.parse("3e5c82d3a8000002"), TestController.METADATA, reply);
		this.test.run();
		assertThat(configs).singleElement().satisfies((config) -> assertThat(config.staticAddresses()).hasSize(1));
		assertThat(errors).containsExactly(ErrorCode.OBJ_NOT_FOUND);
		assertThat(this.controller.servedRecently(NETWORK, SELF.address())).isTrue();
		get(this.controller.updateNetwork(NETWORK, OPEN.toBuilder().name("renamed").build()));
		this.test.run();
		assertThat(configs).hasSize(2).last().satisfies((config) -> assertThat(config.name()).isEqualTo("renamed"));
		assertThat(this.test.takeSent()).isEmpty();
	}

	@Test
	void servedMembersAreRememberedForThreeMinutes() {
		get(this.controller.putNetwork(NETWORK, OPEN));
		assertThat(this.controller.servedRecently(NETWORK, A.address())).isFalse();
		ask(A, NETWORK);
		this.test.advance(179_999);
		assertThat(this.controller.servedRecently(NETWORK, A.address())).isTrue();
		this.test.advance(1);
		assertThat(this.controller.servedRecently(NETWORK, A.address())).isFalse();
	}

	@Test
	void strangersLeaveABoundedNumberOfRecords() {
		get(this.controller.putNetwork(NETWORK, OPEN.toBuilder().isPrivate(true).build()));
		get(this.controller.authorize(NETWORK, A.address()));
		String key = B.publicString().substring(10);
		for (int i = 1; i <= RequestServer.MAX_STRANGERS + 10; i++) {
			this.test.request(Identity.parse(new Address(i) + key), NETWORK);
		}
		List<MemberInfo> members = get(this.controller.members(NETWORK));
		assertThat(members).hasSize(RequestServer.MAX_STRANGERS + 1);
		assertThat(members).extracting(MemberInfo::address).contains(A.address()).doesNotContain(new Address(10));
	}

	@Test
	void aFloodOfRequestsIsBounded() {
		get(this.controller.putNetwork(NETWORK, OPEN.toBuilder().isPrivate(true).build()));
		String key = B.publicString().substring(10);
		var payload = Unpooled.buffer();
		new NetworkConfigRequest(NETWORK, TestController.METADATA, 0, 0).write(payload);
		for (int i = 1; i <= RequestQueue.MAX_REQUESTS + 10; i++) {
			this.controller.handle(TestController.packet(Identity.parse(new Address(i) + key), i, payload));
		}
		assertThat(this.controller.drops()).containsEntry("too_many_requests", 10L);
		this.test.run();
		assertThat(this.test.takeSent()).hasSize(RequestQueue.MAX_REQUESTS);
	}

	@Test
	void aRemovedMemberStartsAfresh() {
		get(this.controller.putNetwork(NETWORK, OPEN.toBuilder().isPrivate(true).build()));
		get(this.controller.authorize(NETWORK, A.address()));
		ask(A, NETWORK);
		this.test.takeSent();
		assertThat(get(this.controller.removeMember(NETWORK, A.address()))).isTrue();
		assertThat(get(this.controller.removeMember(NETWORK, A.address()))).isFalse();
		assertThat(this.test.takeSent()).extracting(TestController.Sent::verb)
			.containsExactly(Verb.NETWORK_CREDENTIALS);
		assertThat(refusal(A, NETWORK)).isEqualTo(ErrorCode.NETWORK_ACCESS_DENIED);
	}

	@Test
	void aNetworkOfAnotherControllerCannotBeKept() {
		assertThatThrownBy(() -> get(this.controller.putNetwork(NetworkId.parse("1122334455000001"), OPEN)))
			.hasCauseInstanceOf(IllegalArgumentException.class)
			.hasMessageContaining("begin with " + SELF.address());
	}

	@Test
	void poolsOfSubnetsLeaveOutNetworkAndBroadcastAddresses() {
		AddressPool pool = AddressPool.of(InetPrefix.parse("10.1.2.0/24"));
		assertThat(pool).hasToString("10.1.2.1-10.1.2.255");
		assertThat(AddressPool.of(InetPrefix.parse("fd00::/64"))).hasToString("fd00::1-fd00::ffff:ffff:ffff:ffff");
		Set<Object> given = new HashSet<>();
		SecureRandom random = new SecureRandom();
		for (int i = 0; i < 400; i++) {
			Object address = pool.allocate(new Address(random.nextLong() >>> 24), (each) -> !given.contains(each),
					random);
			if (address != null) {
				given.add(address);
			}
		}
		assertThat(given).hasSize(254)
			.doesNotContain(InetPrefix.parseAddress("10.1.2.0"), InetPrefix.parseAddress("10.1.2.255"));
	}

}
