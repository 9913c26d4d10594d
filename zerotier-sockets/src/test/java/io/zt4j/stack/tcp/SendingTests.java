package io.zt4j.stack.tcp;

import java.net.SocketException;
import java.time.Duration;
import java.util.List;

import io.netty.buffer.Unpooled;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.ip.IcmpError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How a connection sends, one rule at a time.
 */
class SendingTests {

	private static final TcpOptions NAGLE = TcpOptions.DEFAULT.withNoDelay(false);

	private static TcpOptions userTimeout(Duration timeout) {
		TcpOptions d = TcpOptions.DEFAULT;
		return new TcpOptions(d.noDelay(), d.keepAlive(), d.keepAliveIdle(), d.keepAliveInterval(), d.keepAliveCount(),
				d.sendBufferSize(), d.receiveBufferSize(), d.lingerSeconds(), d.connectTimeout(), timeout,
				d.trafficClass(), d.congestionControl());
	}

	private static TcpOptions keepAlive(int seconds, int interval, int count) {
		TcpOptions d = TcpOptions.DEFAULT;
		return new TcpOptions(d.noDelay(), true, Duration.ofSeconds(seconds), Duration.ofSeconds(interval), count,
				d.sendBufferSize(), d.receiveBufferSize(), d.lingerSeconds(), d.connectTimeout(), d.userTimeout(),
				d.trafficClass(), d.congestionControl());
	}

	@Test
	void whatIsNotFlushedWaitsForAWholeSegment() {
		Script script = Script.accepted();
		script.write(600, false).expectNothing();
		script.write(600, false).expect("A seq=1 len=1000");
		script.expectNothing();
		script.run(() -> script.application.connection().flush());
		script.expect("A seq=1001 len=200 P");
	}

	@Test
	void finPushesWhatWaits() {
		Script script = Script.accepted();
		script.write(10, false).expectNothing();
		script.run(() -> script.application.connection().shutdownOutput());
		script.expect("FA seq=1 len=10 P");
	}

	@Test
	void nagleHoldsASmallSegmentWhileDataIsOutstandingRfc9293Section374() {
		Script script = Script.accepted(NAGLE);
		script.write(100).expect("A seq=1 len=100");
		script.write(100).expectNothing();
		script.write(1000).expect("A seq=101 len=1000");
		script.expectNothing();
		script.send("A ack=1101").expect("A seq=1101 len=100");
	}

	@Test
	void noDelaySendsSmallSegmentsAtOnce() {
		Script script = Script.accepted();
		script.write(100).expect("A seq=1 len=100");
		script.write(100).expect("A seq=101 len=100");
	}

	@Test
	void switchingNagleOffReleasesWhatItHeld() {
		Script script = Script.accepted(NAGLE);
		script.write(100).expect("A seq=1 len=100");
		script.write(100).expectNothing();
		script.run(() -> script.application.connection().options(NAGLE.withNoDelay(true)));
		script.expect("A seq=101 len=100");
	}

	@Test
	void theInitialWindowIsThatOfRfc6928() {
		Script script = Script.accepted();
		script.write(100_000);
		assertThat(script.drain()).hasSize(10);
	}

	@Test
	void theWindowOfThePeerIsNotExceeded() {
		Script script = Script.accepted();
		script.send("A win=2500").write(10_000);
		script.expect("A seq=1 len=1000");
		script.expect("A seq=1001 len=1000");
		// half of the largest window is not free: no silly segment (RFC 9293 3.8.6.2.1)
		script.expectNothing();
		script.send("A ack=2001 win=2500").expect("A seq=2001 len=1000");
	}

	@Test
	void anOldSegmentDoesNotChangeTheWindowRfc9293Section3107() {
		Script script = Script.accepted();
		script.batch("A seq=1 len=10 win=5000", "A seq=11 len=10 win=3000");
		script.drain();
		script.send("A seq=1 len=10 win=9000");
		assertThat(script.application.connection().info().sendWindow()).isEqualTo(3000);
	}

	@Test
	void aZeroWindowIsProbedWithBackOffRfc9293Section3861() {
		Script script = Script.accepted();
		script.send("A win=0").write(100).expectNothing();
		script.expectAfter(200, "A seq=1 len=1");
		script.send("A ack=1 win=0");
		script.expectAfter(399, "A seq=1 len=1");
		script.send("A ack=1 win=0");
		script.expectAfter(799, "A seq=1 len=1");
		script.send("A ack=1 win=1000").expect("A seq=1 len=100");
	}

	@Test
	void aProbeThatIsTakenCountsAsSent() {
		Script script = Script.accepted();
		script.send("A win=0").write(100).expectNothing();
		script.expectAfter(200, "A seq=1 len=1");
		script.send("A ack=2 win=1000").expect("A seq=2 len=99");
	}

