package io.zt4j.spring.boot.server;

import java.nio.file.Path;

import io.zt4j.spring.boot.ZeroTierAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.TestSocketUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ZeroTierServerAutoConfiguration}. What is served is the matter of
 * {@link OverlayApplicationsTests}.
 */
class ZeroTierServerAutoConfigurationTests {

	// shared: making an identity takes its time
	@TempDir
	private static Path folder;

	private ReactiveWebApplicationContextRunner runner() {
		return new ReactiveWebApplicationContextRunner(AnnotationConfigReactiveWebServerApplicationContext::new)
			.withInitializer(new ZeroTierServerPortInitializer())
			.withConfiguration(AutoConfigurations.of(ZeroTierAutoConfiguration.class,
					ZeroTierServerAutoConfiguration.class, NettyReactiveWebServerAutoConfiguration.class,
					HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class))
			.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0", "server.port=0",
					"zerotier.server.port=8080", "zerotier.port=0", "zerotier.bind-addresses=127.0.0.1",
					"zerotier.root.endpoints=127.0.0.1:19999", "zerotier.storage-path=" + folder);
	}

	@Test
	void secondServerStandsBesideTheFirst() {
		runner().run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(OverlayWebServer.class)
				.hasSingleBean(ReactiveWebServerFactory.class);
			assertThat(context.getEnvironment().getProperty("local.zerotier.server.port")).isEqualTo("8080");
			assertThat(context.getEnvironment().getProperty("zerotier.server.mode")).isNull();
		});
	}

	@Test
	void portIsThatOfTheHostsServerUnlessSet() {
		String port = String.valueOf(TestSocketUtils.findAvailableTcpPort());
		runner().withPropertyValues("zerotier.server.port=", "server.port=" + port)
			.run((context) -> assertThat(context.getEnvironment().getProperty("local.zerotier.server.port"))
				.isEqualTo(port));
	}

	@Test
	void serverOnTheZeroTierAddressesOnlyReplacesTheHosts() {
		runner().withPropertyValues("zerotier.server.mode=instead").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(OverlayWebServer.class);
			assertThat(context).getBean(ReactiveWebServerFactory.class)
				.isSameAs(context.getBean("zeroTierReactiveWebServerFactory"));
			assertThat(((ReactiveWebServerApplicationContext) context.getSourceApplicationContext()).getWebServer()
				.getPort()).isEqualTo(8080);
		});
	}

	@Test
	void factoryOfTheOverlayHasTheClassTheManagementContextCopies() {
		runner().withPropertyValues("zerotier.server.mode=instead")
			.run((context) -> assertThat(context.getBean(ReactiveWebServerFactory.class).getClass())
				.isEqualTo(NettyReactiveWebServerFactory.class));
	}

	@Test
	void usersFactoryIsKept() {
		runner().withUserConfiguration(UserFactory.class)
			.withPropertyValues("zerotier.server.mode=instead")
			.run((context) -> assertThat(context).getBean(ReactiveWebServerFactory.class)
				.isSameAs(context.getBean("userFactory")));
	}

	@Test
	void nothingIsServedWhenSwitchedOff() {
		runner().withPropertyValues("zerotier.server.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(OverlayWebServer.class)
				.doesNotHaveBean(OverlayWebServerFactory.class));
		runner().withPropertyValues("zerotier.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(OverlayWebServer.class));
	}

	@Test
	void applicationsWithoutReactiveServerHaveNoSecondOne() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(ZeroTierAutoConfiguration.class, ZeroTierServerAutoConfiguration.class))
			.withPropertyValues("zerotier.port=0", "zerotier.bind-addresses=127.0.0.1",
					"zerotier.root.endpoints=127.0.0.1:19999", "zerotier.storage-path=" + folder)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(OverlayWebServerFactory.class));
	}

	@Test
	void secondServerStartsWithWebServersAndIsNeverPaused() {
		runner().run((context) -> {
			SmartLifecycle server = context.getBean(OverlayWebServer.class);
			assertThat(server.getPhase()).isEqualTo(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
			assertThat(server.isPauseable()).isFalse();
			SmartLifecycle shutdown = context.getBean(OverlayGracefulShutdown.class);
			assertThat(shutdown.getPhase()).isEqualTo(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
		});
	}

	@Test
	void secondServerIsStoppedAndStartedAgainWithTheContext() {
		runner().run((context) -> {
			OverlayWebServer server = context.getBean(OverlayWebServer.class);
			context.getSourceApplicationContext().stop();
			assertThat(server.isRunning()).isFalse();
			context.getSourceApplicationContext().start();
			assertThat(server.isRunning()).isTrue();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class UserFactory {

		@Bean
		NettyReactiveWebServerFactory userFactory() {
			return new NettyReactiveWebServerFactory(0);
		}

	}

}
