package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hostile payloads of every VL2 verb at a member: random, truncated, bit-flipped and
 * wrongly signed ones change no state, leak nothing, never throw, and are counted (VL2
 * 23). Seeded with the reference's packets.
 */
class HostilePayloadTests {

	private static final List<Verb> VERBS = List.of(Verb.FRAME, Verb.EXT_FRAME, Verb.MULTICAST_LIKE,
			Verb.NETWORK_CREDENTIALS, Verb.NETWORK_CONFIG, Verb.NETWORK_CONFIG_REQUEST, Verb.MULTICAST_GATHER,
			Verb.MULTICAST_FRAME, Verb.OK, Verb.ERROR);

	private final long seed = new Random().nextLong();

	private final Random random = new Random(this.seed);

	private final TestNode.Port port = new TestNode.Port();

	private final TestNode node = Fixture.member(Fixture.A, this.port);

	private final VirtualNetwork network = this.node.networks.network(Fixture.NETWORK);

	HostilePayloadTests() {
		System.out.println("HostilePayloadTests seed " + this.seed);
	}

	private static List<Sample> samples() {
		List<Sample> samples = new ArrayList<>();
		Vectors.list(Vectors.load("vl2-packets"), "scenarios")
			.flatMap((s) -> Vectors.list(s, "packets"))
			.forEach((p) -> add(samples, p));
		Vectors.cases("vl2-inbound").forEach((p) -> add(samples, p));
		return samples;
	}

	private static void add(List<Sample> samples, JsonNode packet) {
		Verb verb = Verb.of(packet.required("verb").asInt());
		if (VERBS.contains(verb)) {
			samples.add(new Sample(verb, Vectors.bytes(packet, "payloadHex")));
		}
	}

	@RepeatedTest(3)
	void randomPayloadsOfAStrangerChangeNothing() {
		State before = state();
		for (int i = 0; i < 20_000; i++) {
			byte[] payload = new byte[this.random.nextInt(200)];
			this.random.nextBytes(payload);
			if (payload.length >= 8 && this.random.nextBoolean()) {
				setNetwork(payload, 0);
			}
			if (payload.length >= 18 && this.random.nextInt(4) == 0) {
				payload[0] = (byte) this.random.nextInt(0x20);
				setNetwork(payload, (this.random.nextBoolean()) ? 9 : 10);
			}
			Verb verb = VERBS.get(this.random.nextInt(VERBS.size()));
			this.node.receive(Fixture.B, verb, payload, i, false);
		}
		assertUnchanged(before);
		assertThat(this.node.networks.drops()).containsKeys("malformed", "network-not-joined", "sender-not-a-member");
	}

	@Test
	void truncatedPacketsOfTheReferenceChangeNothing() {
		State before = state();
		for (Sample sample : samples()) {
			for (int i = 0; i < 40 && sample.payload.length > 0; i++) {
				byte[] cut = Arrays.copyOf(sample.payload, this.random.nextInt(sample.payload.length));
				if (!sample.holdsCredentials()) {
					this.node.receive(stranger(), sample.verb, cut);
				}
			}
		}
		assertUnchanged(before);
		assertThat(this.node.networks.drops()).containsKey("malformed");
	}

	@Test
	void flippedBitsNeverGetACredentialOrConfigurationAccepted() {
		byte[] com = Fixture.credentials(Fixture.com(Fixture.D, Fixture.T));
		byte[] tag = Fixture.credentials(new NetworkCredentials(List.of(), List.of(),
				List.of(Tag.issue(Fixture.NETWORK, Fixture.T, 1, 2, Fixture.D.address(), Fixture.CONTROLLER)),
				List.of(), List.of()));
		byte[] revocation = Fixture
			.credentials(NetworkCredentials.of(Revocation.issue(1, Fixture.NETWORK, Revocation.MEMBERSHIP, 0, Fixture.T,
					Revocation.FAST_PROPAGATE, Fixture.D.address(), Fixture.CONTROLLER)));
		byte[] chunk = Fixture.chunks(Fixture.config(Fixture.A, Fixture.T + 60_000).name("evil").build(), 99).get(0);
		State before = state();
		for (int i = 0; i < 400; i++) {
			byte[] credentials = List.of(com, tag, revocation).get(i % 3).clone();
			flip(credentials, bitOf(credentials, i % 3));
			this.node.advance(1_000);
			this.node.receive(stranger(), Verb.NETWORK_CREDENTIALS, credentials);
			byte[] config = chunk.clone();
			flip(config, this.random.nextInt(8 * config.length));
			this.node.receive(Fixture.B, Verb.NETWORK_CONFIG, config);
		}
		assertUnchanged(before);
		assertThat(this.node.networks.drops()).containsKeys("credential-rejected", "config-chunk-rejected");
	}

