package io.zt4j.node.network.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.MacAddress;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import io.zt4j.node.network.credential.Tag;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class RuleEngineTests {

	private static final JsonNode FILE = Vectors.load("vl2-rules");

	private static final Address SELF = Address.parse(Vectors.text(FILE, "self"));

	private static final Address PEER = Address.parse(Vectors.text(FILE, "peer"));

	private static final NetworkId NETWORK = NetworkId.parse(Vectors.text(FILE, "networkId"));

	@TestFactory
	Stream<DynamicTest> framesAreFilteredAsTheReferenceDoes() {
		return Vectors.list(FILE, "cases")
			.map((vector) -> DynamicTest.dynamicTest(Vectors.text(vector, "description"), () -> check(vector)));
	}

	private static void check(JsonNode vector) {
		boolean inbound = Vectors.text(vector, "direction").equals("in");
		List<Rule> rules = rules(Vectors.text(vector, "rulesHex"));
		assertThat(rules).hasSize(vector.get("ruleCount").asInt());
		NetworkConfig config = NetworkConfig.builder(NETWORK, SELF)
			.rules(rules)
			.flags(vector.has("configFlags") ? Long.parseLong(Vectors.text(vector, "configFlags"), 16) : 0)
			.tags(tags(vector.get("localTags"), SELF))
			.capabilities(capabilities(vector.get("localCaps"), SELF))
			.certificatesOfOwnership(owned(vector.get("localOwned"), SELF))
			.staticAddresses(strings(vector.get("localStaticIps")).stream().map(InetPrefix::parse).toList())
			.build();
		byte[] payload = Vectors.bytes(vector, "frameHex");
		ByteBuf buffer = Unpooled.buffer().writeZero(14).writeBytes(payload);
		String destination = vector.get("ztDest").isNull() ? "" : vector.get("ztDest").asString();
		FilteredFrame frame = new FilteredFrame().set(inbound, Address.parse(Vectors.text(vector, "ztSource")).value(),
				destination.isEmpty() ? FilteredFrame.NO_DESTINATION : Address.parse(destination).value(),
				MacAddress.parse(Vectors.text(vector, "macSource")).value(),
				MacAddress.parse(Vectors.text(vector, "macDest")).value(),
				Integer.parseInt(Vectors.text(vector, "etherType"), 16), buffer, 14, payload.length,
				new Peer(tags(vector.get("remoteTags"), PEER), capabilities(vector.get("remoteCaps"), PEER),
						owned(vector.get("remoteOwned"), PEER)));
		RuleEngine engine = new RuleEngine(SELF, new Random(1));
		assertThat(engine.evaluate(rules, config, frame, new FilterResult().reset(), 0))
			.hasToString(Vectors.text(vector, "baseResult"));

		FilterResult result = engine.filter(config, frame, new FilterResult());
		JsonNode expected = vector.get("final");
		int verdict = switch (result.verdict()) {
			case DROP, REDIRECT -> 0;
			case ACCEPT -> 1;
			case SUPER_ACCEPT -> 2;
		};
		if (expected.isBoolean()) {
			assertThat(verdict > 0).isEqualTo(expected.asBoolean());
		}
		else {
			assertThat(verdict).isEqualTo(expected.asInt());
		}
		assertThat(forwarded(vector, payload, result)).isEqualTo(expectedForwards(vector));
	}

	private static List<String> expectedForwards(JsonNode vector) {
		List<String> forwards = new ArrayList<>();
		if (vector.has("forwarded")) {
			vector.get("forwarded")
				.forEach((each) -> forwards
					.add(Vectors.text(each, "to") + " " + Vectors.text(each, "extFramePayloadHex")));
		}
		return forwards;
	}

	private static List<String> forwarded(JsonNode vector, byte[] payload, FilterResult result) {
		List<String> forwards = new ArrayList<>();
		for (int i = 0; i < result.copies(); i++) {
			forwards.add(result.copyTarget(i) + " "
					+ extFrame(vector, result.copyFlags(i), Unpooled.wrappedBuffer(payload, 0, result.copyLength(i))));
		}
		if (result.verdict() == FilterResult.Verdict.REDIRECT) {
			forwards.add(result.redirectTarget() + " "
					+ extFrame(vector, result.redirectFlags(), Unpooled.wrappedBuffer(payload)));
		}
		return forwards;
	}

	private static String extFrame(JsonNode vector, int flags, ByteBuf payload) {
		return NETWORK + String.format("%02x", flags) + Vectors.text(vector, "macDest").replace(":", "")
				+ Vectors.text(vector, "macSource").replace(":", "") + Vectors.text(vector, "etherType")
				+ Vectors.hex(payload);
	}

	private static List<Rule> rules(String hex) {
		return RuleCodec.readAll(Unpooled.wrappedBuffer(Vectors.bytes(hex)), NetworkConfig.MAX_RULES);
	}

	private static List<Tag> tags(JsonNode node, Address member) {
		List<Tag> tags = new ArrayList<>();
		if (node != null) {
			node.forEach((tag) -> tags.add(new Tag(NETWORK, 1, (int) tag.get(0).asLong(), (int) tag.get(1).asLong(),
					member, NETWORK.controller(), null)));
		}
		return tags;
	}

	private static List<Capability> capabilities(JsonNode node, Address member) {
		List<Capability> capabilities = new ArrayList<>();
		if (node != null) {
			node.forEach((each) -> capabilities.add(new Capability(NETWORK, 1, each.get("id").asInt(),
					rules(Vectors.text(each, "rulesHex")), 1, List.of())));
		}
		return capabilities;
	}

	private static List<CertificateOfOwnership> owned(JsonNode node, Address member) {
		List<CertificateOfOwnership.Thing> things = strings(node).stream()
			.map((text) -> (text.contains(".") || text.contains("/"))
					? CertificateOfOwnership.Thing.of(InetPrefix.parse(text).address())
					: CertificateOfOwnership.Thing.of(MacAddress.parse(text)))
			.toList();
		return things.isEmpty() ? List.of()
				: List.of(new CertificateOfOwnership(NETWORK, 1, 0, 1, things, member, NETWORK.controller(), null));
	}

	private static List<String> strings(JsonNode node) {
		return (node != null) ? node.valueStream().map(JsonNode::asString).toList() : List.of();
	}

	@Test
	void randomMatchesAlwaysAtFullProbabilityAndHardlyEverAtNone() {
		FilteredFrame frame = new FilteredFrame().set(false, SELF.value(), PEER.value(), 1, 2, 0x0800,
				Unpooled.wrappedBuffer(new byte[20]), 0, 20, null);
		RuleEngine engine = new RuleEngine(SELF, new Random(42));
		int always = 0;
		int never = 0;
		int half = 0;
		for (int i = 0; i < 1000; i++) {
			always += accepts(engine, frame, -1);
			never += accepts(engine, frame, 0);
			half += accepts(engine, frame, 0x7fff_ffff);
		}
		assertThat(always).isEqualTo(1000);
		assertThat(never).isZero();
		assertThat(half).isBetween(400, 600);
	}

	private static int accepts(RuleEngine engine, FilteredFrame frame, int probability) {
		NetworkConfig config = NetworkConfig.builder(NETWORK, SELF)
			.rules(List.of(new Rule.RandomMatch(false, false, probability), Rule.ACCEPT, Rule.DROP))
			.build();
		return engine.filter(config, frame, new FilterResult()).isAccepted() ? 1 : 0;
	}

	@Test
	void noFrameAndNoRulesMakeTheEngineFail() {
		long seed = System.nanoTime();
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		List<byte[]> frames = Vectors.list(FILE, "cases").map((each) -> Vectors.bytes(each, "frameHex")).toList();
		List<Rule> pool = Vectors.list(FILE, "cases")
			.flatMap((each) -> rules(Vectors.text(each, "rulesHex")).stream())
			.toList();
		int[] etherTypes = { 0x0800, 0x86dd, 0x0806, 0x1234 };
		RuleEngine engine = new RuleEngine(SELF, random);
		FilterResult result = new FilterResult();
		for (int i = 0; i < 50_000; i++) {
			byte[] payload = frames.get(random.nextInt(frames.size())).clone();
			for (int flips = random.nextInt(8); flips > 0 && payload.length > 0; flips--) {
				payload[random.nextInt(payload.length)] = (byte) random.nextInt();
			}
			List<Rule> rules = new ArrayList<>();
			for (int n = random.nextInt(8); n > 0; n--) {
				rules.add(pool.get(random.nextInt(pool.size())));
			}
			NetworkConfig config = NetworkConfig.builder(NETWORK, SELF).flags(random.nextInt(32)).rules(rules).build();
			FilteredFrame frame = new FilteredFrame().set(random.nextBoolean(), SELF.value(), PEER.value(), 1, 2,
					etherTypes[random.nextInt(4)], Unpooled.wrappedBuffer(payload), 0,
					random.nextInt(payload.length + 1), null);
			assertThat(engine.filter(config, frame, result).verdict()).isNotNull();
		}
	}

	private record Peer(List<Tag> tags, List<Capability> capabilities,
			List<CertificateOfOwnership> owned) implements FilteredFrame.Remote {

		@Override
		public Tag tag(int id) {
			return this.tags.stream().filter((tag) -> tag.id() == id).findFirst().orElse(null);
		}

		@Override
		public boolean owns(byte[] address) {
			return this.owned.stream().anyMatch((each) -> each.owns(address));
		}

		@Override
		public boolean ownsMac(long mac) {
			return this.owned.stream().anyMatch((each) -> each.owns(new MacAddress(mac)));
		}

	}

}
