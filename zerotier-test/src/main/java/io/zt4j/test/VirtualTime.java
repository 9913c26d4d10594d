package io.zt4j.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;

/**
 * Time that passes only when told, and the event loop that lives in it. Time jumps from
 * one scheduled task to the next, so hours take no longer than what happens in them.
 * Everything runs on the thread that created this object.
 */
public final class VirtualTime {

	/** When virtual time begins. */
	public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

	private static final int ENDLESS = 1_000_000;

	private final MockTicker ticker = Ticker.newMockTicker();

	private final Loop loop = new Loop(this.ticker);

	/** Begin at {@link #BEGINNING}. */
	public VirtualTime() {
	}

	/**
	 * Return the event loop.
	 * @return the loop, driven by {@link #run}
	 */
	public EventLoop eventLoop() {
		return this.loop;
	}

	/**
	 * Return the source of nanoseconds.
	 * @return the ticker
	 */
	public Ticker ticker() {
		return this.ticker;
	}

	/**
	 * Return the time of day.
	 * @return a clock
	 */
	public InstantSource clock() {
		return () -> BEGINNING.plusNanos(this.ticker.nanoTime());
	}

	/**
	 * Return how much time has passed.
	 * @return the time since {@link #BEGINNING}
	 */
	public Duration elapsed() {
		return Duration.ofNanos(this.ticker.nanoTime());
	}

	/**
	 * Run what is due now, and what that makes due, while no time passes.
	 * @throws IllegalStateException if this never ends
	 */
	public void runPending() {
		for (int i = 0; i < ENDLESS; i++) {
			if (this.loop.runNow() == 0) {
				return;
			}
		}
		throw new IllegalStateException("Tasks keep making tasks while no time passes");
	}

	/**
	 * Let time pass.
	 * @param duration how much
	 */
	public void run(Duration duration) {
		runUntil(() -> false, duration);
	}

	/**
	 * Let time pass until a condition holds, asked after each step.
	 * @param condition the condition
	 * @param limit how long at most
	 * @return whether it holds
	 */
	public boolean runUntil(BooleanSupplier condition, Duration limit) {
		long end = this.ticker.nanoTime() + limit.toNanos();
		runPending();
		while (!condition.getAsBoolean()) {
			long left = end - this.ticker.nanoTime();
			if (left <= 0) {
				return false;
			}
			this.ticker.advance(Math.min(left, this.loop.nextDelay()), TimeUnit.NANOSECONDS);
			runPending();
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
