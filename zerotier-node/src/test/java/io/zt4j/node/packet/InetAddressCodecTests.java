package io.zt4j.node.packet;

import java.net.InetSocketAddress;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link InetAddressCodec} and {@link IpScope}.
 */
class InetAddressCodecTests {

	@TestFactory
	Stream<DynamicTest> endpointsAreThoseOfTheReferenceOnTheWireAndInText() {
		return Vectors.tests("vl1-inetaddress", "cases", (node) -> {
			String text = Vectors.text(node, "text");
			InetSocketAddress endpoint = text.isEmpty() ? null : InetAddressCodec.parse(text);
			ByteBuf buffer = Unpooled.buffer();
			InetAddressCodec.write(buffer, endpoint);
			assertThat(Vectors.hex(buffer)).isEqualTo(Vectors.text(node, "binary"));
			assertThat(InetAddressCodec.read(buffer)).isEqualTo(endpoint);
			assertThat(buffer.isReadable()).isFalse();
			if (endpoint != null) {
				assertThat(InetAddressCodec.format(endpoint)).isEqualTo(text);
			}
		});
	}

	@TestFactory
	Stream<DynamicTest> otherFormsAreSkippedOrRefusedAsTheReferenceDoes() {
		return Vectors.tests("vl1-inetaddress", "parse_cases", (node) -> {
			ByteBuf in = Vectors.buffer(node, "binary");
			// the reference reads past the end here; a bounds check refuses it
			boolean readsPastEnd = node.path("consumed").asInt() > in.readableBytes();
			if (node.get("parses").asBoolean() && !readsPastEnd) {
				InetSocketAddress endpoint = InetAddressCodec.read(in);
				assertThat(endpoint == null).isEqualTo(node.get("nil").asBoolean());
				assertThat((endpoint != null) ? InetAddressCodec.format(endpoint) : "")
					.isEqualTo(Vectors.text(node, "text"));
				assertThat(in.readerIndex()).isEqualTo(node.get("consumed").asInt());
			}
			else {
				assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> InetAddressCodec.read(in))
					.isInstanceOfAny(MalformedPacketException.class, IndexOutOfBoundsException.class);
			}
		});
	}

	@Test
	void scopesAndUsabilityAreThoseOfTheReference() {
		Vectors.list(Vectors.load("vl1-inetaddress"), "scopes").forEach((node) -> {
			InetSocketAddress endpoint = InetAddressCodec.parse(Vectors.text(node, "ip") + "/1");
			IpScope scope = IpScope.of(endpoint.getAddress());
			assertThat(scope).as("%s", node).hasToString(Vectors.text(node, "scope_name"));
			assertThat(scope.value()).isEqualTo(node.get("scope").asInt());
			assertThat(IpScope.isUsable(endpoint.getAddress())).as("%s", node)
				.isEqualTo(node.get("valid_for_path").asBoolean());
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "1.2.3.4", "1.2.3.4/", "1.2.3.4/65536", "1.2.3.4/-1", "1.2.3.4/1/2", "1.2.3/9993",
			"localhost/9993", "2001:db8::1", "1.2.3.4:9993", "1.2.3.4/٣" })
	void textThatIsNoEndpointIsRefusedWithAnExample(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> InetAddressCodec.parse(text))
			.withMessageContaining("192.0.2.10/9993");
	}

	@Test
	void unresolvedEndpointsAreRefused() {
		InetSocketAddress endpoint = InetSocketAddress.createUnresolved("example.org", 1);
		assertThatIllegalArgumentException().isThrownBy(() -> InetAddressCodec.write(Unpooled.buffer(), endpoint));
		assertThatIllegalArgumentException().isThrownBy(() -> InetAddressCodec.format(endpoint));
	}

}
