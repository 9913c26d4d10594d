package io.zt4j.node.network;

import java.net.InetAddress;
import java.util.Random;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.MalformedPacketException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AddressesTests {

	private static final JsonNode FILE = Vectors.load("vl2-addresses");

	@TestFactory
	Stream<DynamicTest> macAddressesAreDerivedFromMemberAndNetworkAndBack() {
		return Vectors.list(FILE, "mac")
			.map((vector) -> DynamicTest.dynamicTest(Vectors.text(vector, "description"), () -> {
				NetworkId network = NetworkId.parse(Vectors.text(vector, "networkId"));
				Address member = Address.parse(Vectors.text(vector, "address"));
				MacAddress mac = MacAddress.of(member, network);
				assertThat(mac).hasToString(Vectors.text(vector, "mac"));
				assertThat(MacAddress.parse(Vectors.text(vector, "mac"))).isEqualTo(mac);
				assertThat(mac.address(network)).hasToString(Vectors.text(vector, "reverseAddress"));
				assertThat(mac.isMemberOf(network)).isTrue();
				assertThat(MacAddress.firstOctet(network))
					.isEqualTo(Integer.parseInt(Vectors.text(vector, "firstOctet"), 16));
				assertThat(AddressSchemes.linkLocal(mac))
					.hasToString(Vectors.text(vector, "ipv6LinkLocalFromMac") + "/64");
			}));
	}

	@TestFactory
	Stream<DynamicTest> addressesAreResolvedInTheirGroups() {
		return Vectors.list(FILE, "addressResolutionGroups")
			.map((vector) -> DynamicTest.dynamicTest(Vectors.text(vector, "description"), () -> {
				InetPrefix ip = InetPrefix.parse(Vectors.text(vector, "ip"));
				MulticastGroup group = MulticastGroup.resolving(ip.address());
				assertThat(group.mac()).hasToString(Vectors.text(vector, "mac"));
				assertThat(group.adi()).isEqualTo(Integer.parseUnsignedInt(Vectors.text(vector, "adi"), 16));
				ByteBuf buffer = Unpooled.buffer();
				group.write(buffer);
				assertThat(buffer.readableBytes()).isEqualTo(MulticastGroup.LENGTH);
				assertThat(MulticastGroup.read(buffer)).isEqualTo(group);
			}));
	}

	@TestFactory
	Stream<DynamicTest> computedAddressesNameTheirMember() {
		return Vectors.list(FILE, "sixplaneAndRfc4193")
			.map((vector) -> DynamicTest.dynamicTest(Vectors.text(vector, "description"), () -> {
				NetworkId network = NetworkId.parse(Vectors.text(vector, "networkId"));
				Address member = Address.parse(Vectors.text(vector, "address"));
				InetPrefix sixPlane = AddressSchemes.sixPlane(network, member);
				InetPrefix rfc4193 = AddressSchemes.rfc4193(network, member);
				assertThat(Vectors.hex(sixPlane.address().getAddress())).isEqualTo(Vectors.text(vector, "sixplaneHex"));
				assertThat(sixPlane).isEqualTo(InetPrefix.parse(Vectors.text(vector, "sixplane")));
				assertThat(sixPlane).hasToString(Vectors.text(vector, "sixplane"));
				assertThat(Vectors.hex(rfc4193.address().getAddress())).isEqualTo(Vectors.text(vector, "rfc4193Hex"));
				assertThat(rfc4193).hasToString(Vectors.text(vector, "rfc4193"));
				assertThat(AddressSchemes.memberOfSixPlane(network, sixPlane.address())).isEqualTo(member);
				assertThat(AddressSchemes.memberOfRfc4193(network, rfc4193.address())).isEqualTo(member);
				assertThat(AddressSchemes.memberOfRfc4193(network, sixPlane.address())).isNull();
				assertThat(AddressSchemes.memberOfSixPlane(network, rfc4193.address())).isNull();
			}));
	}

	@Test
	void everyMemberOfEveryNetworkHasItsMacAddress() {
		long seed = System.nanoTime();
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		for (int i = 0; i < 10_000; i++) {
			NetworkId network = new NetworkId(random.nextLong());
			Address member = new Address(random.nextLong() >>> 24);
			MacAddress mac = MacAddress.of(member, network);
			assertThat(mac.address(network)).isEqualTo(member);
			assertThat(mac.isMulticast()).isFalse();
			assertThat(mac.value() >>> 40).isNotEqualTo(0x52L);
			assertThat(MacAddress.parse(mac.toString())).isEqualTo(mac);
		}
	}

	@Test
	void prefixesKnowWhatTheyContain() throws Exception {
		InetPrefix prefix = InetPrefix.parse("10.147.20.77/22");
		assertThat(prefix.contains(InetAddress.getByName("10.147.23.255"))).isTrue();
		assertThat(prefix.contains(InetAddress.getByName("10.147.24.0"))).isFalse();
		assertThat(prefix.contains(InetAddress.getByName("fd00::1"))).isFalse();
		assertThat(prefix.network()).hasToString("10.147.20.0/22");
		assertThat(InetPrefix.parse("0.0.0.0/0").contains(InetAddress.getByName("255.1.2.3"))).isTrue();
		assertThat(InetPrefix.parse("fd00::/9").contains(InetAddress.getByName("fd7f::1"))).isTrue();
		assertThat(InetPrefix.parse("fd00::/9").contains(InetAddress.getByName("fd80::1"))).isFalse();
		assertThat(InetPrefix.parse("::ffff:10.0.0.1/128").isIpv6()).isTrue();
	}

	@Test
	void mistakesInPrefixesSayWhatToWrite() {
		assertThatIllegalArgumentException().isThrownBy(() -> InetPrefix.parse("10.0.0.0/33"))
			.withMessageContaining("0..32");
		assertThatIllegalArgumentException().isThrownBy(() -> InetPrefix.parse("10.0.0/8"))
			.withMessageContaining("10.0.0");
		assertThatIllegalArgumentException().isThrownBy(() -> InetPrefix.parse("10.0.0.0/x"))
			.withMessageContaining("10.147.20.0/24");
		assertThatIllegalArgumentException().isThrownBy(() -> InetPrefix.parse("example.com/8"))
			.withMessageContaining("example.com");
		assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.parse("02:3e"))
			.withMessageContaining("six hex octets");
	}

	@Test
	void impossiblePrefixLengthsAreMalformed() {
		ByteBuf buffer = Unpooled.wrappedBuffer(Vectors.bytes("040a0000010021"));
		assertThatThrownBy(() -> InetPrefix.read(buffer)).isInstanceOf(MalformedPacketException.class);
	}

}
