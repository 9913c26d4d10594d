package io.zt4j.spring.boot;

import java.net.InetAddress;

import io.netty.util.NetUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Subnet}.
 */
class SubnetTests {

	@ParameterizedTest
	@CsvSource({ "10.147.17.0/24,10.147.17.255,true", "10.147.17.0/24,10.147.18.0,false", "0.0.0.0/0,192.0.2.1,true",
			"192.0.2.1/32,192.0.2.1,true", "192.0.2.1/32,192.0.2.2,false", "fd00::/8,fdff::1,true",
			"fd00::/8,fe80::1,false", "0.0.0.0/0,::1,false", "::/0,10.0.0.1,false" })
	void containsAddressesWithTheSameFirstBits(String subnet, String address, boolean expected) {
		InetAddress parsed = NetUtil.createInetAddressFromIpAddressString(address);
		assertThat(Subnet.parse(subnet).contains(parsed)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "example.org/8", "::/129" })
	void malformedTextIsRefusedWithAnExample(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Subnet.parse(text))
			.withMessageContaining("10.147.17.0/24");
	}

	@Test
	void addressInsideTheSubnetNamesIt() {
		assertThat(Subnet.parse("10.147.17.9/24").contains(Subnet.parse("10.147.17.0/24").address())).isTrue();
	}

}
