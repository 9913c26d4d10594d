package io.zt4j.stack.tcp;

import java.net.SocketException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.TcpState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a connection does with segments that arrive, one rule at a time.
 */
class ReceivingTests {

	private static byte[] received(Script script) {
		byte[] bytes = new byte[script.application.received.readableBytes()];
		script.application.received.getBytes(script.application.received.readerIndex(), bytes);
		return bytes;
	}

	@Test
	void aSingleSegmentIsAcknowledgedAfterADelayRfc9293Section3863() {
		Script script = Script.accepted();
		script.send("A len=1000").expectNothing();
		script.expectAfter(25, "A seq=1 ack=1001 len=0");
		assertThat(received(script)).isEqualTo(Script.pattern(1, 1000));
	}

	@Test
	void everySecondFullSegmentIsAcknowledgedAtOnceRfc5681Section42() {
		Script script = Script.accepted();
		script.send("A len=1000").expectNothing();
		script.send("A len=1000").expect("A ack=2001");
	}

	@Test
	void aBatchIsAcknowledgedOnceAndReadableComesOnce() {
		Script script = Script.accepted();
		script.batch("A len=1000", "A len=1000", "A len=1000", "A len=1000", "A len=1000");
		script.expect("A ack=5001");
		script.expectNothing();
		assertThat(script.application.events).containsExactly("accepted", "readable");
	}

	@Test
	void anAnswerCarriesTheAcknowledgement() {
		Script script = Script.accepted();
		script.send("A len=100").expectNothing();
		script.write(10).expect("A seq=1 ack=101 len=10");
		script.advance(100);
		assertThat(script.drain()).allMatch((segment) -> segment.contains("len=10"));
	}

	@Test
	void dataOutOfOrderIsReportedAtOnceRfc5681Section42Rfc2018() {
		Script script = Script.accepted();
		script.send("A seq=1001 len=1000").expect("A ack=1 sack=1001-2001");
		script.send("A seq=3001 len=1000").expect("A ack=1 sack=3001-4001,1001-2001");
		script.send("A seq=2001 len=500").expect("A ack=1 sack=1001-2501,3001-4001");
		script.send("A seq=5001 len=500").expect("A ack=1 sack=5001-5501,1001-2501,3001-4001");
		script.send("A seq=7001 len=500").expect("A ack=1 sack=7001-7501,5001-5501,1001-2501");
		script.send("A seq=1 len=1000").expect("A ack=2501 sack=7001-7501,5001-5501,3001-4001");
		assertThat(received(script)).isEqualTo(Script.pattern(1, 2500));
		script.send("A seq=2501 len=500").expect("A ack=4001");
		assertThat(received(script)).isEqualTo(Script.pattern(1, 4000));
	}

