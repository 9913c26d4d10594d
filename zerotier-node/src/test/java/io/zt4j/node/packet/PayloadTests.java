package io.zt4j.node.packet;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.world.World;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the payload records of the smaller verbs, on what reference nodes sent each
 * other.
 */
class PayloadTests {

	@Test
	void whoisAndItsAnswer() {
		assertThat(sent("WHOIS")).isNotEmpty().allSatisfy((payload) -> {
			Whois whois = Whois.read(buffer(payload));
			assertThat(whois.addresses()).hasSize(1);
			assertThat(written(whois::write)).isEqualTo(payload);
		});
		assertThat(sent("OK").stream().filter((payload) -> payload.startsWith("04"))).isNotEmpty()
			.allSatisfy((payload) -> {
				ByteBuf in = buffer(payload);
				assertThat(OkHeader.read(in).inReVerb()).isEqualTo(Verb.WHOIS);
				List<Identity> identities = Whois.readOk(in);
				assertThat(identities).hasSize(1);
				assertThat(identities.get(0).isValid()).isTrue();
			});
	}

	@Test
	void trailingBytesOfAWhoisAreIgnored() {
		assertThat(Whois.read(buffer("0102030405aabbccdd")).addresses()).containsExactly(new Address(0x0102030405L));
		assertThat(Whois.read(buffer("01020304050607080900")).addresses()).hasSize(2);
	}

	@Test
	void rendezvous() {
		assertThat(sent("RENDEZVOUS")).isNotEmpty().allSatisfy((payload) -> {
			Rendezvous rendezvous = Rendezvous.read(buffer(payload));
			assertThat(rendezvous.endpoint().getPort()).isEqualTo(9993);
			assertThat(written(rendezvous::write)).isEqualTo(payload);
		});
		Rendezvous ipv6 = new Rendezvous(new Address(5), InetAddressCodec.parse("2001:db8::1/80"));
		assertThat(Rendezvous.read(buffer(written(ipv6::write)))).isEqualTo(ipv6);
		assertThatExceptionOfType(MalformedPacketException.class)
			.isThrownBy(() -> Rendezvous.read(buffer("00" + "0102030405" + "0000" + "04" + "01020304")));
		assertThatExceptionOfType(MalformedPacketException.class)
			.isThrownBy(() -> Rendezvous.read(buffer("00" + "0102030405" + "2709" + "05" + "0102030405")));
	}

	@Test
	void pushDirectPaths() {
		assertThat(sent("PUSH_DIRECT_PATHS")).isNotEmpty().allSatisfy((payload) -> {
			PushDirectPaths push = PushDirectPaths.read(buffer(payload));
			assertThat(push.paths()).isNotEmpty();
			assertThat(written(push::write)).isEqualTo(payload);
		});
	}

	@Test
	void recordsOfUnknownTypesAndAttributesAreSkippedAndTruncationEndsTheList() {
		String unknown = "00" + "0000" + "07" + "03" + "aabbcc";
		String attributes = "02" + "0002" + "ffff" + "04" + "06" + "0a000001" + "2709";
		String forget = "01" + "0000" + "04" + "06" + "0a000002" + "2709";
		PushDirectPaths push = PushDirectPaths
			.read(buffer("0004" + unknown + attributes + forget + "00" + "0000" + "04" + "06" + "0a00"));
		assertThat(push.paths()).hasSize(2);
		assertThat(push.paths().get(0).endpoint()).isEqualTo(InetAddressCodec.parse("10.0.0.1/9993"));
		assertThat(push.paths().get(0).isClusterRedirect()).isTrue();
		assertThat(push.paths().get(0).isForget()).isFalse();
		assertThat(push.paths().get(1).isForget()).isTrue();
		assertThat(PushDirectPaths.read(buffer("ffff")).paths()).isEmpty();
	}

	@Test
	void manyPathsAreDistributedOverPacketsBelow1200Bytes() {
		List<InetSocketAddress> endpoints = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			endpoints.add(InetAddressCodec.parse(((i % 3 == 0) ? "10.0.0.1/" : "2001:db8::1/") + (i + 1)));
		}
		List<PushDirectPaths> packets = PushDirectPaths.of(endpoints);
		assertThat(packets).hasSizeGreaterThan(1)
			.allSatisfy((push) -> assertThat(28 + written(push::write).length() / 2).isLessThan(1200));
		assertThat(packets.stream().flatMap((push) -> push.paths().stream()).map((path) -> path.endpoint()))
			.isEqualTo(endpoints);
		assertThat(PushDirectPaths.of(List.of())).isEmpty();
	}

	@Test
	void errorsNameVerbPacketAndCode() {
		String error = written((out) -> ErrorHeader.write(out, Verb.NETWORK_CONFIG_REQUEST, 0x1122334455667788L,
				ErrorCode.UNSUPPORTED_OPERATION));
		assertThat(error).isEqualTo("0b" + "1122334455667788" + "05");
		assertThat(ErrorHeader.read(buffer(error))).isEqualTo(
				new ErrorHeader(Verb.NETWORK_CONFIG_REQUEST, 0x1122334455667788L, ErrorCode.UNSUPPORTED_OPERATION));
		assertThat(ErrorHeader.read(buffer("0f" + "1122334455667788" + "99")))
			.isEqualTo(new ErrorHeader(null, 0x1122334455667788L, null));
	}

	@Test
	void userMessages() {
		assertThat(sent("USER_MESSAGE")).isNotEmpty()
			.allSatisfy((payload) -> assertThat(written(UserMessage.read(buffer(payload))::write)).isEqualTo(payload));
	}

	@Test
	void rootsOfTheDefaultPlanetMayAnswerAWhoisTogether() {
		ByteBuf out = Unpooled.buffer();
		World.defaultPlanet().roots().forEach((root) -> root.identity().write(out));
		assertThat(Whois.readOk(out)).hasSize(4);
	}

	private static List<String> sent(String verb) {
		Stream<JsonNode> datagrams = Vectors.list(Vectors.load("vl1-session"), "datagrams");
		return datagrams.map((datagram) -> datagram.get("decoded"))
			.filter((decoded) -> decoded.path("verb").asString("").equals(verb) && decoded.has("payload"))
			.filter((decoded) -> !decoded.get("compressed").asBoolean())
			.map((decoded) -> Vectors.text(decoded, "payload"))
			.toList();
	}

	private static ByteBuf buffer(String hex) {
		return Unpooled.wrappedBuffer(Vectors.bytes(hex));
	}

	private static String written(Consumer<ByteBuf> writer) {
		ByteBuf out = Unpooled.buffer();
		writer.accept(out);
		return Vectors.hex(out);
	}

}
