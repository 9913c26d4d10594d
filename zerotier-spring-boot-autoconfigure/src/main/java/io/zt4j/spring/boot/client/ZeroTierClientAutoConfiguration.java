package io.zt4j.spring.boot.client;

import io.zt4j.netty.NameSource;
import io.zt4j.netty.ZeroTierLoopResources;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.spring.boot.Subnet;
import io.zt4j.spring.boot.ZeroTierAutoConfiguration;
import io.zt4j.spring.boot.ZeroTierProperties;
import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;

/**
 * Auto-configuration of HTTP clients that reach ZeroTier networks: every
 * {@code WebClient}, {@code RestClient} and HTTP service client made by Spring Boot
 * routes by destination. Switched off by {@code zerotier.client.enabled=false}.
 */
@AutoConfiguration(after = ZeroTierAutoConfiguration.class)
@ConditionalOnClass({ HttpClient.class, ZeroTierLoopResources.class })
@ConditionalOnBean(SocketDomain.class)
@ConditionalOnBooleanProperty(name = "zerotier.client.enabled", matchIfMissing = true)
public final class ZeroTierClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	OverlayRoutes zeroTierRoutes(SocketDomain domain, ZeroTierProperties properties) {
		ZeroTierProperties.Client client = properties.client();
		return new OverlayRoutes(domain, client.suffixes(), client.subnets().stream().map(Subnet::parse).toList(),
				client.hosts());
	}

	@Bean
	@ConditionalOnMissingBean
	OverlayHttpClient zeroTierHttpClient(SocketDomain domain, OverlayRoutes routes, ObjectProvider<NameSource> names,
			ObjectProvider<ZeroTierHttpClientCustomizer> customizers) {
		return new OverlayHttpClient(domain, routes, names.getIfAvailable(), customizers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	OverlayClientLifecycle zeroTierClientLifecycle(ConfigurableApplicationContext context, OverlayHttpClient client) {
		return new OverlayClientLifecycle(context, client);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ClientHttpConnectorBuilder.class, ReactorClientHttpConnector.class })
	static class ReactiveConfiguration {

		@Bean
		static BeanPostProcessor zeroTierClientHttpConnectorBuilderPostProcessor(
				ObjectProvider<OverlayHttpClient> overlay) {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					return (bean instanceof ClientHttpConnectorBuilder<?> builder)
							? new RoutingClientHttpConnectorBuilder(builder, overlay::getObject) : bean;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ClientHttpRequestFactoryBuilder.class)
	static class ImperativeConfiguration {

		@Bean
		static BeanPostProcessor zeroTierClientHttpRequestFactoryBuilderPostProcessor(
				ObjectProvider<OverlayHttpClient> overlay) {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					return (bean instanceof ClientHttpRequestFactoryBuilder<?> builder)
							? new RoutingClientHttpRequestFactoryBuilder(builder, overlay::getObject) : bean;
				}

			};
		}

	}

}
