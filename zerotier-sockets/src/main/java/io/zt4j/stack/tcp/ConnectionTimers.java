package io.zt4j.stack.tcp;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one connection on one scheduled task. Setting a deadline is a store; the
 * task is scheduled anew only when it would come too late, and finds out by itself when
 * it came too early.
 */
final class ConnectionTimers implements Runnable {

	/** No deadline. */
	static final long OFF = Long.MAX_VALUE;

	static final int RETRANSMISSION = 0;

	static final int LOSS_PROBE = 1;

	static final int REORDERING = 2;

	static final int PERSIST = 3;

	static final int DELAYED_ACK = 4;

	static final int KEEP_ALIVE = 5;

	static final int LINGER = 6;

	static final int LIFETIME = 7;

	private static final int KINDS = 8;

	private final TcpProtocol tcp;

	private final Connection connection;

	private final long[] deadlines = new long[KINDS];

	private @Nullable ScheduledFuture<?> task;

	private long taskAt = OFF;

	ConnectionTimers(TcpProtocol tcp, Connection connection) {
		this.tcp = tcp;
		this.connection = connection;
		Arrays.fill(this.deadlines, OFF);
	}

	long get(int kind) {
		return this.deadlines[kind];
	}

	void set(int kind, long deadline) {
		this.deadlines[kind] = deadline;
	}

	void cancel(int kind) {
		this.deadlines[kind] = OFF;
	}

	boolean isSet(int kind) {
		return this.deadlines[kind] != OFF;
	}

	/**
	 * Make sure the task runs in time.
	 */
	void arm() {
		long earliest = OFF;
		for (long deadline : this.deadlines) {
			earliest = Math.min(earliest, deadline);
		}
		if (earliest >= this.taskAt) {
			return;
		}
		if (this.task != null) {
			this.task.cancel(false);
		}
		this.taskAt = earliest;
		long delay = Math.max(0, earliest - this.tcp.refreshNow());
		this.task = this.tcp.loop().schedule(this, delay, TimeUnit.NANOSECONDS);
	}

	/**
	 * Stop everything.
	 */
	void stop() {
		Arrays.fill(this.deadlines, OFF);
		if (this.task != null) {
			this.task.cancel(false);
			this.task = null;
		}
		this.taskAt = OFF;
	}

	@Override
	public void run() {
		this.task = null;
		this.taskAt = OFF;
		long now = this.tcp.refreshNow();
		for (int kind = 0; kind < KINDS; kind++) {
			if (this.deadlines[kind] <= now) {
				this.deadlines[kind] = OFF;
				this.connection.expired(kind, now);
			}
		}
		arm();
	}

}
