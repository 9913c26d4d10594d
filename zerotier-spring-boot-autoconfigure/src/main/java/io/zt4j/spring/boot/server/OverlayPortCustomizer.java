package io.zt4j.spring.boot.server;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Has the last word on the port of a server that is on the ZeroTier addresses only, and
 * clears {@code server.address}, which names an address of the host.
 */
class OverlayPortCustomizer implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {

	private final int port;

	OverlayPortCustomizer(int port) {
		this.port = port;
	}

	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		factory.setPort(this.port);
		factory.setAddress(null);
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
