package io.zt4j.stack.ethernet;

import java.net.InetAddress;
import java.util.ArrayDeque;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the {@link NeighbourCache}.
 */
public final class Neighbour {

	final InetAddress address;

	State state = State.NONE;

	long mac;

	long reachableUntil;

	int probes;

	@Nullable Future<?> timer;

	@Nullable ArrayDeque<ByteBuf> queue;

	int queuedBytes;

	boolean removed;

	Neighbour(InetAddress address) {
		this.address = address;
	}

	/**
	 * Return the IP address.
	 * @return the address
	 */
	public InetAddress address() {
		return this.address;
	}

	/**
	 * Whether the cache forgot this entry; look up another one.
	 * @return true if so
	 */
	public boolean isRemoved() {
		return this.removed;
	}

	/**
	 * Return the state.
	 * @return the state
	 */
	public State state() {
		return this.state;
	}

	void stopTimer() {
		Future<?> running = this.timer;
		if (running != null) {
			running.cancel(false);
			this.timer = null;
		}
	}

	/**
	 * States of an entry (RFC 4861 7.3.2).
	 */
	public enum State {

		/** Nothing was sent yet. */
		NONE,

		/** Being resolved. */
		INCOMPLETE,

		/** Known to be reachable. */
		REACHABLE,

		/** Not known to be reachable, nothing sent lately. */
		STALE,

		/** Sent something lately, waiting for a hint. */
		DELAY,

		/** Being probed. */
		PROBE

	}

}
