package io.zt4j.spring.boot.event;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.zt4j.node.NodeEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Turns a node's events into application events, on a thread of its own. Until the
 * application is ready they are kept, {@value #LIMIT} at most; of more, the oldest are
 * dropped.
 */
public class NodeEventPublisher
		implements Consumer<NodeEvent>, ApplicationListener<ApplicationReadyEvent>, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(NodeEventPublisher.class);

	static final int LIMIT = 1024;

	private final ApplicationContext context;

	private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "zerotier-events");
		thread.setDaemon(true);
		return thread;
	});

	// confined to the executor
	private final Deque<NodeEvent> early = new ArrayDeque<>();

	private long dropped;

	private boolean ready;

	/**
	 * Create the publisher.
	 * @param context where application events go
	 */
	public NodeEventPublisher(ApplicationContext context) {
		this.context = context;
	}

	/**
	 * Return what the node must call this publisher on: its listener executor.
	 * @return an executor of one thread; tasks given after {@link #close()} are ignored
	 */
	public Executor executor() {
		return (task) -> {
			if (!this.executor.isShutdown()) {
				this.executor.execute(task);
			}
		};
	}

	/**
	 * Publish or keep an event. Called on {@link #executor()}.
	 * @param event what happened
	 */
	@Override
	public void accept(NodeEvent event) {
		if (this.ready) {
			publish(event);
			return;
		}
		if (this.early.size() == LIMIT) {
			this.early.removeFirst();
			this.dropped++;
		}
		this.early.addLast(event);
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (event.getApplicationContext() == this.context) {
			executor().execute(this::release);
		}
	}

	private void release() {
		if (this.dropped > 0) {
			logger.warn("Dropped {} ZeroTier events that happened before the application was ready", this.dropped);
		}
		while (!this.early.isEmpty()) {
			publish(this.early.removeFirst());
		}
		this.ready = true;
	}

	private void publish(NodeEvent event) {
		try {
			this.context.publishEvent(ZeroTierNodeEvent.of(this, event));
		}
		catch (RuntimeException ex) {
			logger.warn("A listener failed on {}", event, ex);
		}
	}

	/**
	 * Wait, two seconds at most, until the events given so far are published.
	 */
	public void drain() {
		try {
			this.executor.submit(() -> {
			}).get(2, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.debug("ZeroTier events were not published in time", ex);
		}
	}

	@Override
	public void close() {
		this.executor.shutdown();
	}

}
