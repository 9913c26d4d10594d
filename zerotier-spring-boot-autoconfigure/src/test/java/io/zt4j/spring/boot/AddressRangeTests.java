package io.zt4j.spring.boot;

import java.net.InetAddress;
import java.util.List;

import io.netty.util.NetUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AddressRange}.
 */
class AddressRangeTests {

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/24,10.0.0.1,10.0.0.254", "10.0.0.7/24,10.0.0.1,10.0.0.254", "10.0.0.4/31,10.0.0.4,10.0.0.5",
			"10.0.0.4/32,10.0.0.4,10.0.0.4", "255.255.255.0/24,255.255.255.1,255.255.255.254",
			"10.0.0.5-10.0.1.7,10.0.0.5,10.0.1.7", "fd00::/126,fd00:0:0:0:0:0:0:1,fd00:0:0:0:0:0:0:2" })
	void rangesAndSubnetsAreParsed(String text, String start, String end) {
		AddressRange range = AddressRange.parse(text);
		assertThat(range.start().getHostAddress()).isEqualTo(start);
		assertThat(range.end().getHostAddress()).isEqualTo(end);
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.9-10.0.0.1", "10.0.0.1-fd00::1", "a-b", "10.0.0.1", "" })
	void malformedRangesAreRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
	}

	@Test
	void addressesAreCutOut() {
		assertThat(AddressRange.parse("10.0.0.1-10.0.0.9")
			.without(addresses("10.0.0.9", "10.0.0.5", "10.0.0.1", "10.0.0.5", "10.0.1.0", "fd00::1")))
			.containsExactly(AddressRange.parse("10.0.0.2-10.0.0.4"), AddressRange.parse("10.0.0.6-10.0.0.8"));
		assertThat(AddressRange.parse("10.0.0.1-10.0.0.1").without(addresses("10.0.0.1"))).isEmpty();
	}

	private static List<InetAddress> addresses(String... texts) {
		return List.of(texts).stream().map(NetUtil::createInetAddressFromIpAddressString).toList();
	}

}
