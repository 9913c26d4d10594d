package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.Member.Acceptance;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.Credential;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.store.MemoryStateStore;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Exchange of credentials and the gate (VL2 8, 25).
 */
class MembershipTests {

	private final TestNode.Port port = new TestNode.Port();

	private final TestNode a = Fixture.member(Fixture.A, this.port);

	private final VirtualNetwork network = this.a.networks.network(Fixture.NETWORK);

	private static final byte[] PING = { 0x45, 0, 0, 1 };

	@Test
	void credentialsInOrderAreTakenLikeTheReferenceTakesThem() {
		JsonNode sequence = Vectors.load("vl2-credentials").required("sequences").get(0);
		Member b = new Member(Fixture.B.address(), Fixture.NETWORK);
		CertificateOfMembership own = CertificateOfMembership.read(Vectors.buffer(sequence, "nodeAComHex"));
		NetworkConfig config = Fixture.config(Fixture.A, Fixture.T).build();
		boolean tagRevocationCutsOff = false;
		for (JsonNode step : Vectors.list(sequence, "steps").toList()) {
			String name = Vectors.text(step, "step");
			if (Vectors.text(step, "kind").equals("check")) {
				assertThat(b.under(config).tag(1000) != null).as(name)
					.isEqualTo(step.required("tagPresent").asBoolean());
				continue;
			}
			Credential credential = read(Vectors.text(step, "kind"), Vectors.buffer(step, "credentialHex"));
			// A credential of another network never reaches the member's record.
			Acceptance acceptance = credential.network().equals(Fixture.NETWORK) ? b.add(credential, this.a.known::get)
					: Acceptance.REJECTED;
			Acceptance expected = switch (Vectors.text(step, "result")) {
				case "ACCEPTED_NEW" -> Acceptance.NEW;
				case "ACCEPTED_REDUNDANT" -> Acceptance.REDUNDANT;
				default -> Acceptance.REJECTED;
			};
			assertThat(acceptance).as(name).isEqualTo(expected);
			// Here the reference revokes more than the revocation names; we do not (VL2
			// 25).
			boolean deviates = tagRevocationCutsOff || name.startsWith("revoke tag");
			tagRevocationCutsOff = deviates && !step.required("peerBAllowedAfter").asBoolean();
			assertThat(b.passes(own, Fixture.B)).as(name)
				.isEqualTo(tagRevocationCutsOff || step.required("peerBAllowedAfter").asBoolean());
		}
	}

	private static Credential read(String kind, ByteBuf in) {
		return switch (kind) {
			case "com" -> CertificateOfMembership.read(in);
			case "tag" -> Tag.read(in);
			case "revocation" -> Revocation.read(in);
			default -> throw new AssertionError(kind);
		};
	}

