package io.zt4j.node.network;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import io.zt4j.node.network.credential.Credential;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.network.rule.RuleCodec;
import io.zt4j.node.packet.MalformedPacketException;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Parsers of VL2 fed with anything: they read it or refuse it, and what was read survives
 * being written and read again. Seeded with the vectors, which is all an ordinary test
 * run uses; {@code JAZZER_FUZZ=1} starts the fuzzer.
 */
class NetworkFuzzTests {

	private static final Identity CONTROLLER = Identity
		.parse(Vectors.text(Vectors.load("vl2-netconf-chunks"), "controllerSecret"));

	private static Stream<byte[]> credentials(String field) {
		return Vectors.list(Vectors.load("vl2-credentials"), field).map((each) -> Vectors.bytes(each, "binaryHex"));
	}

	static Stream<byte[]> memberships() {
		return credentials("coms");
	}

	static Stream<byte[]> capabilities() {
		return credentials("capabilities");
	}

	static Stream<byte[]> tags() {
		return credentials("tags");
	}

	static Stream<byte[]> ownerships() {
		return credentials("certificatesOfOwnership");
	}

	static Stream<byte[]> revocations() {
		return credentials("revocations");
	}

	static Stream<byte[]> rules() {
		return Vectors.cases("vl2-rules").map((each) -> Vectors.bytes(each, "rulesHex"));
	}

	static Stream<byte[]> dictionaries() {
		return Vectors.list(Vectors.load("vl2-dictionary"), "decode").map((each) -> Vectors.bytes(each, "dictHex"));
	}

	static Stream<byte[]> configurations() {
		return Vectors.cases("vl2-controller-config")
			.filter((each) -> each.has("configDictionaryHex"))
			.map((each) -> Vectors.bytes(each, "configDictionaryHex"));
	}

	static Stream<byte[]> chunks() {
		return Vectors.list(Vectors.load("vl2-netconf-chunks"), "chunks")
			.map((each) -> Vectors.bytes(each, "payloadHex"));
	}

	private static Stream<byte[]> packets(String verb) {
		return Vectors.list(Vectors.load("vl2-packets"), "scenarios")
			.flatMap((scenario) -> Vectors.list(scenario, "packets"))
			.filter((packet) -> verb.equals(Vectors.text(packet, "verbName")))
			.map((packet) -> Vectors.bytes(packet, "payloadHex"));
	}

	static Stream<byte[]> requests() {
		return packets("NETWORK_CONFIG_REQUEST");
	}

	static Stream<byte[]> credentialPackets() {
		return packets("NETWORK_CREDENTIALS");
	}

	private static void credential(byte[] data, Function<ByteBuf, Credential> reader) {
		try {
			Credential credential = reader.apply(Unpooled.wrappedBuffer(data));
			byte[] written = credential.toByteArray();
			assertThat(reader.apply(Unpooled.wrappedBuffer(written)).toByteArray()).isEqualTo(written);
			credential.network();
			credential.timestamp();
			credential.issuedTo();
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			assertThat(ex).isNotNull();
		}
	}

	@MethodSource("memberships")
	@FuzzTest
	void membership(byte[] data) {
		credential(data, CertificateOfMembership::read);
	}

	@MethodSource("capabilities")
	@FuzzTest
	void capability(byte[] data) {
		credential(data, Capability::read);
	}

	@MethodSource("tags")
	@FuzzTest
	void tag(byte[] data) {
		credential(data, Tag::read);
	}

	@MethodSource("ownerships")
	@FuzzTest
	void ownership(byte[] data) {
		credential(data, CertificateOfOwnership::read);
	}

	@MethodSource("revocations")
	@FuzzTest
	void revocation(byte[] data) {
		credential(data, Revocation::read);
	}

	@MethodSource("rules")
	@FuzzTest
	void rules(byte[] data) {
		try {
			List<Rule> rules = RuleCodec.readAll(Unpooled.wrappedBuffer(data), NetworkConfig.MAX_RULES);
			ByteBuf out = Unpooled.buffer();
			RuleCodec.write(out, rules);
			assertThat(RuleCodec.readAll(out, NetworkConfig.MAX_RULES)).isEqualTo(rules);
		}
		catch (IndexOutOfBoundsException ex) {
			assertThat(data).isNotEmpty();
		}
	}

	@MethodSource("dictionaries")
	@FuzzTest
	void dictionary(byte[] data) {
		Dictionary dictionary = Dictionary.parse(data);
		for (String key : dictionary.keys()) {
			dictionary.getLong(key, 0);
			dictionary.getBoolean(key, false);
			assertThat(dictionary.get(key)).isNotNull();
		}
		RequestMetadata.read(dictionary);
		SingleSignOn.ofError(dictionary);
	}

	@MethodSource("configurations")
	@FuzzTest
	void configuration(byte[] data) {
		try {
			NetworkConfig config = NetworkConfig.parse(data);
			byte[] written = config.toDictionary();
			assertThat(NetworkConfig.parse(written).toDictionary()).isEqualTo(written);
		}
		catch (MalformedPacketException ex) {
			assertThat(ex.getMessage()).isNotEmpty();
		}
	}

	@MethodSource("chunks")
	@FuzzTest
	void chunk(byte[] data) {
		try {
			ConfigChunk chunk = ConfigChunk.read(Unpooled.wrappedBuffer(data), 1);
			assertThat(new ConfigAssembler().offer(chunk, CONTROLLER, CONTROLLER.address())).isNotNull();
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			assertThat(ex).isNotNull();
		}
	}

	@MethodSource("requests")
	@FuzzTest
	void request(byte[] data) {
		try {
			NetworkConfigRequest request = NetworkConfigRequest.read(Unpooled.wrappedBuffer(data));
			assertThat(request.metadata().length).isLessThan(Dictionary.METADATA_CAPACITY);
			RequestMetadata.read(Dictionary.parse(request.metadata()));
		}
		catch (IndexOutOfBoundsException ex) {
			assertThat(ex).isNotNull();
		}
	}

	@MethodSource("credentialPackets")
	@FuzzTest
	void credentials(byte[] data) {
		try {
			NetworkCredentials credentials = NetworkCredentials.read(Unpooled.wrappedBuffer(data));
			ByteBuf out = Unpooled.buffer();
			credentials.write(out);
			// signatures of unknown kinds become zeros, so it is the bytes that last
			ByteBuf again = Unpooled.buffer();
			NetworkCredentials.read(out.duplicate()).write(again);
			assertThat(again).isEqualTo(out);
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			assertThat(ex).isNotNull();
		}
	}

}
