package io.zt4j.node.network;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.rule.RuleCodec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class AdHocNetworksTests {

	@TestFactory
	Stream<DynamicTest> membersConfigureThemselves() {
		JsonNode file = Vectors.load("vl2-adhoc");
		Address self = Identity.parse(Vectors.text(file, "nodePublic")).address();
		return Vectors.list(file, "cases")
			.map((vector) -> DynamicTest.dynamicTest(Vectors.text(vector, "description"), () -> {
				NetworkId network = NetworkId.parse(Vectors.text(vector, "networkId"));
				assertThat(network.isAdHoc()).isTrue();
				assertThat(MacAddress.of(self, network)).hasToString(Vectors.text(vector, "mac"));
				if (!vector.get("hasConfig").asBoolean()) {
					assertThat(AdHocNetworks.configure(network, self, 1)).isNull();
					assertThat(AdHocNetworks.form(network)).isEqualTo((vector.get("status").asInt() == 3)
							? AdHocNetworks.Form.INVALID_RANGE : AdHocNetworks.Form.UNKNOWN);
					return;
				}
				byte[] expected = Vectors.bytes(vector, "configDictionaryHex");
				long now = Dictionary.parse(expected).getLong("ts", 0);
				NetworkConfig config = AdHocNetworks.configure(network, self, now);
				assertThat(config).isNotNull();
				assertThat(new String(config.toDictionary(), StandardCharsets.ISO_8859_1))
					.isEqualTo(new String(expected, StandardCharsets.ISO_8859_1));
				assertThat(NetworkConfig.parse(expected)).isEqualTo(config);
				assertThat(config.name()).isEqualTo(Vectors.text(vector, "name"));
				assertThat(config.staticAddresses()).extracting(InetPrefix::toString)
					.containsExactlyElementsOf(vector.get("staticIps").valueStream().map(JsonNode::asString).toList());
				var rules = Unpooled.buffer();
				RuleCodec.write(rules, config.rules());
				assertThat(Vectors.hex(rules)).isEqualTo(Vectors.text(vector, "rulesHex"));
			}));
	}

}
