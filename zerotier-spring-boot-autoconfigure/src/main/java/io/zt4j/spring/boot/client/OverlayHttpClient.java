package io.zt4j.spring.boot.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.zt4j.netty.NameSource;
import io.zt4j.netty.ZeroTierAddressResolverGroup;
import io.zt4j.netty.ZeroTierLoopResources;
import io.zt4j.sockets.SocketDomain;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Makes Reactor Netty clients whose connections run through the ZeroTier networks. Owns
 * their event loops and their connection pool. Thread-safe.
 */
public final class OverlayHttpClient implements AutoCloseable {

	private final OverlayRoutes routes;

	private final ZeroTierAddressResolverGroup resolver;

	private final LoopResources loops;

	private final ConnectionProvider connections;

	private final List<ZeroTierHttpClientCustomizer> customizers;

	/**
	 * Create the factory; nothing is connected.
	 * @param domain the stacks of the joined networks
	 * @param routes knows the configured hosts
	 * @param names asked for names that are not configured, if there is one
	 * @param customizers applied to every client
	 */
	public OverlayHttpClient(SocketDomain domain, OverlayRoutes routes, @Nullable NameSource names,
			List<ZeroTierHttpClientCustomizer> customizers) {
		this.routes = routes;
		this.resolver = ZeroTierAddressResolverGroup.of((name) -> lookup(routes, names, name));
		this.loops = ZeroTierLoopResources.create(domain);
		this.connections = ConnectionProvider.builder("zerotier").maxConnections(500).build();
		this.customizers = List.copyOf(customizers);
	}

	private static CompletionStage<List<InetAddress>> lookup(OverlayRoutes routes, @Nullable NameSource names,
			String name) {
		List<InetAddress> configured = routes.addresses(name);
		if (!configured.isEmpty()) {
			return CompletableFuture.completedFuture(configured);
		}
		return (names != null) ? names.lookup(name) : CompletableFuture.failedFuture(
				new UnknownHostException("this ZeroTier name has no address; add it to zerotier.client.hosts"));
	}

	/**
	 * Return what decides between overlay and host network.
	 * @return the routes
	 */
	public OverlayRoutes routes() {
		return this.routes;
	}

	/**
	 * Make a client that connects through the overlay only.
	 * @return a new client
	 */
	public HttpClient create() {
		HttpClient client = HttpClient.create(this.connections).runOn(this.loops).resolver(this.resolver);
		for (ZeroTierHttpClientCustomizer customizer : this.customizers) {
			client = customizer.customize(client);
		}
		return client;
	}

	/**
	 * Close all connections; idempotent.
	 */
	@Override
	public void close() {
		if (this.loops.isDisposed()) {
			return;
		}
		this.connections.disposeLater().block(Duration.ofSeconds(5));
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(Duration.ofSeconds(5));
		this.resolver.close();
	}

}
