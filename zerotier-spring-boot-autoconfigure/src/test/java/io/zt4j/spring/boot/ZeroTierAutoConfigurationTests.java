package io.zt4j.spring.boot;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReference;

import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.identity.IdentityGenerator;
import io.zt4j.node.store.FileStateStore;
import io.zt4j.node.store.MemoryStateStore;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.store.StateStoreException;
import io.zt4j.node.world.World;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.sockets.ZeroTierSockets;
import io.zt4j.spring.boot.actuate.ZeroTierEndpoint;
import io.zt4j.spring.boot.actuate.ZeroTierEndpointAutoConfiguration;
import io.zt4j.spring.boot.actuate.ZeroTierHealthAutoConfiguration;
import io.zt4j.spring.boot.actuate.ZeroTierHealthIndicator;
import io.zt4j.spring.boot.client.OverlayHttpClient;
import io.zt4j.spring.boot.client.ZeroTierClientAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ZeroTierAutoConfiguration} and its companions outside of web
 * applications.
 */
class ZeroTierAutoConfigurationTests {

	// shared: making an identity takes its time
	@TempDir
	private static Path folder;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ZeroTierAutoConfiguration.class, ZeroTierClientAutoConfiguration.class,
				ZeroTierHealthAutoConfiguration.class, ZeroTierEndpointAutoConfiguration.class,
				HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0", "zerotier.port=0",
				"zerotier.bind-addresses=127.0.0.1", "zerotier.root.endpoints=127.0.0.1:19999");

	private ApplicationContextRunner stored() {
		return this.runner.withPropertyValues("zerotier.storage-path=" + folder.resolve("node"));
	}

	@Test
	void nodeRunsAndKeepsItsIdentity() {
		AtomicReference<String> address = new AtomicReference<>();
		stored().run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(ZeroTierNode.class).hasSingleBean(ZeroTierSockets.class);
			assertThat(context.getBean(StateStore.class)).isInstanceOf(FileStateStore.class);
			ZeroTierNode node = context.getBean(ZeroTierNode.class);
			assertThat(node.status().running()).isTrue();
			assertThat(node.isOnline()).as("a root is online by itself").isTrue();
			address.set(node.address().toString());
		});
		stored().run((context) -> assertThat(context.getBean(ZeroTierNode.class).address()).hasToString(address.get()));
		assertThat(folder.resolve("node/identity.public")).content().startsWith(address.get() + ":0:");
	}

	@Test
	void disabledStarterAddsNothing() {
		this.runner.withPropertyValues("zerotier.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(ZeroTierNode.class).doesNotHaveBean(SocketDomain.class);
			assertThat(context).doesNotHaveBean(OverlayHttpClient.class).doesNotHaveBean(ZeroTierHealthIndicator.class);
		});
	}

	@Test
	void nodeStopsWithTheContext() {
		AtomicReference<ZeroTierNode> node = new AtomicReference<>();
		stored().run((context) -> node.set(context.getBean(ZeroTierNode.class)));
		assertThat(node.get().status().running()).isFalse();
	}

	@Test
	void nodeIsUpBeforeAndAfterWebServersAndNeverPaused() {
		stored().run((context) -> {
			SmartLifecycle lifecycle = context.getBean("zeroTierNodeLifecycle", SmartLifecycle.class);
			assertThat(lifecycle.getPhase()).isLessThan(SmartLifecycle.DEFAULT_PHASE - 2048);
			assertThat(lifecycle.isPauseable()).isFalse();
		});
	}

	@Test
	void nodeOutlivesAStopThatIsNoClose() {
		stored().run((context) -> {
			context.getSourceApplicationContext().stop();
			assertThat(context.getBean(ZeroTierNode.class).status().running()).isTrue();
			context.getSourceApplicationContext().start();
			assertThat(context.getBean(ZeroTierNode.class).status().running()).isTrue();
		});
	}

	@Test
	void usersStoreAndCustomizerAreUsed() {
		this.runner.withUserConfiguration(UserConfiguration.class).run((context) -> {
			assertThat(context.getBean(StateStore.class)).isSameAs(UserConfiguration.STORE);
			assertThat(context.getBean(ZeroTierNode.class).identity()).isEqualTo(UserConfiguration.IDENTITY);
		});
	}

	@Test
	void planetStaysTheSameUntilTheEndpointsChange() {
		Path output = folder.resolve("out/planet");
		AtomicReference<World> first = new AtomicReference<>();
		ApplicationContextRunner root = stored().withPropertyValues("zerotier.root.planet-output=" + output);
		root.run((context) -> first.set(World.parse(Files.readAllBytes(output))));
		assertThat(first.get().roots()).singleElement()
			.satisfies((entry) -> assertThat(entry.endpoints())
				.containsExactly(new InetSocketAddress("127.0.0.1", 19999)));
		root.run((context) -> assertThat(World.parse(Files.readAllBytes(output)).toBytes())
			.isEqualTo(first.get().toBytes()));
		root.withPropertyValues("zerotier.root.endpoints=127.0.0.1:19998")
			.run((context) -> assertThat(first.get().isReplacedBy(World.parse(Files.readAllBytes(output)))).isTrue());
	}

	@Test
	void planetOfARootIsLoadedByAnotherNode() {
		Path output = folder.resolve("planet");
		stored().withPropertyValues("zerotier.root.planet-output=" + output)
			.run((context) -> assertThat(context).hasNotFailed());
		ApplicationContextRunner other = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ZeroTierAutoConfiguration.class))
			.withPropertyValues("zerotier.port=0", "zerotier.bind-addresses=127.0.0.1",
					"zerotier.storage-path=" + folder.resolve("other"), "zerotier.planet=file:" + output);
		other.run((context) -> assertThat(context.getBean(ZeroTierNode.class).status().planetId())
			.isEqualTo(World.parse(Files.readAllBytes(output)).id()));
	}

	@Test
	void unreadablePlanetFailsTheStart() throws IOException {
		Path planet = Files.writeString(folder.resolve("planet"), "no planet");
		ApplicationContextRunner leaf = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ZeroTierAutoConfiguration.class))
			.withPropertyValues("zerotier.port=0", "zerotier.storage-path=" + folder.resolve("leaf"));
		leaf.withPropertyValues("zerotier.planet=file:" + planet)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((ex) -> assertThat(cause(ex, UnreadablePlanetException.class)).isNotNull()));
		leaf.withPropertyValues("zerotier.planet=file:" + planet + "-missing")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((ex) -> assertThat(cause(ex, UnreadablePlanetException.class)).isNotNull()));
	}

	@Test
	void unwritableStorageFailsTheStart() throws IOException {
		Path file = Files.writeString(folder.resolve("file"), "not a folder");
		this.runner.withPropertyValues("zerotier.storage-path=" + file.resolve("node"))
			.run((context) -> assertThat(context).getFailure()
				.satisfies((ex) -> assertThat(cause(ex, StateStoreException.class)).isNotNull()));
	}

	@Test
	void portInUseFailsTheStart() throws IOException {
		try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
			stored().withPropertyValues("zerotier.port=" + taken.getLocalPort())
				.run((context) -> assertThat(context).getFailure()
					.satisfies((ex) -> assertThat(cause(ex, UdpPortInUseException.class)).isNotNull()
						.satisfies((cause) -> assertThat(cause.getPort()).isEqualTo(taken.getLocalPort()))));
		}
	}

	@Test
	void silentRootFailsTheStartAfterTheTimeout() throws IOException {
		Path output = folder.resolve("planet");
		stored().withPropertyValues("zerotier.root.planet-output=" + output)
			.run((context) -> assertThat(context).hasNotFailed());
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ZeroTierAutoConfiguration.class))
			.withPropertyValues("zerotier.port=0", "zerotier.bind-addresses=127.0.0.1",
					"zerotier.storage-path=" + folder.resolve("leaf"), "zerotier.planet=file:" + output,
					"zerotier.networks=8056c2e21c000001", "zerotier.startup-timeout=500ms")
			.run((context) -> assertThat(context).getFailure()
				.satisfies(
						(ex) -> assertThat(cause(ex, NetworkNotReadyException.class)).isNotNull().satisfies((cause) -> {
							assertThat(cause.isOnline()).isFalse();
							assertThat(cause.getRoots()).containsExactly(new InetSocketAddress("127.0.0.1", 19999));
						})));
	}

	@Test
	void healthIsDownWhileARequiredNetworkIsMissing() {
		ApplicationContextRunner unready = stored().withPropertyValues("zerotier.startup-timeout=0");
		unready.run((context) -> assertThat(health(context.getBean(ZeroTierHealthIndicator.class)).getStatus())
			.isEqualTo(Status.UP));
		unready.withPropertyValues("zerotier.networks=8056c2e21c000001").run((context) -> {
			Health health = health(context.getBean(ZeroTierHealthIndicator.class));
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("node",
					context.getBean(ZeroTierNode.class).address().toString());
			assertThat(health.getDetails().toString()).contains("8056c2e21c000001")
				.doesNotContain(secret(context.getBean(ZeroTierNode.class)));
		});
		unready.withPropertyValues("zerotier.networks[0].id=8056c2e21c000001", "zerotier.networks[0].required=false")
			.run((context) -> assertThat(health(context.getBean(ZeroTierHealthIndicator.class)).getStatus())
				.isEqualTo(Status.UP));
	}

	@Test
	void endpointShowsNodeAndNetworksAndNoSecret() {
		stored()
			.withPropertyValues("zerotier.startup-timeout=0", "zerotier.networks=8056c2e21c000001",
					"management.endpoints.web.exposure.include=zerotier",
					"management.endpoints.jmx.exposure.include=zerotier")
			.run((context) -> {
				ZeroTierNode node = context.getBean(ZeroTierNode.class);
				ZeroTierEndpoint.ZeroTierDescriptor answer = context.getBean(ZeroTierEndpoint.class).zerotier();
				assertThat(answer.node().address()).isEqualTo(node.address().toString());
				assertThat(answer.node().root()).isTrue();
				assertThat(answer.networks()).extracting(ZeroTierEndpoint.NetworkDescriptor::id)
					.containsExactly("8056c2e21c000001");
				assertThat(answer.toString()).doesNotContain(secret(node));
			});
	}

	@Test
	void endpointIsNotThereUnlessExposed() {
		stored().run((context) -> assertThat(context).doesNotHaveBean(ZeroTierEndpoint.class));
	}

	@Test
	void clientBuildersRouteUnlessSwitchedOff() {
		stored().run((context) -> {
			assertThat(context.getBean(ClientHttpConnectorBuilder.class).build()).asString()
				.startsWith("ZeroTier destinations by");
			assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class).build()).asString()
				.startsWith("ZeroTier destinations by");
		});
		stored().withPropertyValues("zerotier.client.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(OverlayHttpClient.class);
			assertThat(context.getBean(ClientHttpConnectorBuilder.class).build().toString()).doesNotContain("ZeroTier");
		});
	}

	@Test
	void starterWorksWithoutReactorNettyActuatorAndHttpClients() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(ZeroTierAutoConfiguration.class, ZeroTierClientAutoConfiguration.class,
							ZeroTierHealthAutoConfiguration.class, ZeroTierEndpointAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(HttpClient.class, ClientHttpConnectorBuilder.class,
					ClientHttpRequestFactoryBuilder.class, Health.class))
			.withUserConfiguration(UserConfiguration.class)
			.withPropertyValues("zerotier.port=0", "zerotier.bind-addresses=127.0.0.1",
					"zerotier.root.endpoints=127.0.0.1:19999")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ZeroTierNode.class));
	}

	private static Health health(ZeroTierHealthIndicator indicator) {
		Health health = indicator.health(true);
		assertThat(health).isNotNull();
		return health;
	}

	private static String secret(ZeroTierNode node) {
		String text = node.identity().secretString();
		return text.substring(text.lastIndexOf(':') + 1);
	}

	private static <T extends Throwable> T cause(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		throw new AssertionError("No " + type.getSimpleName() + " in the causes", failure);
	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfiguration {

		static final Identity IDENTITY = IdentityGenerator.generate(new SecureRandom());

		static final MemoryStateStore STORE = new MemoryStateStore();

		@Bean
		StateStore userStore() {
			return STORE;
		}

		@Bean
		ZeroTierNodeCustomizer identityCustomizer() {
			return (builder) -> {
				STORE.write("identity.secret", IDENTITY.secretString().getBytes(StandardCharsets.US_ASCII));
				builder.identity(IDENTITY);
			};
		}

	}

}
