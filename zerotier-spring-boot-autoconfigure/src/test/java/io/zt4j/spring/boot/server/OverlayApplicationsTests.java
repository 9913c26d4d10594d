package io.zt4j.spring.boot.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.network.NetworkStatus;
import io.zt4j.spring.boot.NetworkNotReadyException;
import io.zt4j.spring.boot.actuate.ZeroTierEndpoint;
import io.zt4j.spring.boot.event.ZeroTierNodeEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of whole applications over real UDP: root and controller, a server beside the
 * host's, a server instead of the host's, and a client.
 */
class OverlayApplicationsTests {

	private static final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	@TempDir
	private static Path folder;

	private static ConfigurableApplicationContext beside;

	private static ConfigurableApplicationContext instead;

	private static ConfigurableApplicationContext client;

	@BeforeAll
	static void start() throws IOException {
		int port = freeUdpPort();
		List<String> controller = new ArrayList<>(
				List.of("zerotier.port=" + port, "zerotier.root.endpoints=127.0.0.1:" + port,
						"zerotier.controller.networks.test.pools=10.147.17.100-10.147.17.200",
						"zerotier.controller.networks.test.routes=10.147.17.0/24",
						"zerotier.controller.networks.test.rfc4193=true",
						"zerotier.controller.networks.test.invitation=" + invitation()));
		member(controller, "beside", "10.147.17.10");
		member(controller, "instead", "10.147.17.11");
		member(controller, "client", "10.147.17.12");
		run("controller", WebApplicationType.NONE, controller.toArray(String[]::new));
		beside = run("beside", WebApplicationType.REACTIVE, "server.port=0", "zerotier.server.port=8080");
		instead = run("instead", WebApplicationType.REACTIVE, "zerotier.server.mode=instead",
				"zerotier.server.port=9000", "server.address=127.0.0.1");
		client = run("client", WebApplicationType.NONE);
	}

	@AfterAll
	static void stop() {
		for (int i = contexts.size() - 1; i >= 0; i--) {
			contexts.get(i).close();
		}
		contexts.clear();
	}

	@Test
	void webClientReachesTheOverlayByAddressAndByName() {
		WebClient web = client.getBean(WebClient.Builder.class).build();
		for (String host : List.of("10.147.17.10", "beside.test.zt")) {
			assertThat(get(web, "http://" + host + ":8080/where")).isEqualTo("beside 10.147.17.10:8080 10.147.17.12");
		}
	}

	@Test
	void restClientReachesTheOverlayByAddressAndByName() {
		RestClient rest = client.getBean(RestClient.Builder.class).build();
		for (String host : List.of("10.147.17.10", "beside.test.zt")) {
			assertThat(rest.get().uri("http://" + host + ":8080/where").retrieve().body(String.class))
				.isEqualTo("beside 10.147.17.10:8080 10.147.17.12");
		}
	}

	@Test
	void sameClientsReachTheHostsNetwork() {
		String port = beside.getEnvironment().getProperty("local.server.port");
		String url = "http://127.0.0.1:" + port + "/where";
		String expected = "beside 127.0.0.1:" + port + " 127.0.0.1";
		assertThat(get(client.getBean(WebClient.Builder.class).build(), url)).isEqualTo(expected);
		assertThat(client.getBean(RestClient.Builder.class).build().get().uri(url).retrieve().body(String.class))
			.isEqualTo(expected);
	}

	@Test
	void ipv6AddressesOfTheOverlayWork() {
		String address = beside.getBean(ZeroTierNode.class)
			.networks()
			.get(0)
			.assignedAddresses()
			.stream()
			.filter((candidate) -> candidate.startsWith("fd"))
			.findFirst()
			.orElseThrow();
		String host = address.substring(0, address.indexOf('/'));
		assertThat(get(client.getBean(WebClient.Builder.class).build(), "http://[" + host + "]:8080/where"))
			.startsWith("beside ");
	}

	@Test
	void overlayOnlyServerIsNotOnTheHost() throws IOException {
		assertThat(instead.getEnvironment().getProperty("local.server.port")).isEqualTo("9000");
		assertThat(get(client.getBean(WebClient.Builder.class).build(), "http://10.147.17.11:9000/where"))
			.isEqualTo("instead 10.147.17.11:9000 10.147.17.12");
		try (Socket socket = new Socket()) {
			assertThatExceptionOfType(ConnectException.class)
				.isThrownBy(() -> socket.connect(new InetSocketAddress("127.0.0.1", 9000), 1000));
		}
	}

	@Test
	void portOfTheSecondServerIsAProperty() {
		assertThat(beside.getEnvironment().getProperty("local.zerotier.server.port")).isEqualTo("8080");
		assertThat(events(beside)).anyMatch(ZeroTierWebServerInitializedEvent.class::isInstance);
		assertThat(((ReactiveWebServerApplicationContext) beside).getWebServer().getPort()).isNotEqualTo(8080);
	}

	@Test
	void bothServersShareTheHandler() {
		assertThat(beside.getBeansOfType(HttpHandler.class)).hasSize(1);
	}

