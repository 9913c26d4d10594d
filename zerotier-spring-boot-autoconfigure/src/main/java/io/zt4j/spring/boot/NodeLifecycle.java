package io.zt4j.spring.boot;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.world.World;
import io.zt4j.spring.boot.event.NodeEventPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the node before, and stops it after, every web server. A node is started once,
 * so it outlives a stop of the context that is no close.
 */
class NodeLifecycle implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(NodeLifecycle.class);

	private final ConfigurableApplicationContext context;

	private final ZeroTierNode node;

	private final ZeroTierProperties properties;

	private final NodeRoles roles;

	private final NodeEventPublisher publisher;

	private volatile boolean running;

	NodeLifecycle(ConfigurableApplicationContext context, ZeroTierNode node, ZeroTierProperties properties,
			NodeRoles roles, NodeEventPublisher publisher) {
		this.context = context;
		this.node = node;
		this.properties = properties;
		this.roles = roles;
		this.publisher = publisher;
	}

	@Override
	public void start() {
		if (this.running) {
			return;
		}
		this.node.addListener(this.publisher);
		startNode();
		this.running = true;
		logger.info("ZeroTier node {} listens on {}", this.node.address(), this.node.status().localEndpoints());
		this.roles.started(this.node);
		this.properties.networks().forEach((membership) -> this.node.join(membership.network()));
		awaitNetworks();
	}

	private void startNode() {
		try {
			this.node.start().toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
				if (cause instanceof BindException) {
					throw new UdpPortInUseException(this.properties.port(), cause);
				}
			}
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	private void awaitNetworks() {
		Duration timeout = this.properties.startupTimeout();
		Semaphore changed = new Semaphore(0);
		Consumer<NodeEvent> listener = (event) -> changed.release();
		this.node.addListener(listener);
		try {
			long deadline = System.nanoTime() + timeout.toNanos();
			List<NetworkReadiness> missing = missing();
			while (!missing.isEmpty() && !timeout.isZero()) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					throw new NetworkNotReadyException(this.node.address(), this.node.isOnline(), missing, roots(),
							timeout);
				}
				// events wake at once; the poll covers states that change without one
				changed.tryAcquire(Math.min(left, TimeUnit.MILLISECONDS.toNanos(200)), TimeUnit.NANOSECONDS);
				changed.drainPermits();
				missing = missing();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for ZeroTier networks", ex);
		}
		finally {
			this.node.removeListener(listener);
		}
		NetworkReadiness.of(this.node, this.properties)
			.forEach((network) -> logger.info("ZeroTier network {} ({}): {} {}", network.network(), network.name(),
					network.status(), network.addresses()));
	}

	private List<NetworkReadiness> missing() {
		return NetworkReadiness.of(this.node, this.properties)
			.stream()
			.filter((network) -> network.required() && !network.isReady())
			.toList();
	}

	private List<InetSocketAddress> roots() {
		World planet = this.roles.planet();
		return (planet != null) ? planet.roots().stream().flatMap((root) -> root.endpoints().stream()).toList()
				: List.of();
	}

	@Override
	public void stop() {
		if (this.running && this.context.isClosed()) {
			this.running = false;
			this.roles.stopping();
			this.node.close();
			this.publisher.drain();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return NodePhase.NODE;
	}

}
