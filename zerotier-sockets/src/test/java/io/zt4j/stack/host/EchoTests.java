package io.zt4j.stack.host;

import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.zt4j.stack.testing.TwoHosts;
import io.zt4j.stack.testing.VirtualEthernet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EchoTests {

	private final TwoHosts net = new TwoHosts(1);

	@AfterEach
	void close() {
		this.net.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 56, 2772, 2773, 9000, 65_000 })
	void pingsBothWaysOverBothFamiliesAtAnySize(int size) {
		this.net.conditions(VirtualEthernet.Conditions.of(0, 10));
		// the first one also resolves the address
		ping(this.net.a, this.net.b4, 1);
		ping(this.net.a, this.net.b6, 1);
		assertThat(ping(this.net.a, this.net.b4, size)).isEqualTo(Duration.ofMillis(20));
		assertThat(ping(this.net.a, this.net.b6, size)).isEqualTo(Duration.ofMillis(20));
		assertThat(ping(this.net.b, this.net.a4, size)).isEqualTo(Duration.ofMillis(20));
		assertThat(ping(this.net.b, this.net.a6, size)).isEqualTo(Duration.ofMillis(20));
	}

	@Test
	void linkLocalAddressComesFromTheHardwareAddressAndAnswers() {
		InetAddress linkLocal = this.net.b.addresses().get(0).address();
		assertThat(linkLocal).isEqualTo(TwoHosts.ip("fe80::3000:ff:fe00:2"));
		assertThat(ping(this.net.a, linkLocal, 56)).isZero();
	}

	@Test
	void pingOfOwnAddressNeverTouchesTheLink() {
		this.net.time.advance(5, TimeUnit.SECONDS);
		long frames = this.net.a.statistics().framesSent();
		assertThat(ping(this.net.a, this.net.a4, 65_000)).isZero();
		assertThat(ping(this.net.a, this.net.a6, 65_000)).isZero();
		assertThat(this.net.a.statistics().framesSent()).isEqualTo(frames);
	}

	@Test
	void allNodesGroupAnswers() {
		assertThat(ping(this.net.a, TwoHosts.ip("ff02::1"), 10)).isZero();
	}

	@Test
	void pingWithoutRouteFailsAtOnce() {
		assertThatThrownBy(() -> ping(this.net.a, TwoHosts.ip("192.0.2.1"), 1)).isInstanceOf(CompletionException.class)
			.hasCauseInstanceOf(NoRouteToHostException.class);
	}

	@Test
	void pingOfHostThatDoesNotAnswerArpFailsAfterThreeSeconds() {
		assertThatThrownBy(() -> this.net.await(this.net.a.ping(TwoHosts.ip("10.0.0.9"), 1, Duration.ofSeconds(10)), 4))
			.hasCauseInstanceOf(NoRouteToHostException.class);
		assertThatThrownBy(() -> this.net.await(this.net.a.ping(TwoHosts.ip("fd00::9"), 1, Duration.ofSeconds(10)), 4))
			.hasCauseInstanceOf(NoRouteToHostException.class);
		assertThat(this.net.a.statistics().drops()).containsEntry("neighbour-unreachable", 2L);
	}

	@Test
	void pingIntoTheVoidTimesOut() {
		ping(this.net.a, this.net.b4, 1);
		this.net.portB.plugged(false);
		assertThatThrownBy(() -> this.net.await(this.net.a.ping(this.net.b4, 1, Duration.ofMillis(700)), 1))
			.hasCauseInstanceOf(TimeoutException.class);
	}

	@Test
	void closingTheStackFailsWaitingPings() {
		var ping = this.net.a.ping(TwoHosts.ip("10.0.0.9"), 1, Duration.ofSeconds(10));
		this.net.time.run();
		this.net.a.close();
		assertThat(ping.toCompletableFuture()).isCompletedExceptionally();
	}

	@Test
	void floodOfRequestsIsAnsweredUpToTheLimit() {
		ping(this.net.a, this.net.b4, 1);
		for (int i = 0; i < 3000; i++) {
			this.net.a.ping(this.net.b4, 1, Duration.ofSeconds(1));
		}
		this.net.time.run();
		assertThat(this.net.b.statistics().drops().get("icmp-rate-limited")).isBetween(1900L, 2001L);
	}

	private Duration ping(HostStack from, InetAddress to, int size) {
		return this.net.await(from.ping(to, size, Duration.ofSeconds(5)), 6);
	}

}