	@Test
	void eventsOfTheStartArriveAfterItInOrder() throws InterruptedException {
		List<Object> events = events(client);
		long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
		while (events.stream().noneMatch(OverlayApplicationsTests::isOk) && System.nanoTime() < deadline) {
			Thread.sleep(20);
		}
		List<Object> payloads = events.stream()
			.filter(ZeroTierNodeEvent.class::isInstance)
			.map((event) -> (Object) ((ZeroTierNodeEvent<?>) event).getPayload())
			.toList();
		assertThat(payloads).first().isInstanceOf(NodeEvent.Started.class);
		assertThat(payloads).hasAtLeastOneElementOfType(NodeEvent.Online.class)
			.hasAtLeastOneElementOfType(NodeEvent.NetworkJoined.class)
			.hasAtLeastOneElementOfType(NodeEvent.AddressAssigned.class);
		assertThat(events).anyMatch(OverlayApplicationsTests::isOk);
	}

	@Test
	void healthIsUpAndNamesTheAddress() {
		Health health = client.getBean("zerotierHealthIndicator", HealthIndicator.class).health(true);
		assertThat(health).isNotNull();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails().toString()).contains("10.147.17.12");
	}

	@Test
	void endpointShowsPeersPathsAndStacks() {
		get(client.getBean(WebClient.Builder.class).build(), "http://10.147.17.10:8080/where");
		ZeroTierEndpoint.ZeroTierDescriptor answer = client.getBean(ZeroTierEndpoint.class).zerotier();
		assertThat(answer.peers()).extracting(ZeroTierEndpoint.PeerDescriptor::address)
			.contains(beside.getBean(ZeroTierNode.class).address().toString());
		assertThat(answer.peers()).filteredOn((peer) -> peer.role().equals("PLANET"))
			.singleElement()
			.satisfies((root) -> assertThat(root.paths()).isNotEmpty());
		assertThat(answer.stacks()).singleElement()
			.satisfies((stack) -> assertThat(stack.addresses()).contains("10.147.17.12/24"));
	}

	@Test
	void strangerIsToldWhoMustAuthoriseIt() {
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> run("stranger", WebApplicationType.NONE, "zerotier.startup-timeout=3s"))
			.satisfies((failure) -> {
				Throwable cause = failure;
				while (cause != null && !(cause instanceof NetworkNotReadyException)) {
					cause = cause.getCause();
				}
				assertThat(cause).isInstanceOf(NetworkNotReadyException.class);
				NetworkNotReadyException notReady = (NetworkNotReadyException) cause;
				assertThat(notReady.isOnline()).isTrue();
				assertThat(notReady.getNetworks()).singleElement()
					.satisfies((network) -> assertThat(network.status()).isEqualTo(NetworkStatus.ACCESS_DENIED));
			});
	}

	private static boolean isOk(Object event) {
		return event instanceof ZeroTierNodeEvent<?> node
				&& node.getPayload() instanceof NodeEvent.NetworkStatusChanged changed
				&& changed.status() == NetworkStatus.OK;
	}

	private static List<Object> events(ConfigurableApplicationContext context) {
		return context.getBean(Application.class).events;
	}

	private static String get(WebClient web, String url) {
		String body = web.get().uri(url).retrieve().bodyToMono(String.class).block(Duration.ofSeconds(20));
		assertThat(body).isNotNull();
		return body;
	}

	private static String invitation() {
		return folder.resolve("test.yml").toString();
	}

	private static void member(List<String> properties, String name, String address) {
		String member = "zerotier.controller.networks.test.members." + name;
		properties.add(member + ".identity=file:" + folder.resolve(name + "/identity.public"));
		properties.add(member + ".addresses=" + address);
	}

	private static ConfigurableApplicationContext run(String name, WebApplicationType type, String... properties) {
		List<String> args = new ArrayList<>();
		args.add("--spring.application.name=" + name);
		args.add("--spring.main.banner-mode=off");
		args.add("--spring.reactor.netty.shutdown-quiet-period=0");
		args.add("--management.endpoints.web.exposure.include=zerotier,health");
		args.add("--management.endpoints.jmx.exposure.include=zerotier");
		args.add("--zerotier.storage-path=" + folder.resolve(name));
		args.add("--zerotier.bind-addresses=127.0.0.1");
		if (!name.equals("controller")) {
			args.add("--zerotier.port=0");
			args.add("--spring.config.import=file:" + invitation());
		}
		for (String property : properties) {
			args.add("--" + property);
		}
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).web(type)
			.registerShutdownHook(false)
			.run(args.toArray(String[]::new));
		contexts.add(context);
		return context;
	}

	private static int freeUdpPort() throws IOException {
		try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
			return socket.getLocalPort();
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		final List<Object> events = new CopyOnWriteArrayList<>();

		@Bean
		RouterFunction<ServerResponse> where(Environment environment) {
			String name = environment.getRequiredProperty("spring.application.name");
			return RouterFunctions.route()
				.GET("/where",
						(request) -> ServerResponse.ok().bodyValue(name + " " + local(request) + " " + remote(request)))
				.build();
		}

		private static String local(ServerRequest request) {
			InetSocketAddress address = request.exchange().getRequest().getLocalAddress();
			return (address != null) ? address.getAddress().getHostAddress() + ":" + address.getPort() : "";
		}

		private static String remote(ServerRequest request) {
			return request.remoteAddress().map((address) -> address.getAddress().getHostAddress()).orElse("");
		}

		@EventListener
		void keep(ZeroTierNodeEvent<?> event) {
			this.events.add(event);
		}

		@EventListener
		void keep(ZeroTierWebServerInitializedEvent event) {
			this.events.add(event);
		}

	}

}
