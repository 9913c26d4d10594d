package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.MalformedPacketException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigChunkTests {

	private static final JsonNode FILE = Vectors.load("vl2-netconf-chunks");

	private static final Identity CONTROLLER = Identity.parse(Vectors.text(FILE, "controllerSecret"));

	private static final Identity NODE = Identity.parse(Vectors.text(FILE, "nodeSecret"));

	private static final NetworkId NETWORK = NetworkId.parse(Vectors.text(FILE, "networkId"));

	@Test
	void dictionariesAreSplitAndSignedAsTheReferenceDoes() {
		byte[] dictionary = Vectors.bytes(FILE, "assembledDictionaryHex");
		long updateId = Long.parseUnsignedLong(Vectors.text(FILE.get("chunks").get(0), "updateId"), 16);
		List<byte[]> chunks = ConfigChunk.split(NETWORK, dictionary, updateId, 0, CONTROLLER);
		assertThat(chunks.stream().map(Vectors::hex)).containsExactlyElementsOf(
				Vectors.list(FILE, "chunks").map((each) -> Vectors.text(each, "payloadHex")).toList());
	}

	@Test
	void assembledConfigurationsAreDecodedAndEncodedByteExact() {
		byte[] dictionary = Vectors.bytes(FILE, "assembledDictionaryHex");
		NetworkConfig config = NetworkConfig.parse(dictionary);
		assertThat(config.issuedTo()).isEqualTo(NODE.address());
		assertThat(Vectors.hex(config.toDictionary())).isEqualTo(Vectors.hex(dictionary));
	}

	@TestFactory
	Stream<DynamicTest> chunksAreDeliveredInAnyOrderFromAnybody() {
		return Vectors.list(FILE, "deliveryCases")
			.map((vector) -> DynamicTest.dynamicTest(Vectors.text(vector, "description"), () -> deliver(vector)));
	}

	private static void deliver(JsonNode vector) {
		ConfigAssembler assembler = new ConfigAssembler();
		NetworkConfig applied = null;
		long packetId = 0x3ff;
		for (JsonNode delivery : vector.get("deliveries")) {
			String hex = delivery.has("payloadHex") ? Vectors.text(delivery, "payloadHex")
					: Vectors.text(FILE.get("chunks").get(delivery.get("chunk").asInt()), "payloadHex");
			long reported = 0;
			try {
				ConfigChunk chunk = ConfigChunk.read(Unpooled.wrappedBuffer(Vectors.bytes(hex)), packetId);
				ConfigAssembler.Outcome outcome = assembler.offer(chunk, CONTROLLER,
						Address.parse(Vectors.text(delivery, "from")));
				if (outcome == ConfigAssembler.Outcome.COMPLETE) {
					NetworkConfig config = NetworkConfig.parse(assembler.takeComplete());
					reported = chunk.updateId();
					if (config.network().equals(NETWORK) && config.issuedTo().equals(NODE.address())) {
						applied = config;
					}
				}
			}
			catch (MalformedPacketException | IndexOutOfBoundsException ex) {
				assertThat(delivery.has("error") || !vector.get("hasConfigAfter").asBoolean()).isTrue();
			}
			assertThat(Long.toHexString(reported))
				.isEqualTo(Vectors.text(delivery, "updateId").replaceFirst("^0{1,15}", ""));
		}
		assertThat(applied != null).isEqualTo(vector.get("hasConfigAfter").asBoolean());
		if (vector.has("nameAfter")) {
			assertThat(applied.name()).isEqualTo(Vectors.text(vector, "nameAfter"));
		}
	}

	@Test
	void theFastPropagateFlagIsSignedAndSeen() {
		ConfigChunk chunk = ConfigChunk.read(Vectors.buffer(FILE.get("fastPropagate"), "payloadHex"), 1);
		assertThat(chunk.isFastPropagate()).isTrue();
		assertThat(chunk.verify(CONTROLLER)).isTrue();
		assertThat(chunk.verify(NODE)).isFalse();
	}

	@Test
	void withoutTheControllersIdentityNothingIsTaken() {
		ConfigAssembler assembler = new ConfigAssembler();
		ConfigChunk chunk = ConfigChunk.read(Vectors.buffer(FILE.get("fastPropagate"), "payloadHex"), 1);
		assertThat(assembler.offer(chunk, null, CONTROLLER.address()))
			.isEqualTo(ConfigAssembler.Outcome.UNKNOWN_CONTROLLER);
		assertThat(assembler.offer(chunk, CONTROLLER, CONTROLLER.address()))
			.isEqualTo(ConfigAssembler.Outcome.COMPLETE);
		assertThat(assembler.offer(chunk, CONTROLLER, CONTROLLER.address()))
			.isEqualTo(ConfigAssembler.Outcome.DUPLICATE);
	}

	@Test
	void dictionariesOfAnySizeSurviveSplittingAndShuffling() {
		long seed = System.nanoTime();
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		for (int length : new int[] { 1, ConfigChunk.MAX_DATA_LENGTH, ConfigChunk.MAX_DATA_LENGTH + 1, 50_000 }) {
			byte[] dictionary = new byte[length];
			random.nextBytes(dictionary);
			List<byte[]> chunks = new ArrayList<>(
					ConfigChunk.split(NETWORK, dictionary, 1 + random.nextInt(), 0, CONTROLLER));
			Collections.shuffle(chunks, random);
			ConfigAssembler assembler = new ConfigAssembler();
			ConfigAssembler.Outcome last = null;
			for (byte[] chunk : chunks) {
				last = assembler.offer(ConfigChunk.read(Unpooled.wrappedBuffer(chunk), 1), CONTROLLER, NODE.address());
			}
			assertThat(last).isEqualTo(ConfigAssembler.Outcome.COMPLETE);
			assertThat(assembler.takeComplete()).isEqualTo(dictionary);
		}
	}

	@Test
	void noAlteredChunkIsTaken() {
		long seed = System.nanoTime();
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		byte[] good = Vectors.bytes(FILE.get("fastPropagate"), "payloadHex");
		for (int i = 0; i < 100; i++) {
			ByteBuf bad = Unpooled.copiedBuffer(good);
			int at = random.nextInt(good.length);
			bad.setByte(at, good[at] ^ 1 << random.nextInt(8));
			try {
				assertThat(new ConfigAssembler().offer(ConfigChunk.read(bad, 1), CONTROLLER, NODE.address()))
					.isIn(ConfigAssembler.Outcome.FORGED, ConfigAssembler.Outcome.MALFORMED);
			}
			catch (MalformedPacketException | IndexOutOfBoundsException ex) {
				assertThat(at).isPositive();
			}
		}
	}

}
