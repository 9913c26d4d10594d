package io.zt4j.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The three roles as three containers of one image on a Docker network. Skipped where no
 * container engine answers. The image is built on {@code ZT4J_JRE_IMAGE}, any image with
 * a {@code java} of 17 or later in its path.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SampleContainersIntegrationTests {

	private static final Duration START = Duration.ofSeconds(120);

	private static final String VOLUME = "zt4j-sample-" + Long.toHexString(System.nanoTime());

	private static final List<GenericContainer<?>> containers = new ArrayList<>();

	private static final List<ToStringConsumer> logs = new ArrayList<>();

	private static Network network;

	private static GenericContainer<?> orders;

	private static GenericContainer<?> gateway;

	@BeforeAll
	static void start() {
		Assumptions.assumeTrue(DockerClientFactory.instance().isDockerAvailable(),
				"no container engine: start one, or set DOCKER_HOST");
		ImageFromDockerfile image = image();
		network = Network.newNetwork();
		container(image, "controller", 8081, "--server.address=0.0.0.0", "--zerotier.root.endpoints=controller:19993");
		orders = container(image, "orders", 8082, "--management.server.address=0.0.0.0");
		gateway = container(image, "gateway", 8080);
	}

	@AfterAll
	static void stop() {
		if (network == null) {
			return;
		}
		for (int i = containers.size() - 1; i >= 0; i--) {
			containers.get(i).stop();
			System.out.println(logs.get(i).toUtf8String());
		}
		network.close();
		client().removeVolumeCmd(VOLUME).exec();
	}

	@Test
	@Order(1)
	void ordersAreServedThroughTheGateway() throws Exception {
		for (int i = 0; i < 200; i++) {
			JsonNode order = order(i);
			assertThat(order.get("servedBy").asString()).matches("[0-9a-f]{10}");
		}
	}

	@Test
	@Order(2)
	void healthShowsZeroTier() throws Exception {
		JsonNode health = Http.json(url("/actuator/health"));
		assertThat(health.at("/components/zerotier/status").asString()).isEqualTo("UP");
		assertThat(health.at("/components/zerotier/details/networks").toString()).contains("10.147.17.");
	}

	@Test
	@Order(3)
	void ordersComesBackAfterKillAsTheSameNode() throws Exception {
		String before = order(1).get("servedBy").asString();
		client().killContainerCmd(orders.getContainerId()).withSignal("KILL").exec();
		client().startContainerCmd(orders.getContainerId()).exec();
		JsonNode after = Http.await(url("/orders/2"), START);
		assertThat(after.get("servedBy").asString()).isEqualTo(before);
		assertThat(after.get("servedAt").asString()).isEqualTo("10.147.17.10");
	}

	private static JsonNode order(int id) throws Exception {
		JsonNode order = Http.json(url("/orders/" + id));
		assertThat(order.get("id").asString()).isEqualTo(String.valueOf(id));
		assertThat(order.get("servedAt").asString()).isEqualTo("10.147.17.10");
		assertThat(order.get("seenFrom").asString()).startsWith("10.147.17.");
		return order;
	}

	private static String url(String path) {
		return "http://" + gateway.getHost() + ":" + gateway.getMappedPort(8080) + path;
	}

	private static DockerClient client() {
		return DockerClientFactory.instance().client();
	}

	private static ImageFromDockerfile image() {
		String base = System.getenv().getOrDefault("ZT4J_JRE_IMAGE", "eclipse-temurin:17-jre");
		Path jar = Path.of(System.getProperty("sample.jar", "target/sample-app.jar"));
		return new ImageFromDockerfile().withFileFromPath("sample-app.jar", jar)
			.withDockerfileFromBuilder((builder) -> builder.from(base)
				.copy("sample-app.jar", "/sample-app.jar")
				.entryPoint("java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", "/sample-app.jar")
				.build());
	}

	private static GenericContainer<?> container(ImageFromDockerfile image, String role, int port,
			String... arguments) {
		List<String> command = new ArrayList<>(List.of("--spring.profiles.active=" + role, "--shop.data=/data",
				// every address of the container, not just loopback as on one machine
				"--zerotier.bind-addresses="));
		command.addAll(List.of(arguments));
		ToStringConsumer log = new ToStringConsumer();
		GenericContainer<?> container = new GenericContainer<>(image).withNetwork(network)
			.withNetworkAliases(role)
			.withCreateContainerCmdModifier((create) -> {
				HostConfig host = (create.getHostConfig() != null) ? create.getHostConfig() : new HostConfig();
				create.withHostConfig(host.withBinds(new Bind(VOLUME, new Volume("/data"))));
			})
			.withCommand(command.toArray(String[]::new))
			.withExposedPorts(port)
			.withLogConsumer(log)
			.waitingFor(Wait.forHttp("/actuator/health").forPort(port).withStartupTimeout(START));
		containers.add(container);
		logs.add(log);
		container.start();
		return container;
	}

}
