package io.zt4j.stack.tcp.congestion;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * The algorithms against the formulas of their RFCs.
 */
class CongestionControlTests {

	private static final int MSS = 1000;

	private static final long RTT = 100_000_000L;

	private long next;

	/** Acknowledge a window's worth of segments, one by one. */
	private void round(CongestionControl control, long now, long rtt) {
		int segments = control.window() / MSS;
		for (int i = 0; i < segments; i++) {
			this.next += MSS;
			control.acknowledged(MSS, this.next, this.next + control.window(), rtt, RTT, true, now);
		}
	}

	@Test
	void theInitialWindowIsThatOfRfc6928() {
		assertThat(CongestionControl.initialWindow(1460)).isEqualTo(14_600);
		assertThat(CongestionControl.initialWindow(536)).isEqualTo(5_360);
		assertThat(CongestionControl.initialWindow(2748)).isEqualTo(14_600);
		assertThat(CongestionControl.initialWindow(8960)).isEqualTo(17_920);
	}

	@Test
	void anUnknownNameIsRefusedWithTheNamesThereAre() {
		assertThatIllegalArgumentException().isThrownBy(() -> CongestionControl.named("bbr", MSS))
			.withMessageContaining("'cubic' or 'reno'");
	}

	@Test
	void slowStartDoublesPerRoundRfc5681Section31() {
		Reno reno = new Reno(MSS);
		round(reno, 0, RTT);
		assertThat(reno.window()).isEqualTo(20_000);
		round(reno, RTT, RTT);
		assertThat(reno.window()).isEqualTo(40_000);
	}

	@Test
	void renoGrowsByOneSegmentPerRoundRfc5681Section31() {
		Reno reno = new Reno(MSS);
		reno.lost(40_000);
		assertThat(reno.window()).isEqualTo(20_000);
		for (int i = 1; i <= 10; i++) {
			round(reno, i * RTT, RTT);
		}
		assertThat(reno.window()).isCloseTo(30_000, within(1000));
	}

	@Test
	void whatTheWindowDoesNotLimitDoesNotGrow() {
		for (CongestionControl control : new CongestionControl[] { new Reno(MSS), new Cubic(MSS) }) {
			control.acknowledged(MSS, 1000, 2000, RTT, RTT, false, 0);
			assertThat(control.window()).isEqualTo(10_000);
		}
	}

	@Test
	void cubicReducesByThreeTenthsAndReturnsToTheOldMaximumAfterKRfc9438Section42() {
		Cubic cubic = new Cubic(MSS);
		for (int i = 0; i < 4; i++) {
			round(cubic, i * RTT, RTT);
		}
		int before = cubic.window();
		cubic.lost(before);
		assertThat(cubic.window()).isEqualTo((int) (before * 0.7));
		// K is the cube root of the difference over C, in seconds
		double k = Math.cbrt(before * 0.3 / MSS / 0.4);
		long start = 10_000_000_000L;
		long now = start;
		while (now - start < k * 1e9) {
			round(cubic, now, RTT);
			now += RTT;
		}
		assertThat((double) cubic.window()).isCloseTo(before, within(before * 0.05));
		while (now - start < (k + 3) * 1e9) {
			round(cubic, now, RTT);
			now += RTT;
		}
		// C * 3 s cubed beyond it, an RTT ahead at most
		assertThat(cubic.window()).isBetween(before + 8_000, before + 14_000);
	}

	@Test
	void cubicConvergesFastRfc9438Section47() {
		Cubic cubic = new Cubic(MSS);
		for (int i = 0; i < 3; i++) {
			round(cubic, i * RTT, RTT);
		}
		cubic.lost(80_000);
		assertThat(cubic.window()).isEqualTo(56_000);
		cubic.lost(56_000);
		assertThat(cubic.window()).isEqualTo(39_200);
		long start = 10_000_000_000L;
		// the plateau is now at 56 * 1.7 / 2 segments, not at 56
		double k = Math.cbrt((47.6 - 39.2) / 0.4);
		// rounds so long that the Reno-friendly estimate stays behind
		for (long now = start; now - start < k * 1e9; now += 4 * RTT) {
			round(cubic, now, RTT);
		}
		assertThat((double) cubic.window()).isCloseTo(47_600, within(3_000.0));
	}

	@Test
	void cubicIsNoSlowerThanRenoOnShortPathsRfc9438Section43() {
		Cubic cubic = new Cubic(MSS);
		Reno reno = new Reno(MSS);
		cubic.lost(20_000);
		reno.lost(20_000);
		int cubicStart = cubic.window();
		int renoStart = reno.window();
		for (int i = 1; i < 200; i++) {
			round(cubic, i * 1_000_000L, 1_000_000L);
			round(reno, i * 1_000_000L, 1_000_000L);
		}
		assertThat(cubic.window() - cubicStart).isGreaterThan((reno.window() - renoStart) / 2);
	}

	@Test
	void undoRestoresWhatALossTookRfc4015() {
		for (CongestionControl control : new CongestionControl[] { new Reno(MSS), new Cubic(MSS) }) {
			round(control, 0, RTT);
			control.timedOut(20_000);
			assertThat(control.window()).isEqualTo(MSS);
			control.undo();
			assertThat(control.window()).isEqualTo(20_000);
			assertThat(control.slowStartThreshold()).isEqualTo(Integer.MAX_VALUE);
		}
	}

	@Test
	void theThresholdIsNeverBelowTwoSegmentsRfc5681Section31() {
		Reno reno = new Reno(MSS);
		reno.timedOut(500);
		assertThat(reno.slowStartThreshold()).isEqualTo(2 * MSS);
	}

	@Test
	void slowStartEndsBeforeLossWhenTheDelayGrowsRfc9406() {
		Cubic cubic = new Cubic(MSS);
		round(cubic, 0, RTT);
		round(cubic, RTT, RTT);
		int before = cubic.window();
		// a queue builds up: conservative slow start, then out of it after five rounds
		for (int i = 2; i < 10 && cubic.slowStartThreshold() == Integer.MAX_VALUE; i++) {
			round(cubic, i * RTT, RTT + 30_000_000);
		}
		assertThat(cubic.slowStartThreshold()).isNotEqualTo(Integer.MAX_VALUE);
		assertThat(cubic.window()).isLessThan(before * 8);
	}

	@Test
	void aDelayThatShrinksAgainResumesSlowStartRfc9406Section43() {
		Cubic cubic = new Cubic(MSS);
		round(cubic, 0, RTT);
		round(cubic, RTT, RTT);
		round(cubic, 2 * RTT, RTT + 30_000_000);
		for (int i = 3; i < 6; i++) {
			round(cubic, i * RTT, RTT);
		}
		assertThat(cubic.slowStartThreshold()).isEqualTo(Integer.MAX_VALUE);
	}

}
