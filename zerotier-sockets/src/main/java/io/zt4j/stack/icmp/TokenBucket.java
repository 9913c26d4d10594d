package io.zt4j.stack.icmp;

import io.netty.util.concurrent.Ticker;

/**
 * Limits how often something is done (RFC 4443 2.4 (f)).
 */
final class TokenBucket {

	private final Ticker ticker;

	private final long nanosPerToken;

	private final long capacity;

	private long credit;

	private long last;

	TokenBucket(Ticker ticker, int perSecond, int burst) {
		this.ticker = ticker;
		this.nanosPerToken = 1_000_000_000L / perSecond;
		this.capacity = this.nanosPerToken * burst;
		this.credit = this.capacity;
		this.last = ticker.nanoTime();
	}

	boolean take() {
		long now = this.ticker.nanoTime();
		this.credit = Math.min(this.capacity, this.credit + Math.min(this.capacity, now - this.last));
		this.last = now;
		if (this.credit < this.nanosPerToken) {
			return false;
		}
		this.credit -= this.nanosPerToken;
		return true;
	}

}
