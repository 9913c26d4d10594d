package io.zt4j.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The three roles as three JVMs on loopback, with real UDP. One network serves all tests,
 * in order; none leaves a role dead.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SampleProcessesIntegrationTests {

	private static final Duration START = Duration.ofSeconds(90);

	private static final int REQUESTS = 1000;

	private static final Map<String, RoleProcess> roles = new LinkedHashMap<>();

	@TempDir
	private static Path data;

	private static Ports ports;

	private static String orders;

	@BeforeAll
	static void start() throws Exception {
		ports = Ports.allocate();
		roles.put("controller", new RoleProcess("controller", ports, data));
		ready("controller");
		roles.put("orders", new RoleProcess("orders", ports, data));
		roles.put("gateway", new RoleProcess("gateway", ports, data));
		orders = node(ready("orders"));
		ready("gateway");
	}

	@AfterAll
	static void stop() throws Exception {
		for (RoleProcess role : roles.values()) {
			role.kill();
			System.out.println(role.log());
		}
	}

	@Test
	@Order(1)
	void aThousandRequestsThroughTheGatewayAreAllAnswered() throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(8);
		try {
			List<Callable<JsonNode>> requests = new ArrayList<>();
			for (int i = 0; i < REQUESTS; i++) {
				String url = ports.url("gateway", "/orders/" + i);
				requests.add(() -> Http.json(url));
			}
			List<Future<JsonNode>> answers = clients.invokeAll(requests);
			for (int i = 0; i < REQUESTS; i++) {
				verify(answers.get(i).get(), i);
			}
		}
		finally {
			clients.shutdownNow();
		}
	}

	@Test
	@Order(2)
	void gatewayAndOrdersFindADirectPath() throws Exception {
		awaitDirect();
	}

	@Test
	@Order(3)
	void ordersComesBackAfterKillAsTheSameNodeAndNoRequestIsLost() throws Exception {
		try (Load load = new Load()) {
			load.awaitAnswers(50);
			roles.get("orders").kill();
			Thread.sleep(1000);
			roles.get("orders").restart();
			assertThat(node(ready("orders"))).isEqualTo(orders);
			load.awaitAnswers(200);
		}
	}

	@Test
	@Order(4)
	void trafficGoesOnWhileTheControllerIsAwayAndAfterItsReturn() throws Exception {
		awaitDirect();
		String before = node(ready("controller"));
		try (Load load = new Load()) {
			load.awaitAnswers(20);
			roles.get("controller").kill();
			load.awaitAnswers(500);
			assertThat(roles.get("controller").isAlive()).isFalse();
			roles.get("controller").restart();
			assertThat(node(ready("controller"))).isEqualTo(before);
			load.awaitAnswers(200);
		}
		assertThat(ready("gateway").at("/components/zerotier/status").asString()).isEqualTo("UP");
	}

	@Test
	@Order(5)
	void ordersComesBackAfterTheControllerDid() throws Exception {
		roles.get("orders").kill();
		roles.get("orders").restart();
		assertThat(node(ready("orders"))).isEqualTo(orders);
		verify(Http.json(ports.url("gateway", "/orders/7")), 7);
	}

	private static void verify(JsonNode order, int id) {
		assertThat(order.get("id").asString()).isEqualTo(String.valueOf(id));
		assertThat(order.get("servedBy").asString()).isEqualTo(orders);
		assertThat(order.get("servedAt").asString()).isEqualTo("10.147.17.10");
		assertThat(order.get("seenFrom").asString()).startsWith("10.147.17.");
	}

	private static JsonNode ready(String role) throws Exception {
		try {
			return Http.await(ports.url(role, "/actuator/health"), START);
		}
		catch (AssertionError ex) {
			throw new AssertionError(roles.get(role).log(), ex);
		}
	}

	private static String node(JsonNode health) {
		return health.at("/components/zerotier/details/node").asString();
	}

	private static void awaitDirect() throws Exception {
		long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		while (!isDirect()) {
			assertThat(System.nanoTime()).as("time to find a direct path").isLessThan(deadline);
			verify(Http.json(ports.url("gateway", "/orders/1")), 1);
			Thread.sleep(200);
		}
	}

	private static boolean isDirect() throws IOException, InterruptedException {
		for (JsonNode peer : Http.json(ports.url("gateway", "/actuator/zerotier")).get("peers")) {
			if (peer.get("address").asString().equals(orders)) {
				return peer.get("direct").asBoolean();
			}
		}
		return false;
	}

	/**
	 * A few clients that ask without pause; closing fails if any request was not
	 * answered.
	 */
	private static final class Load implements AutoCloseable {

		private static final int CLIENTS = 4;

		private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

		private final AtomicBoolean stop = new AtomicBoolean();

		private final AtomicInteger answers = new AtomicInteger();

		private final List<Future<?>> running = new ArrayList<>();

		Load() {
			for (int i = 0; i < CLIENTS; i++) {
				int id = i;
				this.running.add(this.clients.submit(() -> {
					while (!this.stop.get()) {
						verify(Http.json(ports.url("gateway", "/orders/" + id)), id);
						this.answers.incrementAndGet();
					}
					return null;
				}));
			}
		}

		void awaitAnswers(int count) throws InterruptedException {
			int target = this.answers.get() + count;
			long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
			while (this.answers.get() < target && this.running.stream().noneMatch(Future::isDone)) {
				assertThat(System.nanoTime()).as("time for %d answers", count).isLessThan(deadline);
				Thread.sleep(20);
			}
		}

		@Override
		public void close() throws Exception {
			this.stop.set(true);
			this.clients.shutdown();
			assertThat(this.clients.awaitTermination(100, TimeUnit.SECONDS)).isTrue();
			for (Future<?> client : this.running) {
				client.get();
			}
		}

	}

}
