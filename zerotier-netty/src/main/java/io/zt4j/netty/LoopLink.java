package io.zt4j.netty;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * The two event loops a socket lives on: the stack's, and the channel's, which may be the
 * same, may change, and may be missing while the channel is not registered. Wakes either
 * side at most once per batch. A side that is the caller's own loop is called directly.
 */
final class LoopLink {

	private final EventLoop stackLoop;

	private final Runnable stackTask;

	private final Runnable channelTask;

	private final Runnable onGone;

	private final AtomicBoolean stackWoken = new AtomicBoolean();

	private final AtomicBoolean channelWoken = new AtomicBoolean();

	private volatile @Nullable EventLoop channelLoop;

	/**
	 * Create a link.
	 * @param stackLoop the stack's loop
	 * @param onStack what the stack's side does when woken
	 * @param onChannel what the channel's side does when woken
	 * @param onGone what the stack's side does when the channel's loop is shut down
	 */
	LoopLink(EventLoop stackLoop, Runnable onStack, Runnable onChannel, Runnable onGone) {
		this.onGone = onGone;
		this.stackLoop = stackLoop;
		this.stackTask = () -> {
			this.stackWoken.set(false);
			onStack.run();
		};
		this.channelTask = () -> {
			this.channelWoken.set(false);
			onChannel.run();
		};
	}

	/**
	 * Set the channel's loop.
	 * @param loop the loop, or null if the channel is not registered
	 */
	void attach(@Nullable EventLoop loop) {
		this.channelLoop = loop;
	}

	/**
	 * Whether both sides are one loop, so that the stack may be called directly.
	 * @return true if there is nothing to hand over
	 */
	boolean isInline() {
		return this.channelLoop == this.stackLoop;
	}

	/**
	 * Whether the channel lives on another loop than the stack.
	 * @return true if data must be handed over
	 */
	boolean isRemote() {
		EventLoop loop = this.channelLoop;
		return loop != null && loop != this.stackLoop;
	}

	/**
	 * Have the stack's side look at what there is to do.
	 */
	void wakeStack() {
		if (this.stackLoop.inEventLoop()) {
			this.stackTask.run();
		}
		else if (this.stackWoken.compareAndSet(false, true)) {
			executeOnStack(this.stackTask);
		}
	}

	/**
	 * Have the channel's side look at what there is to do.
	 */
	void wakeChannel() {
		EventLoop loop = this.channelLoop;
		if (loop == null) {
			return;
		}
		if (loop.inEventLoop()) {
			this.channelTask.run();
		}
		else {
			wakeChannelLater();
		}
	}

	/**
	 * Have the channel's side look at what there is to do, but after what this thread is
	 * doing, so that it finds a whole batch.
	 */
	void wakeChannelLater() {
		EventLoop loop = this.channelLoop;
		if (loop != null && this.channelWoken.compareAndSet(false, true)) {
			try {
				loop.execute(this.channelTask);
			}
			catch (RejectedExecutionException ex) {
				this.channelLoop = null;
				this.onGone.run();
			}
		}
	}

	/**
	 * Run a task on the stack's loop, directly if this is it.
	 * @param task the task
	 */
	void onStack(Runnable task) {
		if (this.stackLoop.inEventLoop()) {
			task.run();
		}
		else {
			executeOnStack(task);
		}
	}

	private void executeOnStack(Runnable task) {
		try {
			this.stackLoop.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The stack's loop is shut down: nothing runs there any more, and the task
			// must
			// run, or buffers would leak and close would never complete.
			task.run();
		}
	}

}
