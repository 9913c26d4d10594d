package io.zt4j.node.controller;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

import io.netty.channel.EventLoop;

/**
 * Work of a controller, done one configuration per turn of the event loop, so that
 * signing does not hold up the node's packets. Each member waits at most once; a request
 * takes the place of a push.
 */
final class RequestQueue {

	static final int MAX_REQUESTS = 1024;

	/** Work for nobody's request: a push. */
	static final long NO_REQUEST = 0;

	private final EventLoop loop;

	private final BiConsumer<Session, Long> worker;

	private final Map<Session, Long> waiting = new LinkedHashMap<>();

	private int requests;

	private boolean scheduled;

	/**
	 * Create a queue.
	 * @param loop the event loop
	 * @param worker takes a session and the ID of its request, or {@link #NO_REQUEST}
	 */
	RequestQueue(EventLoop loop, BiConsumer<Session, Long> worker) {
		this.loop = loop;
		this.worker = worker;
	}

	/*
	 * Queue a request.
	 *
	 * @return false if there are too many
	 */
	boolean request(Session session, long requestId) {
		Long previous = this.waiting.get(session);
		if (previous == null || previous == NO_REQUEST) {
			if (this.requests >= MAX_REQUESTS) {
				return false;
			}
			this.requests++;
		}
		this.waiting.put(session, requestId);
		schedule();
		return true;
	}

	/* Queue a push, unless a configuration is due anyway. */
	void push(Session session) {
		if (this.waiting.putIfAbsent(session, NO_REQUEST) == null) {
			schedule();
		}
	}

	/* Forget a session's work. */
	void remove(Session session) {
		Long requestId = this.waiting.remove(session);
		if (requestId != null && requestId != NO_REQUEST) {
			this.requests--;
		}
	}

	private void schedule() {
		if (!this.scheduled) {
			this.scheduled = true;
			this.loop.execute(this::next);
		}
	}

	private void next() {
		this.scheduled = false;
		if (this.waiting.isEmpty()) {
			return;
		}
		Map.Entry<Session, Long> entry = this.waiting.entrySet().iterator().next();
		Session session = entry.getKey();
		long requestId = entry.getValue();
		remove(session);
		if (!this.waiting.isEmpty()) {
			schedule();
		}
		this.worker.accept(session, requestId);
	}

}
