package io.zt4j.test;

import java.time.Duration;

/**
 * How good a host's link to the Internet is, each way.
 *
 * @param delay time a datagram takes from the host to the core, or back
 * @param jitter what is added at most, evenly distributed; order is kept
 * @param loss probability that a datagram is lost, 0..1
 * @param duplication probability that a datagram arrives twice, 0..1
 * @param reordering probability that a datagram is overtaken by later ones, 0..1
 * @param bitsPerSecond rate of the uplink, 0 for unlimited; what waits longer than 200 ms
 * is lost
 */
public record LinkConditions(Duration delay, Duration jitter, double loss, double duplication, double reordering,
		long bitsPerSecond) {

	/** 5 ms, and nothing else. */
	public static final LinkConditions GOOD = ofDelay(Duration.ofMillis(5));

	public LinkConditions {
		check("loss", loss);
		check("duplication", duplication);
		check("reordering", reordering);
		if (delay.isNegative() || jitter.isNegative() || bitsPerSecond < 0) {
			throw new IllegalArgumentException("Delay, jitter and rate of a link are not negative");
		}
	}

	private static void check(String what, double probability) {
		if (!(probability >= 0 && probability <= 1)) {
			throw new IllegalArgumentException("The " + what + " of a link is 0 to 1, not " + probability);
		}
	}

	/**
	 * Make a link without faults.
	 * @param delay time each way
	 * @return the link
	 */
	public static LinkConditions ofDelay(Duration delay) {
		return new LinkConditions(delay, Duration.ZERO, 0, 0, 0, 0);
	}

	/**
	 * Return this link with jitter.
	 * @param value what is added at most
	 * @return a link
	 */
	public LinkConditions withJitter(Duration value) {
		return new LinkConditions(this.delay, value, this.loss, this.duplication, this.reordering, this.bitsPerSecond);
	}

	/**
	 * Return this link with loss.
	 * @param value a probability
	 * @return a link
	 */
	public LinkConditions withLoss(double value) {
		return new LinkConditions(this.delay, this.jitter, value, this.duplication, this.reordering,
				this.bitsPerSecond);
	}

	/**
	 * Return this link with duplication.
	 * @param value a probability
	 * @return a link
	 */
	public LinkConditions withDuplication(double value) {
		return new LinkConditions(this.delay, this.jitter, this.loss, value, this.reordering, this.bitsPerSecond);
	}

	/**
	 * Return this link with reordering.
	 * @param value a probability
	 * @return a link
	 */
	public LinkConditions withReordering(double value) {
		return new LinkConditions(this.delay, this.jitter, this.loss, this.duplication, value, this.bitsPerSecond);
	}

	/**
	 * Return this link with a limited rate of the uplink.
	 * @param value bits per second, 0 for unlimited
	 * @return a link
	 */
	public LinkConditions withRate(long value) {
		return new LinkConditions(this.delay, this.jitter, this.loss, this.duplication, this.reordering, value);
	}

}
