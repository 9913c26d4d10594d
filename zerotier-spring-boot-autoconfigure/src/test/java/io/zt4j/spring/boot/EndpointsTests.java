package io.zt4j.spring.boot;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Endpoints}.
 */
class EndpointsTests {

	@ParameterizedTest
	@CsvSource({ "192.0.2.1:4000,192.0.2.1,4000", "192.0.2.1,192.0.2.1,9993",
			"[2001:db8::1]:4000,2001:db8:0:0:0:0:0:1,4000", "2001:db8::1,2001:db8:0:0:0:0:0:1,9993",
			"[2001:db8::1],2001:db8:0:0:0:0:0:1,9993" })
	void portMayBeLeftOut(String text, String host, int port) {
		assertThat(Endpoints.parse("p", List.of(text), 9993)).singleElement().satisfies((endpoint) -> {
			assertThat(endpoint.getAddress().getHostAddress()).isEqualTo(host);
			assertThat(endpoint.getPort()).isEqualTo(port);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:x", "192.0.2.1:" })
	void badPortIsRefused(String text) {
		assertThatExceptionOfType(InvalidZeroTierPropertyException.class)
			.isThrownBy(() -> Endpoints.parse("p", List.of("192.0.2.1", text), 9993))
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("p[1]"));
	}

	@Test
	void unknownHostIsRefused() {
		assertThatExceptionOfType(InvalidZeroTierPropertyException.class)
			.isThrownBy(() -> Endpoints.parse("p", List.of("no-such-host.invalid:1"), 9993))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("no-such-host.invalid"));
	}

}