	@Test
	void aFrameWithoutCertificateIsHeldAndItsSenderAskedOnceASecond() {
		byte[] frame = Fixture.frame(Fixture.NETWORK, 0x0800, PING);
		assertThat(this.a.receive(Fixture.B, Verb.FRAME, frame)).isEqualTo(Verdict.DEFERRED);
		assertThat(this.a.receive(Fixture.B, Verb.FRAME, frame)).isEqualTo(Verdict.DEFERRED);
		assertThat(this.a.receive(Fixture.B, Verb.FRAME, frame, 7, true)).isEqualTo(Verdict.DEFERRED);
		assertThat(this.a.takeSent(Verb.ERROR)).hasSize(1);
		this.a.advance(1_000);
		this.a.receive(Fixture.B, Verb.FRAME, frame, 7, true);
		assertThat(this.a.takeSent(Verb.ERROR)).isEmpty();
		this.a.receive(Fixture.B, Verb.FRAME, frame);
		assertThat(this.a.takeSent(Verb.ERROR)).hasSize(1);

		this.a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.B, Fixture.T)));
		assertThat(this.a.retryWanted).isTrue();
		assertThat(this.a.receive(Fixture.B, Verb.FRAME, frame, 7, true)).isEqualTo(Verdict.TRUSTED);
		assertThat(this.port.frames).hasSize(1);
		assertThat(this.port.batches).isEqualTo(1);
	}

	@Test
	void credentialsWaitForTheControllersIdentity() {
		TestNode node = new TestNode(Fixture.A, Fixture.T);
		node.networks.start();
		node.networks.join(Fixture.NETWORK);
		byte[] payload = Fixture.credentials(Fixture.com(Fixture.B, Fixture.T));
		assertThat(node.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, payload, 9, false)).isEqualTo(Verdict.DEFERRED);
		assertThat(node.whois).containsExactly(Fixture.CONTROLLER.address());
		node.learn(Fixture.CONTROLLER);
		assertThat(node.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, payload, 9, true)).isEqualTo(Verdict.TRUSTED);
	}

	@Test
	void credentialsThatComeTooOftenAreDropped() {
		byte[] payload = Fixture.credentials(Fixture.com(Fixture.B, Fixture.T));
		List<Verdict> verdicts = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			verdicts.add(this.a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, payload));
		}
		assertThat(verdicts).filteredOn((v) -> v == Verdict.TRUSTED).hasSize(4);
		assertThat(this.a.networks.drops()).containsEntry("credentials-too-often", 16L);
		// Others are not affected, and time heals.
		assertThat(this.a.receive(Fixture.D, Verb.NETWORK_CREDENTIALS, payload)).isEqualTo(Verdict.TRUSTED);
		this.a.advance(1_000);
		assertThat(this.a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, payload)).isEqualTo(Verdict.TRUSTED);
		assertThat(this.a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, payload)).isEqualTo(Verdict.IGNORED);
	}

	@Test
	void forgedCredentialsMakeNoRecord() {
		Identity other = Fixture.D;
		CertificateOfMembership forged = CertificateOfMembership.issue(Fixture.T, Fixture.WINDOW, Fixture.NETWORK,
				Fixture.B, other);
		assertThat(this.a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, Fixture.credentials(forged)))
			.isEqualTo(Verdict.HANDLED);
		assertThat(this.network.membership().members()).isEmpty();
		assertThat(this.a.networks.drops()).containsEntry("credential-rejected", 1L);
	}

	@Test
	void ownCredentialsGoBeforeTheFirstFrameAndAfterEveryConfiguration() {
		send(Fixture.B);
		assertThat(verbs()).containsExactly(Verb.NETWORK_CREDENTIALS, Verb.FRAME);
		send(Fixture.B);
		assertThat(verbs()).containsExactly(Verb.FRAME);
		this.a.advance(1_000);
		Fixture.configure(this.a, Fixture.config(Fixture.A, Fixture.T + 60_000).build());
		send(Fixture.B);
		assertThat(verbs()).containsExactly(Verb.NETWORK_CREDENTIALS, Verb.FRAME);
	}

	@Test
	void ownCredentialsGoAgainAfterFiveHundredSeconds() {
		send(Fixture.B);
		this.a.advance(499_000);
		this.a.takeSent();
		send(Fixture.B);
		assertThat(verbs()).containsExactly(Verb.FRAME);
		this.a.advance(1_000);
		this.a.takeSent();
		send(Fixture.B);
		assertThat(verbs()).containsExactly(Verb.NETWORK_CREDENTIALS, Verb.FRAME);
	}

	@Test
	void whoAsksForCredentialsGetsThemOnceASecond() {
		byte[] error = Fixture.error(Verb.FRAME, 1, 6, Fixture.NETWORK);
		send(Fixture.B);
		this.a.takeSent();
		this.a.receive(Fixture.B, Verb.ERROR, error);
		assertThat(verbs()).isEmpty();
		this.a.advance(1_100);
		this.a.receive(Fixture.B, Verb.ERROR, error);
		this.a.receive(Fixture.B, Verb.ERROR, error);
		assertThat(verbs()).containsExactly(Verb.NETWORK_CREDENTIALS);
		// A stranger gets an answer but makes no record.
		this.a.receive(Fixture.D, Verb.ERROR, error);
		this.a.receive(Fixture.D, Verb.ERROR, error);
		assertThat(verbs()).containsExactly(Verb.NETWORK_CREDENTIALS);
		assertThat(this.network.membership().find(Fixture.D.address())).isNull();
	}

	@Test
	void manyCredentialsGoInPacketsMoreThanASecondApartCertificateFirst() {
		List<Tag> tags = Stream.iterate(1, (i) -> i + 1)
			.limit(128)
			.map((i) -> Tag.issue(Fixture.NETWORK, Fixture.T + 1, i, i, Fixture.A.address(), Fixture.CONTROLLER))
			.toList();
		Fixture.configure(this.a, Fixture.config(Fixture.A, Fixture.T + 1).tags(tags).build());
		this.a.takeSent();
		send(Fixture.B);
		List<TestNode.Sent> sent = new ArrayList<>(this.a.takeSent());
		assertThat(sent.stream().map(TestNode.Sent::verb)).containsExactly(Verb.NETWORK_CREDENTIALS, Verb.FRAME);
		sent.remove(1);
		this.a.advance(1_000);
		assertThat(this.a.takeSent(Verb.NETWORK_CREDENTIALS)).isEmpty();
		this.a.advance(200);
		sent.addAll(this.a.takeSent(Verb.NETWORK_CREDENTIALS));
		assertThat(sent).hasSize(2);
		List<NetworkCredentials> packets = sent.stream()
			.map((s) -> NetworkCredentials.read(Unpooled.wrappedBuffer(s.payload())))
			.toList();
		assertThat(packets.get(0).memberships()).hasSize(1);
		assertThat(packets.get(1).memberships()).isEmpty();
		assertThat(packets.get(0).tags().size() + packets.get(1).tags().size()).isEqualTo(128);
		assertThat(sent).allMatch((s) -> s.payload().length <= NodeContext.MAX_PAYLOAD);
	}

	@Test
	void aRevokedMemberIsCutOffAndTheNewsSpreadOnce() {
		this.a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.B, Fixture.T)));
		this.a.receive(Fixture.D, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.D, Fixture.T)));
		byte[] frame = Fixture.frame(Fixture.NETWORK, 0x0800, PING);
		assertThat(this.a.receive(Fixture.D, Verb.FRAME, frame)).isEqualTo(Verdict.TRUSTED);
		this.a.advance(5_000);
		this.a.takeSent();
		Revocation revocation = Revocation.issue(5, Fixture.NETWORK, Revocation.MEMBERSHIP, 0, Fixture.T + 5_000,
				Revocation.FAST_PROPAGATE, Fixture.D.address(), Fixture.CONTROLLER);
		byte[] payload = Fixture.credentials(NetworkCredentials.of(revocation));

		this.a.receive(Fixture.CONTROLLER, Verb.NETWORK_CREDENTIALS, payload);

		List<TestNode.Sent> spread = this.a.takeSent(Verb.NETWORK_CREDENTIALS);
		assertThat(spread.stream().map(TestNode.Sent::to)).containsExactlyInAnyOrder(Fixture.B.address(),
				Fixture.D.address());
		assertThat(spread).allMatch((s) -> Arrays.equals(s.payload(), payload) && !s.compress());
		this.a.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, payload);
		assertThat(this.a.takeSent(Verb.NETWORK_CREDENTIALS)).isEmpty();
		assertThat(this.a.receive(Fixture.D, Verb.FRAME, frame)).isEqualTo(Verdict.DEFERRED);
		assertThat(this.a.takeSent(Verb.ERROR)).hasSize(1);
		// Its old certificate does not help, a new one does.
		this.a.receive(Fixture.D, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.D, Fixture.T)));
		assertThat(this.a.receive(Fixture.D, Verb.FRAME, frame, 3, true)).isEqualTo(Verdict.DEFERRED);
		this.a.receive(Fixture.D, Verb.NETWORK_CREDENTIALS,
				Fixture.credentials(Fixture.com(Fixture.D, Fixture.T + 60_000)));
		assertThat(this.a.receive(Fixture.D, Verb.FRAME, frame, 3, true)).isEqualTo(Verdict.TRUSTED);
	}

	@Test
	void recordsAreBoundedAndExpire() {
		Membership membership = new Membership(
				new NodeContext(this.a, this.a.loop, new MemoryStateStore(), new Random(1), (event) -> {
				}), Fixture.NETWORK);
		for (int i = 1; i <= Membership.MAX_MEMBERS + 10; i++) {
			membership.recipient(i, Fixture.T + i);
		}
		assertThat(membership.members()).hasSize(Membership.MAX_MEMBERS);
		assertThat(membership.find(new Address(1))).isNull();
		assertThat(membership.find(new Address(11))).isNotNull();
		membership.sweep(Fixture.T + Membership.LIFETIME + Membership.MAX_MEMBERS + 10);
		assertThat(membership.members()).isEmpty();
	}

	@Test
	void budgetsAreBoundedAndForget() {
		PeerBudget budget = new PeerBudget(2, 1_000);
		assertThat(Stream.of(0L, 0L, 0L, 500L, 1_000L, 1_000L, 2_000L).map((now) -> budget.take(1, now)))
			.containsExactly(true, true, false, false, true, false, true);
		for (long peer = 0; peer < 2 * PeerBudget.MAX_PEERS; peer++) {
			budget.take(peer, 0);
		}
		assertThat(budget.size()).isEqualTo(PeerBudget.MAX_PEERS);
		assertThat(budget.take(99_999_999, 100_000)).isTrue();
		assertThat(budget.size()).isEqualTo(1);
	}

	private void send(Identity to) {
		this.network.transmit(this.a.frame(Fixture.mac(to), this.network.mac(), 0x0800, PING));
	}

	private List<Verb> verbs() {
		return this.a.takeSent().stream().map(TestNode.Sent::verb).toList();
	}

}
