package io.zt4j.spring.boot.server;

import io.zt4j.netty.ZeroTierLoopResources;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.spring.boot.ZeroTierAutoConfiguration;
import io.zt4j.spring.boot.ZeroTierProperties;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * Auto-configuration of the web server on the ZeroTier addresses, beside the host's
 * server or instead of it ({@code zerotier.server.mode}). Switched off by
 * {@code zerotier.server.enabled=false}.
 */
@AutoConfiguration(after = ZeroTierAutoConfiguration.class, before = NettyReactiveWebServerAutoConfiguration.class)
@ConditionalOnClass({ HttpServer.class, HttpHandler.class, NettyReactiveWebServerFactory.class,
		ZeroTierLoopResources.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBean(SocketDomain.class)
@ConditionalOnBooleanProperty(name = "zerotier.server.enabled", matchIfMissing = true)
public final class ZeroTierServerAutoConfiguration {

	private static final int DEFAULT_PORT = 8080;

	@Bean
	@ConditionalOnMissingBean
	OverlayWebServerFactory zeroTierWebServerFactory(SocketDomain domain,
			ObjectProvider<ZeroTierServerCustomizer> customizers) {
		return new OverlayWebServerFactory(domain, customizers.orderedStream().toList());
	}

	private static int port(ZeroTierProperties properties, Environment environment) {
		Integer port = properties.server().port();
		return (port != null) ? port : environment.getProperty("server.port", Integer.class, DEFAULT_PORT);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "zerotier.server.mode", havingValue = "beside", matchIfMissing = true)
	static class BesideConfiguration {

		@Bean
		@ConditionalOnMissingBean
		OverlayWebServer zeroTierWebServer(ApplicationContext context, OverlayWebServerFactory overlay,
				ZeroTierProperties properties, ObjectProvider<HttpHandler> handler,
				ObjectProvider<NettyRouteProvider> routes) {
			return new OverlayWebServer(context, () -> {
				NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
				AutowireCapableBeanFactory beans = context.getAutowireCapableBeanFactory();
				// applies server.* as to the host's server: TLS, compression, HTTP/2,
				// shutdown
				beans.applyBeanPostProcessorsBeforeInitialization(factory, "zeroTierNettyReactiveWebServerFactory");
				factory.setPort(port(properties, context.getEnvironment()));
				factory.setAddress(null);
				routes.orderedStream().forEach(factory::addRouteProviders);
				overlay.moveToOverlay(factory);
				return factory.getWebServer(handler.getObject());
			});
		}

		@Bean
		@ConditionalOnMissingBean
		OverlayGracefulShutdown zeroTierWebServerGracefulShutdown(OverlayWebServer webServer) {
			return new OverlayGracefulShutdown(webServer);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "zerotier.server.mode", havingValue = "instead")
	@ConditionalOnMissingBean(ReactiveWebServerFactory.class)
	static class InsteadConfiguration {

		@Bean
		NettyReactiveWebServerFactory zeroTierReactiveWebServerFactory(OverlayWebServerFactory overlay,
				ObjectProvider<NettyRouteProvider> routes) {
			NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
			routes.orderedStream().forEach(factory::addRouteProviders);
			overlay.moveToOverlay(factory);
			return factory;
		}

		@Bean
		OverlayPortCustomizer zeroTierPortCustomizer(ZeroTierProperties properties, Environment environment) {
			return new OverlayPortCustomizer(port(properties, environment));
		}

	}

}
