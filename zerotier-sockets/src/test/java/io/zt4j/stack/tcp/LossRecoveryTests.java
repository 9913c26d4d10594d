package io.zt4j.stack.tcp;

import io.zt4j.stack.TcpOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Recovery from losses, one rule at a time. Segments carry 1000 bytes.
 */
class LossRecoveryTests {

	/** An established connection with a measured round-trip time of 40 ms. */
	private static Script measured() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=1012 ws=7 sackOK").expect("SA");
		script.advance(40).send("A win=8000");
		assertThat(script.application.connection().info().smoothedRttNanos()).isEqualTo(40_000_000);
		return script;
	}

	@Test
	void threeSegmentsReportedBehindAHoleRetransmitItRfc8985Section62() {
		Script script = measured();
		script.write(10_000);
		assertThat(script.drain()).hasSize(10);
		script.advance(40).send("A ack=1 win=8000 sack=1001-2001").expectNothing();
		script.send("A ack=1 win=8000 sack=1001-3001").expectNothing();
		script.send("A ack=1 win=8000 sack=1001-4001").expect("A seq=1 len=1000");
		script.send("A ack=4001 win=8000").expectNothing();
		assertThat(script.application.connection().info().retransmittedSegments()).isEqualTo(1);
	}

	@Test
	void aSingleReportIsWaitedOutForReorderingRfc8985Section62() {
		Script script = measured();
		script.write(3000);
		script.drain();
		script.advance(40).send("A ack=1 win=8000 sack=1001-2001").expectNothing();
		// a quarter of the round-trip time
		script.expectAfter(10, "A seq=1 len=1000");
	}

	@Test
	void reorderingSeenWidensTheWindowRfc8985Section62() {
		Script script = measured();
		script.write(10_000);
		script.drain();
		script.advance(40).send("A ack=1 win=8000 sack=2001-4001").expectNothing();
		// the first arrives after all: reordered
		script.send("A ack=1001 win=8000 sack=2001-4001").expectNothing();
		script.send("A ack=1001 win=8000 sack=2001-6001").expectNothing();
		script.expectAfter(10, "A seq=1001 len=1000");
	}

	@Test
	void newDataIsSentForTheFirstReportsRfc3042() {
		Script script = measured();
		script.write(20_000);
		assertThat(script.drain()).hasSize(10);
		script.advance(40).send("A ack=1 win=8000 sack=1001-2001").expect("A seq=10001 len=1000");
		script.send("A ack=1 win=8000 sack=1001-3001").expect("A seq=11001 len=1000");
	}

	@Test
	void aLostRetransmissionIsFoundByLaterSegmentsRfc8985Section3() {
		Script script = measured();
		script.write(20_000);
		script.drain();
		script.advance(40).send("A ack=1 win=8000 sack=1001-4001").expect("A seq=1 len=1000");
		script.drain();
		script.advance(5).send("A ack=1 win=8000 sack=1001-8001");
		assertThat(script.drain()).isNotEmpty().noneMatch((segment) -> segment.contains("seq=1 "));
		// a segment sent after the retransmission arrives, the retransmission does not
		script.advance(45).send("A ack=1 win=8000 sack=1001-11001");
		script.advance(12);
		assertThat(script.drain()).anyMatch((segment) -> segment.contains("seq=1 len=1000"));
		assertThat(script.application.connection().info().retransmissionTimeouts()).isZero();
	}

	@Test
	void theWindowShrinksOnceForAllLossesOfARoundRfc9438Section46() {
		Script script = measured();
		script.write(20_000);
		script.drain();
		int before = script.application.connection().info().congestionWindow();
		script.advance(40).send("A ack=1 win=8000 sack=2001-3001,4001-10001");
		script.advance(40);
		script.send("A ack=10001 win=8000");
		int after = script.application.connection().info().slowStartThreshold();
		assertThat(after).isEqualTo((int) (before * 0.7));
		assertThat(script.application.connection().info().congestionWindow()).isGreaterThanOrEqualTo(after);
	}

	@Test
	void aLostTailIsProbedBeforeTheTimeoutRfc8985Section7() {
		Script script = measured();
		script.write(3000);
		script.drain();
		script.expectAfter(82, "A seq=2001 len=1000");
		assertThat(script.application.connection().info().retransmissionTimeouts()).isZero();
		// the probe's report reveals the rest
		script.advance(40).send("A ack=1 win=8000 sack=2001-3001");
		script.advance(11);
		script.expect("A seq=1 len=1000");
		script.expect("A seq=1001 len=1000");
	}

	@Test
	void aProbePrefersNewDataRfc8985Section73() {
		Script script = measured();
		script.write(20_000);
		assertThat(script.drain()).hasSize(10);
		script.expectAfter(82, "A seq=10001 len=1000");
	}

	@Test
	void aProbeThatRepairedALossShrinksTheWindowRfc8985Section74() {
		Script script = measured();
		script.write(2000);
		script.drain();
		script.expectAfter(82, "A seq=1001 len=1000");
		// more than what was outstanding at the probe is acknowledged, without DSACK
		script.write(1000).expect("A seq=2001");
		script.advance(40).send("A ack=3001 win=8000");
		assertThat(script.application.connection().info().slowStartThreshold()).isLessThan(10_000);
	}

	@Test
	void aProbeThatWasNotNeededDoesNotShrinkTheWindowRfc8985Section74() {
		Script script = measured();
		script.write(2000);
		script.drain();
		script.expectAfter(82, "A seq=1001 len=1000");
		script.send("A ack=2001 win=8000");
		script.advance(40).send("A ack=2001 win=8000 sack=1001-2001");
		assertThat(script.application.connection().info().slowStartThreshold()).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void aTimeoutCollapsesTheWindowAndSlowStartsRfc5681Section31() {
		Script script = measured();
		script.write(10_000);
		script.drain();
		script.advance(82 + 201);
		assertThat(script.drain()).last().asString().contains("seq=1 len=1000");
		assertThat(script.application.connection().info().congestionWindow()).isEqualTo(1000);
		assertThat(script.application.connection().info().slowStartThreshold()).isBetween(6999, 7001);
		script.advance(40).send("A ack=1001 win=8000");
		assertThat(script.drain()).hasSize(2);
		script.advance(40).send("A ack=3001 win=8000");
		assertThat(script.drain()).hasSize(4);
	}

	@Test
	void aSpuriousTimeoutIsUndoneRfc3522Rfc4015() {
		Script script = measured();
		script.write(10_000);
		script.drain();
		int before = script.application.connection().info().congestionWindow();
		script.advance(82 + 201).drain();
		assertThat(script.application.connection().info().congestionWindow()).isEqualTo(1000);
		// the echo is older than the retransmission: the original arrived
		script.send("A ack=5001 win=8000 tsecr=" + script.timestampAt(40));
		assertThat(script.application.connection().info().congestionWindow()).isGreaterThanOrEqualTo(before);
		assertThat(script.drain()).noneMatch((segment) -> segment.contains("seq=5001"));
	}

	@Test
	void renegingIsSurvivedRfc2018Section8() {
		Script script = measured();
		script.write(5000);
		script.drain();
		script.advance(40).send("A ack=1 win=8000 sack=1001-5001").expect("A seq=1");
		script.send("A ack=1001 win=8000").expectNothing();
		script.advance(1000);
		assertThat(script.drain()).anyMatch((segment) -> segment.contains("seq=1001"));
	}

	@Test
	void withoutSackThreeDuplicatesRetransmitRfc5681Section32() {
		Script script = Script.acceptedPlain(TcpOptions.DEFAULT);
		script.write(10_000);
		assertThat(script.drain()).hasSize(10);
		script.send("A ack=1").expectNothing();
		script.send("A ack=1").expectNothing();
		script.send("A ack=1").expect("A seq=1 len=1000");
		script.send("A ack=10001").expectNothing();
		assertThat(script.application.connection().info().retransmittedSegments()).isEqualTo(1);
	}

	@Test
	void aPartialAcknowledgementRetransmitsTheNextHoleRfc6582Section32() {
		Script script = Script.acceptedPlain(TcpOptions.DEFAULT);
		script.write(10_000);
		script.drain();
		script.send("A ack=1").send("A ack=1").send("A ack=1").expect("A seq=1 len=1000");
		script.send("A ack=4001").expect("A seq=4001 len=1000");
		script.send("A ack=10001").expectNothing();
	}

	@Test
	void aWindowUpdateIsNoDuplicateRfc5681Section2() {
		Script script = Script.acceptedPlain(TcpOptions.DEFAULT);
		script.write(10_000);
		script.drain();
		script.send("A ack=1 win=60000").send("A ack=1 win=61000").send("A ack=1 win=62000").send("A ack=1 win=63000");
		script.expectNothing();
	}

	@Test
	void anIdleConnectionRestartsSlowlyRfc5681Section41() {
		Script script = measured();
		for (int i = 0; i < 4; i++) {
			script.write(20_000);
			script.advance(20);
			script.drain();
			script.send("A win=8000");
			script.advance(1).drain();
			script.send("A win=8000");
		}
		int grown = script.application.connection().info().congestionWindow();
		assertThat(grown).isGreaterThanOrEqualTo(20_000);
		script.advance(60_000).write(100_000);
		assertThat(script.drain()).hasSize(10);
	}

}
