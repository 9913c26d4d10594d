package io.zt4j.spring.boot.server;

import java.time.Duration;
import java.util.List;

import io.zt4j.netty.ZeroTierLoopResources;
import io.zt4j.sockets.SocketDomain;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;

/**
 * Turns ordinary factories of Reactor Netty servers into factories of servers on the
 * ZeroTier addresses. The factory stays of Spring Boot's own class, because the
 * management context makes another one of that class for the host.
 */
class OverlayWebServerFactory implements AutoCloseable {

	private final LoopResources loops;

	private final List<ZeroTierServerCustomizer> customizers;

	OverlayWebServerFactory(SocketDomain domain, List<ZeroTierServerCustomizer> customizers) {
		this.loops = ZeroTierLoopResources.create(domain);
		this.customizers = List.copyOf(customizers);
	}

	/**
	 * Move a factory's servers onto the overlay. Works as long as the factory has no
	 * resource factory, whose loops would be applied last.
	 * @param factory the factory
	 */
	void moveToOverlay(NettyReactiveWebServerFactory factory) {
		factory.addServerCustomizers(this::customize);
	}

	private HttpServer customize(HttpServer server) {
		HttpServer result = server.runOn(this.loops);
		for (ZeroTierServerCustomizer customizer : this.customizers) {
			result = customizer.customize(result);
		}
		return result;
	}

	@Override
	public void close() {
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(Duration.ofSeconds(5));
	}

}
