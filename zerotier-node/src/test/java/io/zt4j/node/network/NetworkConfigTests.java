package io.zt4j.node.network;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.credential.Credential;
import io.zt4j.node.network.credential.Verification;
import io.zt4j.node.packet.MalformedPacketException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NetworkConfigTests {

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	@TestFactory
	Stream<DynamicTest> configurationsOfTheReferenceControllerAreDecodedAndEncodedByteExact() {
		JsonNode file = Vectors.load("vl2-controller-config");
		Identity controller = Identity.parse(Vectors.text(file, "controllerSecret"));
		return Vectors.list(file, "cases")
			.filter((vector) -> vector.has("configDictionaryHex"))
			.map((vector) -> DynamicTest.dynamicTest(Vectors.text(vector, "description"), () -> {
				byte[] dictionary = Vectors.bytes(vector, "configDictionaryHex");
				NetworkConfig config = NetworkConfig.parse(dictionary);
				assertThat(text(config.toDictionary())).isEqualTo(text(dictionary));
				check(config, vector.get("config"));
				Stream<Credential> credentials = Stream
					.of(Stream.ofNullable(config.membership()), config.capabilities().stream(), config.tags().stream(),
							config.certificatesOfOwnership().stream())
					.flatMap((each) -> each);
				credentials.forEach((each) -> assertThat(each.verify(Map.of(controller.address(), controller)::get))
					.isEqualTo(Verification.GOOD));
			}));
	}

	private static void check(NetworkConfig config, JsonNode expected) {
		assertThat(config.network()).hasToString(Vectors.text(expected, "networkId"));
		assertThat(config.timestamp()).isEqualTo(expected.get("timestamp").asLong());
		assertThat(config.credentialTimeMaxDelta()).isEqualTo(expected.get("credentialTimeMaxDelta").asLong());
		assertThat(config.revision()).isEqualTo(expected.get("revision").asLong());
		assertThat(config.issuedTo()).hasToString(Vectors.text(expected, "issuedTo"));
		assertThat(config.flags()).isEqualTo(Long.parseUnsignedLong(Vectors.text(expected, "flags"), 16));
		assertThat(config.mtu()).isEqualTo(expected.get("mtu").asInt());
		assertThat(config.multicastLimit()).isEqualTo(expected.get("multicastLimit").asInt());
		assertThat(config.isPublic()).isEqualTo(expected.get("type").asInt() == 1);
		assertThat(config.name()).isEqualTo(Vectors.text(expected, "name"));
		assertThat(config.staticAddresses()).extracting(InetPrefix::toString)
			.containsExactlyElementsOf(expected.get("staticIps").valueStream().map(JsonNode::asString).toList());
		assertThat(config.rules()).hasSize(expected.get("ruleCount").asInt());
		assertThat(config.routes()).hasSize(expected.get("routes").size());
		assertThat(config.capabilities()).hasSize(expected.get("capabilities").size());
		assertThat(config.tags()).hasSize(expected.get("tags").size());
		assertThat(config.membership() != null).isEqualTo(expected.get("hasCom").asBoolean());
		assertThat(config.dns().domain()).isEqualTo(Vectors.text(expected.get("dns"), "domain"));
		assertThat(config.dns().servers()).hasSize(expected.get("dns").get("servers").size());
	}

	@Test
	void cachedConfigurationFilesAreDecodedAndEncodedByteExact() {
		Vectors.list(Vectors.load("vl2-packets"), "localCacheFiles").forEach((vector) -> {
			byte[] file = Vectors.bytes(vector, "cachedConfigFileHex");
			assertThat(text(NetworkConfig.parse(file).toDictionary())).isEqualTo(text(file));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "v", "nwid", "id" })
	void configurationsWithoutAMandatoryKeyAreRejected(String key) {
		Map<String, byte[]> entries = entries();
		entries.remove(key);
		rejected(entries);
	}

	@ParameterizedTest
	@ValueSource(strings = { "C", "COO", "RT", "I", "R", "DNS" })
	void badBytesInAListRejectTheWholeConfiguration(String key) {
		Map<String, byte[]> entries = entries();
		entries.put(key, new byte[] { 1, 9, 9, 9 });
		rejected(entries);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CAP", "TAG" })
	void badBytesInCapabilitiesAndTagsKeepWhatWasReadBefore(String key) {
		Map<String, byte[]> entries = entries();
		entries.put(key, new byte[] { 1, 9, 9, 9 });
		NetworkConfig config = NetworkConfig.parse(encode(entries));
		assertThat(config.capabilities()).isEmpty();
		assertThat(config.tags()).isEmpty();
	}

	@Test
	void valuesOutOfRangeAreClamped() {
		Map<String, byte[]> entries = entries();
		entries.put("mtu", "ffffffffffffffff".getBytes(StandardCharsets.US_ASCII));
		entries.put("ml", "ffffffffffffffff".getBytes(StandardCharsets.US_ASCII));
		entries.put("n", "é".repeat(100).getBytes(StandardCharsets.UTF_8));
		NetworkConfig config = NetworkConfig.parse(encode(entries));
		assertThat(config.mtu()).isEqualTo(NetworkConfig.MAX_MTU);
		assertThat(config.multicastLimit()).isEqualTo(Integer.MAX_VALUE);
		assertThat(config.name().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(127);
		assertThat(config.name()).startsWith("é".repeat(62));
		entries.put("mtu", "0000000000000001".getBytes(StandardCharsets.US_ASCII));
		assertThat(NetworkConfig.parse(encode(entries)).mtu()).isEqualTo(NetworkConfig.MIN_MTU);
	}

	private static Map<String, byte[]> entries() {
		Map<String, byte[]> entries = new HashMap<>();
		entries.put("v", "7".getBytes(StandardCharsets.US_ASCII));
		entries.put("nwid", "3e5c82d3a8abcdef".getBytes(StandardCharsets.US_ASCII));
		entries.put("id", "0caaf59944".getBytes(StandardCharsets.US_ASCII));
		return entries;
	}

	private static byte[] encode(Map<String, byte[]> entries) {
		Dictionary.Builder builder = Dictionary.builder(10_000);
		entries.forEach(builder::put);
		return builder.toByteArray();
	}

	private static void rejected(Map<String, byte[]> entries) {
		assertThatExceptionOfType(MalformedPacketException.class)
			.isThrownBy(() -> NetworkConfig.parse(encode(entries)));
	}

	@TestFactory
	Stream<DynamicTest> packetsOfTheReferenceAreDecodedAndEncodedByteExact() {
		return Vectors.list(Vectors.load("vl2-packets"), "scenarios")
			.flatMap((scenario) -> Vectors.list(scenario, "packets"))
			.filter((packet) -> switch (Vectors.text(packet, "verbName")) {
				case "NETWORK_CONFIG_REQUEST", "NETWORK_CREDENTIALS", "NETWORK_CONFIG" -> true;
				case "OK", "ERROR" -> packet.get("fields").get("inReVerb").asInt() == 0x0b;
				default -> false;
			})
			.map((packet) -> DynamicTest.dynamicTest(Vectors.text(packet, "description"), () -> packet(packet)));
	}

	private static void packet(JsonNode packet) {
		JsonNode fields = packet.get("fields");
		ByteBuf in = Vectors.buffer(packet, "payloadHex");
		ByteBuf out = Unpooled.buffer();
		switch (Vectors.text(packet, "verbName")) {
			case "NETWORK_CONFIG_REQUEST" -> {
				NetworkConfigRequest request = NetworkConfigRequest.read(in);
				request.write(out);
				assertThat(Vectors.hex(out)).isEqualTo(Vectors.text(packet, "payloadHex"));
				assertThat(request.network()).hasToString(Vectors.text(fields, "networkId"));
				assertThat(request.revision()).isEqualTo(fields.get("haveRevision").asLong());
				assertThat(request.timestamp()).isEqualTo(fields.get("haveTimestamp").asLong());
				RequestMetadata metadata = RequestMetadata.read(Dictionary.parse(request.metadata()));
				assertThat(metadata.toDictionary()).isEqualTo(request.metadata());
				assertThat(metadata).isEqualTo(RequestMetadata.of(12, 1, 14, 1, "linux/x86_64"));
			}
			case "NETWORK_CREDENTIALS" -> {
				NetworkCredentials credentials = NetworkCredentials.read(in);
				assertThat(credentials.memberships()).hasSize(fields.get("com").asInt());
				assertThat(credentials.capabilities()).hasSize(fields.get("cap").asInt());
				assertThat(credentials.tags()).hasSize(fields.get("tag").asInt());
				assertThat(credentials.revocations()).hasSize(fields.get("rev").asInt());
				assertThat(credentials.certificatesOfOwnership()).hasSize(fields.get("coo").asInt());
				credentials.write(out);
				assertThat(Vectors.hex(out)).isEqualTo(Vectors.text(packet, "payloadHex"));
			}
			case "ERROR" -> {
				in.skipBytes(10 + 8);
				if (fields.has("data")) {
					byte[] data = new byte[in.readUnsignedShort()];
					in.readBytes(data);
					assertThat(text(data)).isEqualTo(Vectors.text(fields, "data"));
					assertThat(SingleSignOn.ofError(Dictionary.parse(data)).authenticationUrl()).isEmpty();
				}
				assertThat(in.isReadable()).isFalse();
			}
			default -> {
				in.skipBytes(Vectors.text(packet, "verbName").equals("OK") ? 9 : 0);
				ConfigChunk chunk = ConfigChunk.read(in, 1);
				assertThat(chunk.network()).hasToString(Vectors.text(fields, "networkId"));
				assertThat(Long.toHexString(chunk.updateId()))
					.isEqualTo(Vectors.text(fields, "updateId").replaceFirst("^0+", ""));
				assertThat(chunk.totalLength()).isEqualTo(fields.get("totalLength").asLong());
				byte[] data = chunk.data();
				assertThat(text(NetworkConfig.parse(data).toDictionary())).isEqualTo(text(data));
			}
		}
	}

}
