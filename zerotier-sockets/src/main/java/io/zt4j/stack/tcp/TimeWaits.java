package io.zt4j.stack.tcp;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * All connections in TIME-WAIT, on one timer. Bounded: the oldest makes place. Confined
 * to the event loop.
 */
final class TimeWaits implements Runnable {

	private static final int MAX = 32_768;

	private final TcpProtocol tcp;

	private final ArrayDeque<TimeWait> queue = new ArrayDeque<>();

	private @Nullable ScheduledFuture<?> task;

	TimeWaits(TcpProtocol tcp) {
		this.tcp = tcp;
	}

	void add(TimeWait timeWait) {
		if (this.queue.size() >= MAX) {
			end(this.queue.remove());
		}
		this.queue.add(timeWait);
		schedule();
	}

	/**
	 * Forget one before its time; its place in the queue is cleared later.
	 * @param timeWait the flow
	 */
	void end(TimeWait timeWait) {
		if (!timeWait.isOver()) {
			timeWait.end();
			this.tcp.remove(timeWait);
		}
	}

	private void schedule() {
		TimeWait first = this.queue.peek();
		if (this.task == null && first != null) {
			long delay = Math.max(0, first.queuedUntil() - this.tcp.now());
			this.task = this.tcp.loop().schedule(this, delay, TimeUnit.NANOSECONDS);
		}
	}

	void stop() {
		if (this.task != null) {
			this.task.cancel(false);
			this.task = null;
		}
		this.queue.clear();
	}

	@Override
	public void run() {
		this.task = null;
		long now = this.tcp.refreshNow();
		for (int i = this.queue.size(); i > 0; i--) {
			TimeWait first = this.queue.element();
			if (!first.isOver() && first.queuedUntil() > now) {
				break;
			}
			this.queue.remove();
			if (!first.isOver() && first.deadline() > now) {
				// it was extended meanwhile
				this.queue.add(first.queueAgain());
			}
			else {
				end(first);
			}
		}
		schedule();
	}

}
