package io.zt4j.stack.testing;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;

/**
 * A clock that moves only when told, and an event loop driven by it on the thread that
 * made this. Time jumps from one scheduled task to the next, so hours pass in an instant.
 */
public final class VirtualTime {

	private final MockTicker ticker = Ticker.newMockTicker();

	private final Loop loop = new Loop(this.ticker);

	/** Make a clock that stands at zero. */
	public VirtualTime() {
	}

	/**
	 * Return the clock.
	 * @return the ticker
	 */
	public Ticker ticker() {
		return this.ticker;
	}

	/**
	 * Return the loop.
	 * @return the event loop
	 */
	public EventLoop loop() {
		return this.loop;
	}

	/**
	 * Return the time passed.
	 * @return nanoseconds since this was made
	 */
	public long nanos() {
		return this.ticker.nanoTime();
	}

	/**
	 * Run what is due now, and what that makes due, without time passing.
	 */
	public void run() {
		for (int i = 0; i < 1_000_000; i++) {
			if (this.loop.runNow() == 0) {
				return;
			}
		}
		throw new AssertionError("tasks keep making tasks without time passing");
	}

	/**
	 * Let time pass, running what becomes due on the way at its due time.
	 * @param amount how much
	 * @param unit of amount
	 */
	public void advance(long amount, TimeUnit unit) {
		advanceUntil(() -> false, amount, unit);
	}

	/**
	 * Let time pass until a condition holds.
	 * @param condition the condition
	 * @param limit how long at most
	 * @param unit of limit
	 * @return whether it holds
	 */
	public boolean advanceUntil(BooleanSupplier condition, long limit, TimeUnit unit) {
		long end = nanos() + unit.toNanos(limit);
		run();
		while (!condition.getAsBoolean()) {
			long left = end - nanos();
			if (left <= 0) {
				return false;
			}
			this.ticker.advance(Math.min(left, this.loop.nextDelay()), TimeUnit.NANOSECONDS);
			run();
		}
		return true;
	}

	private static final class Loop extends ManualIoEventLoop {

		Loop(Ticker ticker) {
			super(null, Thread.currentThread(), LocalIoHandler.newFactory(), ticker);
		}

		long nextDelay() {
			long delay = nextScheduledTaskNano();
			return (delay < 0) ? Long.MAX_VALUE : Math.max(1, delay);
		}

	}

}