	@Test
	void aClosedWindowKeepsTheConnectionAsLongAsProbesAreAnsweredRfc9293Section3861() {
		Script script = Script.accepted();
		script.send("A win=0").write(100);
		for (int minute = 0; minute < 60; minute++) {
			script.advance(60_000);
			assertThat(script.drain()).isNotEmpty();
			script.send("A ack=1 win=0");
		}
		assertThat(script.application.closed).isFalse();
		script.advance(400_000);
		assertThat(script.application.cause).isInstanceOf(SocketException.class).hasMessageContaining("timed out");
	}

	@Test
	void aShrunkenWindowIsToleratedRfc9293Section3861() {
		Script script = Script.accepted();
		script.write(5000);
		assertThat(script.drain()).hasSize(5);
		script.send("A ack=1001 win=1000");
		script.send("A ack=5001 win=1000");
		assertThat(script.application.connection().info().bytesInFlight()).isZero();
		script.write(500).expect("A seq=5001 len=500");
	}

	@Test
	void retransmissionBacksOffRfc6298Section5() {
		Script script = Script.accepted();
		script.advance(10).write(100).expect("A seq=1 len=100");
		script.advance(1300);
		List<String> again = script.drain();
		assertThat(again).allMatch((segment) -> segment.contains("seq=1 len=100"));
		// a loss probe, then time-outs after 200 ms doubled
		assertThat(again).hasSizeBetween(2, 5);
		assertThat(script.application.connection().info().retransmissionTimeouts()).isGreaterThan(1);
		assertThat(script.application.connection().info().congestionWindow()).isEqualTo(1000);
	}

	@Test
	void theTimeoutFollowsTheRoundTripTimeRfc6298Section2() {
		Script script = Script.connecting();
		script.expect("S");
		script.advance(400).send("SA seq=0 ack=1 mss=1012 sackOK");
		script.drain();
		assertThat(script.application.connection().info().retransmissionTimeoutNanos()).isEqualTo(1_200_000_000L);
	}

	@Test
	void anUnansweredConnectionFailsAfterTheUserTimeoutRfc5482() {
		Script script = Script.accepted(userTimeout(Duration.ofSeconds(5)));
		script.write(100);
		script.advance(4000);
		assertThat(script.application.closed).isFalse();
		script.advance(5000);
		assertThat(script.application.cause).hasMessageContaining("timed out");
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void keepAliveProbesAnIdleConnectionAndGivesUpRfc9293Section384() {
		Script script = Script.accepted(keepAlive(10, 2, 3));
		script.expectAfter(10_000, "A seq=0 len=0");
		script.send("A");
		script.expectAfter(10_000, "A seq=0 len=0");
		script.expectAfter(1999, "A seq=0 len=0");
		script.expectAfter(1999, "A seq=0 len=0");
		script.advance(2000);
		assertThat(script.application.cause).hasMessageContaining("timed out");
	}

	@Test
	void aPeerThatProbesIsAnsweredRfc9293Section384() {
		Script script = Script.accepted();
		script.advance(60_000).send("A seq=0").expect("A seq=1 ack=1");
	}

	@Test
	void packetTooBigMakesSegmentsSmallerAndSendsThemAgainRfc1191Rfc8201() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=2760 ws=0 sackOK").expect("SA");
		script.send("A").write(5000);
		script.expect("A seq=1 len=2748");
		script.expect("A seq=2749 len=2252");
		script.wire.mtu = 1500;
		script.icmp(IcmpError.PACKET_TOO_BIG, 1);
		script.expect("A seq=1 len=1448");
		script.expect("A seq=1449 len=1300");
		script.expect("A seq=2749 len=1448");
		script.expect("A seq=4197 len=804");
		assertThat(script.application.connection().info().congestionWindow()).isGreaterThan(10_000);
	}

	@Test
	void aBlackHoleForLargePacketsIsEscapedRfc4821() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=2760 ws=0 sackOK").expect("SA");
		script.send("A").write(2748).expect("A seq=1 len=2748");
		script.advance(5000);
		assertThat(script.drain()).anyMatch((segment) -> segment.contains("seq=1 len=1220"));
	}

	@Test
	void writeTakesNoMoreThanTheSendBufferAndTellsWhenThereIsRoom() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withBufferSizes(4000, 4000));
		script.run(() -> {
			var data = Unpooled.buffer().writeZero(6000);
			assertThat(script.application.connection().write(data)).isEqualTo(4000);
			assertThat(data.readableBytes()).isEqualTo(2000);
			assertThat(script.application.connection().writableBytes()).isZero();
			data.release();
		});
		assertThat(script.drain()).hasSize(4);
		script.send("A ack=2001");
		assertThat(script.application.events).endsWith("writable");
		assertThat(script.application.connection().writableBytes()).isEqualTo(2000);
	}

	@Test
	void aFailedConnectionRefusesToWrite() {
		Script script = Script.accepted();
		script.send("R nots");
		assertThatExceptionOfType(SocketException.class)
			.isThrownBy(() -> script.application.connection().write(Unpooled.buffer().writeZero(1)))
			.withMessage("Connection reset by peer");
	}

}