	@Test
	void fourBlocksFitWithoutTimestampsRfc2018Section3() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.timestamps = false;
		script.send("S seq=0 mss=1000 sackOK ws=0").expect("SA");
		script.send("A");
		for (int i = 1; i <= 5; i++) {
			script.inject("A seq=" + (2000 * i + 1) + " len=100");
		}
		script.done().expect("A ack=1 sack=10001-10101,8001-8101,6001-6101,4001-4101");
	}

	@Test
	void withoutSackEachSegmentOutOfOrderGetsItsDuplicateAckRfc5681Section32() {
		Script script = Script.acceptedPlain(TcpOptions.DEFAULT);
		script.batch("A seq=1001 len=1000", "A seq=2001 len=1000", "A seq=3001 len=1000");
		script.expect("A ack=1 nosack");
		script.expect("A ack=1");
		script.expect("A ack=1");
		script.expectNothing();
	}

	@Test
	void aDuplicateIsReportedRfc2883Section41() {
		Script script = Script.accepted();
		script.batch("A seq=1 len=1000", "A seq=1001 len=1000").expect("A ack=2001 nosack");
		script.send("A seq=1 len=500 tsval=0").expect("A ack=2001 sack=1-501");
	}

	@Test
	void aDuplicateOutOfOrderIsReportedInsideItsBlockRfc2883Section42() {
		Script script = Script.accepted();
		script.send("A seq=1001 len=1000").expect("A ack=1 sack=1001-2001");
		script.send("A seq=1501 len=500").expect("A ack=1 sack=1501-2001,1001-2001");
	}

	@Test
	void overlapsAreTrimmedRfc9293Section3107() {
		Script script = Script.accepted();
		script.send("A seq=501 len=1000");
		script.send("A seq=1 len=800");
		script.send("A seq=1201 len=800");
		assertThat(received(script)).isEqualTo(Script.pattern(1, 2000));
	}

	@Test
	void dataOutsideTheWindowIsDroppedAndAcknowledgedRfc9293Section3104() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withBufferSizes(10_000, 10_000));
		script.send("A seq=20001 len=100").expect("A ack=1 nosack");
		assertThat(script.host.tcp.drops()).containsEntry("tcp.outside-window", 1L);
	}

	@Test
	void dataBeyondTheWindowIsCutOffRfc9293Section3107() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withBufferSizes(10_000, 1500));
		script.application.reading = false;
		script.batch("A seq=1 len=1000", "A seq=1001 len=1000");
		script.expect("A ack=1501 win=0");
		assertThat(script.application.connection().readableBytes()).isEqualTo(1500);
	}

	@Test
	void aZeroWindowIsProbedAndReopensRfc9293Section386() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withBufferSizes(10_000, 4096));
		script.application.reading = false;
		script.batch("A len=1000", "A len=1000", "A len=1000", "A len=1096");
		script.expect("A ack=4097 win=0");
		script.send("A seq=4097 len=1").expect("A ack=4097 win=0");
		script.run(script.application::drain);
		script.expect("A ack=4097 win=16");
		assertThat(received(script)).hasSize(4096);
	}

	@Test
	void aClosedWindowStillTakesAcknowledgementsAndResetsRfc9293Section3104() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withBufferSizes(10_000, 2000));
		script.application.reading = false;
		script.write(100).expect("A len=100");
		script.batch("A len=1000 ack=1", "A len=1000 ack=1").expect("A ack=2001 win=0");
		script.send("A seq=2001 len=1 ack=101");
		assertThat(script.application.connection().info().bytesInFlight()).isZero();
		script.drain();
		script.send("R seq=2001 nots");
		assertThat(script.application.closed).isTrue();
	}

	@Test
	void theWindowOpensInLargeStepsOnlyRfc9293Section38622() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withBufferSizes(10_000, 64_000));
		script.application.reading = false;
		for (int i = 0; i < 64; i++) {
			script.inject("A len=1000");
		}
		script.done().expect("A ack=64001 win=0");
		for (int i = 0; i < 3; i++) {
			script.run(() -> script.application.connection().read(600).release());
			script.expectNothing();
		}
		script.run(() -> script.application.connection().read(600).release());
		Script.Sent update = script.expect("A ack=64001");
		assertThat(update.segment.window << 8).isBetween(2000, 2400);
	}

	@Test
	void aResetAtTheExactSequenceNumberResetsRfc5961Section32() {
		Script script = Script.accepted();
		script.send("R nots").expectNothing();
		assertThat(script.application.cause).isInstanceOf(SocketException.class).hasMessage("Connection reset by peer");
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void aResetElsewhereInTheWindowIsChallengedRfc5961Section32() {
		Script script = Script.accepted();
		script.send("R seq=500 nots").expect("A seq=1 ack=1");
		script.send("R seq=-500 nots").expectNothing();
		assertThat(script.application.closed).isFalse();
	}

	@Test
	void aSynIsChallengedRfc5961Section42() {
		Script script = Script.accepted();
		script.send("S seq=0 mss=1000").expect("A seq=1 ack=1");
		script.send("S seq=700 mss=1000").expect("A seq=1 ack=1");
		assertThat(script.application.connection().state()).isEqualTo(TcpState.ESTABLISHED);
	}

	@Test
	void anAckOfWhatWasNotSentIsChallengedRfc5961Section52() {
		Script script = Script.accepted();
		script.send("A ack=100 len=10").expect("A seq=1 ack=1");
		assertThat(script.application.received.readableBytes()).isZero();
		script.send("A ack=-900000 len=10").expect("A seq=1 ack=1");
	}

	@Test
	void challengesAreLimitedRfc5961Section7() {
		Script script = Script.accepted();
		for (int i = 0; i < 50; i++) {
			script.send("S seq=100 mss=1000");
		}
		assertThat(script.drain()).hasSize(10);
		script.advance(1001).send("S seq=100 mss=1000").expect("A ack=1");
	}

	@Test
	void aSegmentWithoutAckIsDroppedRfc9293Section3107() {
		Script script = Script.accepted();
		script.send("- len=100").expectNothing();
		assertThat(script.application.received.readableBytes()).isZero();
		assertThat(script.host.tcp.drops()).containsEntry("tcp.no-ack", 1L);
	}

	@Test
	void anOldTimestampIsDroppedAndAcknowledgedRfc7323Section53() {
		Script script = Script.accepted();
		script.advance(1000).batch("A len=1000", "A len=1000").expect("A ack=2001 tsecr=1000");
		script.send("A len=1000 tsval=500").expect("A ack=2001");
		assertThat(script.application.received.readableBytes()).isEqualTo(2000);
		assertThat(script.host.tcp.drops()).containsEntry("tcp.old-timestamp", 1L);
	}

	@Test
	void afterTwentyFourDaysOfSilenceAnOldTimestampIsTakenRfc7323Section55() {
		Script script = Script.accepted();
		script.advance(25L * 24 * 3600 * 1000).send("A len=1000 tsval=-5");
		assertThat(script.application.received.readableBytes()).isEqualTo(1000);
	}

	@Test
	void aSegmentWithoutTimestampIsDroppedRfc7323Section32() {
		Script script = Script.accepted();
		script.send("A len=1000 nots").expectNothing();
		assertThat(script.host.tcp.drops()).containsEntry("tcp.no-timestamp", 1L);
	}

	@Test
	void theTimestampOfTheSegmentThatFillsTheGapIsEchoedRfc7323Section43() {
		Script script = Script.accepted();
		script.advance(10).send("A seq=1001 len=1000").expect("A ack=1 tsecr=0");
		script.advance(10).send("A seq=1 len=1000").expect("A ack=2001 tsecr=20");
	}

	@Test
	void malformedSegmentsAreCountedAndDropped() {
		Script script = Script.accepted();
		ByteBuf tooShort = Unpooled.buffer().writeZero(19);
		script.host.receive(tooShort);
		ByteBuf badOffset = Unpooled.buffer().writeZero(20);
		badOffset.setByte(12, 0x40);
		script.host.receive(badOffset);
		script.done().expectNothing();
		assertThat(script.host.tcp.drops()).containsEntry("tcp.malformed", 2L);
	}

	@Test
	void shutdownInputAcknowledgesAndDropsWhatArrives() {
		Script script = Script.accepted();
		script.run(() -> script.application.connection().shutdownInput());
		script.drain();
		script.batch("A len=1000", "A len=1000").expect("A ack=2001");
		assertThat(script.application.connection().readableBytes()).isZero();
		assertThat(script.application.events).containsExactly("accepted");
		script.send("FA").expect("A ack=2002");
		script.run(() -> script.application.connection().close());
		script.expect("FA seq=1");
	}

	@Test
	void memoryOutOfOrderIsBounded() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withBufferSizes(10_000, 100_000));
		for (int i = 1; i < 50_000; i++) {
			script.inject("A seq=" + (2 * i) + " len=1");
		}
		script.done().drain();
		assertThat(script.host.tcp.drops()).containsKey("tcp.out-of-order-full");
		script.run(() -> script.application.connection().abort());
	}

}