	/* not in the reserved or unsigned fields around the signed ones */
	private int bitOf(byte[] credentials, int kind) {
		int from = switch (kind) {
			case 0 -> 3;
			case 1 -> 5;
			default -> 7;
		};
		int to = credentials.length - ((kind == 0) ? 9 : (kind == 1) ? 6 : 4);
		int bit;
		do {
			bit = 8 * from + this.random.nextInt(8 * (to - from));
		}
		while (kind == 2 && ignoredInRevocation(bit / 8 - 7));
		return bit;
	}

	/* fields of a revocation that are always written as zero */
	private static boolean ignoredInRevocation(int at) {
		return at < 4 || (at >= 16 && at < 20);
	}

	@Test
	void samplesWithFlippedBitsNeverThrowOrLeak() {
		for (Sample sample : samples()) {
			for (int i = 0; i < 25 && sample.payload.length > 0; i++) {
				byte[] payload = sample.payload.clone();
				for (int flips = 0; flips <= this.random.nextInt(4); flips++) {
					flip(payload, this.random.nextInt(8 * payload.length));
				}
				this.node.receive(this.random.nextBoolean() ? Fixture.B : Fixture.CONTROLLER, sample.verb, payload);
			}
		}
		this.node.networks.stop();
		assertThat(this.node.leaked()).isZero();
	}

	@Test
	void aMembersRandomFramesAreDeliveredOrCountedAndNeverLeak() {
		this.node.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.B, Fixture.T)));
		int trusted = 0;
		for (int i = 0; i < 20_000; i++) {
			byte[] payload = new byte[8 + this.random.nextInt(80)];
			this.random.nextBytes(payload);
			setNetwork(payload, 0);
			Verb verb = List
				.of(Verb.FRAME, Verb.EXT_FRAME, Verb.MULTICAST_FRAME, Verb.MULTICAST_LIKE, Verb.MULTICAST_GATHER)
				.get(i % 5);
			trusted += (this.node.receive(Fixture.B, verb, payload) == Verdict.TRUSTED) ? 1 : 0;
		}
		assertThat(trusted).isPositive();
		assertThat(this.port.frames).isNotEmpty().allMatch((frame) -> frame.length > 14);
		assertThat(this.network.status()).isEqualTo(NetworkStatus.OK);
		this.node.networks.stop();
		assertThat(this.node.leaked()).isZero();
	}

	@Test
	void randomFramesOfThePortNeverThrowOrLeak() {
		for (int i = 0; i < 20_000; i++) {
			byte[] payload = new byte[this.random.nextInt(100)];
			this.random.nextBytes(payload);
			MacAddress destination = switch (i % 4) {
				case 0 -> Fixture.mac(Fixture.B);
				case 1 -> MacAddress.BROADCAST;
				case 2 -> new MacAddress(this.random.nextLong() & 0xffff_ffff_ffffL | 0x0100_0000_0000L);
				default -> new MacAddress(this.random.nextLong() & 0xffff_ffff_ffffL);
			};
			this.network
				.transmit(this.node.frame(destination, this.network.mac(), this.random.nextInt(0x10000), payload));
			if (i % 1_000 == 0) {
				this.node.advance(1_000);
			}
		}
		this.node.networks.stop();
		assertThat(this.node.leaked()).isZero();
	}

	private State state() {
		return new State(this.network.config(), this.network.status(), this.network.membership().members().size(),
				this.node.networks.directory().size(), this.network.bridges().size(), List.copyOf(this.node.events));
	}

	private void assertUnchanged(State before) {
		assertThat(state()).isEqualTo(before);
		assertThat(this.port.frames).isEmpty();
		this.node.networks.stop();
		assertThat(this.node.leaked()).isZero();
	}

	private Identity stranger() {
		return this.random.nextBoolean() ? Fixture.B : Fixture.D;
	}

	private static void setNetwork(byte[] payload, int at) {
		for (int i = 0; i < 8; i++) {
			payload[at + i] = (byte) (Fixture.NETWORK.value() >>> (56 - 8 * i));
		}
	}

	private static void flip(byte[] payload, int bit) {
		payload[bit / 8] ^= (byte) (1 << bit % 8);
	}

	private record Sample(Verb verb, byte[] payload) {

		/** Credentials count one by one: what is whole before the cut is taken. */
		boolean holdsCredentials() {
			return switch (this.verb) {
				case NETWORK_CREDENTIALS -> true;
				case EXT_FRAME, MULTICAST_FRAME, MULTICAST_GATHER ->
					this.payload.length > 8 && (this.payload[8] & 1) != 0;
				default -> false;
			};
		}

	}

	private record State(NetworkConfig config, NetworkStatus status, int members, int subscriptions, int routes,
			List<NodeEvent> events) {
	}

}
