package io.zt4j.node;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to listeners in order, one at a time, on an executor that may have any
 * number of threads. At most {@value #CAPACITY} events wait; then the oldest are lost.
 */
final class EventDelivery {

	static final int CAPACITY = 10_000;

	private static final Logger logger = LoggerFactory.getLogger(EventDelivery.class);

	private final Executor executor;

	private final List<Consumer<NodeEvent>> listeners = new CopyOnWriteArrayList<>();

	private final ArrayDeque<NodeEvent> queue = new ArrayDeque<>();

	private boolean scheduled;

	EventDelivery(Executor executor) {
		this.executor = executor;
	}

	void add(Consumer<NodeEvent> listener) {
		this.listeners.add(listener);
	}

	void remove(Consumer<NodeEvent> listener) {
		this.listeners.remove(listener);
	}

	void publish(NodeEvent event) {
		synchronized (this.queue) {
			if (this.queue.size() >= CAPACITY) {
				logger.warn("Listeners are too slow: lost {}", this.queue.remove());
			}
			this.queue.add(event);
			if (this.scheduled) {
				return;
			}
			this.scheduled = true;
		}
		try {
			this.executor.execute(this::deliver);
		}
		catch (RejectedExecutionException ex) {
			synchronized (this.queue) {
				this.scheduled = false;
			}
			logger.warn("The listener executor refuses {}: {}", event, ex.toString());
		}
	}

	private void deliver() {
		while (true) {
			NodeEvent event;
			synchronized (this.queue) {
				event = this.queue.poll();
				if (event == null) {
					this.scheduled = false;
					return;
				}
			}
			for (Consumer<NodeEvent> listener : this.listeners) {
				try {
					listener.accept(event);
				}
				catch (RuntimeException ex) {
					logger.warn("A listener failed on {}", event, ex);
				}
			}
		}
	}

}
