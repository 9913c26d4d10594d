package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.zt4j.stack.TcpOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing is left of connections, however they end.
 */
class TcpLeakTests {

	private static final long SEED = Long.getLong("seed", System.nanoTime());

	private final Wire wire = new Wire(SEED);

	private final Random random = new Random(SEED);

	private final List<Application> servers = new ArrayList<>();

	private final List<Application> clients = new ArrayList<>();

	private void assertNothingIsLeft() {
		this.wire.loss = 0;
		this.wire.time.advance(20, TimeUnit.MINUTES);
		assertThat(this.wire.left.tcp.connections()).isZero();
		assertThat(this.wire.right.tcp.connections()).isZero();
		assertThat(this.wire.held()).isZero();
	}

	private void listen() throws IOException {
		System.out.println("seed " + SEED);
		this.wire.right.tcp.listen(new InetSocketAddress(this.wire.right.address, 80), 1000, TcpOptions.DEFAULT,
				(connection) -> {
					Application server = new Application(98, this.wire.allocator);
					server.sending(this.random.nextInt(50_000));
					server.reading = this.random.nextInt(10) > 0;
					this.servers.add(server);
					return server.startAccepted(connection);
				});
	}

	private void open(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			Application client = new Application(1, this.wire.allocator);
			client.sending(this.random.nextInt(50_000));
			this.clients.add(client);
			client.start(this.wire.left.tcp.connect(null, new InetSocketAddress(this.wire.right.address, 80),
					TcpOptions.DEFAULT, client));
			this.wire.time.advance(this.random.nextInt(2_000), TimeUnit.MICROSECONDS);
		}
	}

	@Test
	void manyConnectionsOneAfterAnotherLeaveNothing() throws IOException {
		this.wire.delayNanos = 100_000;
		listen();
		open(2000);
		this.wire.time.advance(10, TimeUnit.SECONDS);
		this.servers.forEach((server) -> server.connection().close());
		assertNothingIsLeft();
		assertThat(this.clients).allMatch((client) -> client.closed);
	}

	@Test
	void connectionsAbortedAndClosedAtRandomOverALossyWireLeaveNothing() throws IOException {
		this.wire.delayNanos = 3_000_000;
		this.wire.loss = 0.05;
		this.wire.reordering = 0.05;
		this.wire.duplication = 0.05;
		listen();
		for (int round = 0; round < 100; round++) {
			open(10);
			this.wire.time.advance(this.random.nextInt(30), TimeUnit.MILLISECONDS);
			Application victim = this.clients.get(this.random.nextInt(this.clients.size()));
			Application other = this.servers.isEmpty() ? victim
					: this.servers.get(this.random.nextInt(this.servers.size()));
			victim.connection().abort();
			other.connection().close();
		}
		this.clients.forEach((client) -> client.connection().close());
		this.servers.forEach((server) -> server.connection().close());
		assertNothingIsLeft();
		assertThat(this.clients).allMatch((client) -> client.closed);
		assertThat(this.servers).allMatch((server) -> server.closed);
	}

	@Test
	void aPeerThatFallsSilentIsForgotten() throws IOException {
		this.wire.delayNanos = 1_000_000;
		listen();
		open(20);
		this.wire.loss = 1;
		this.clients.forEach((client) -> client.connection().close());
		this.servers.forEach((server) -> server.connection().close());
		this.wire.time.advance(30, TimeUnit.MINUTES);
		assertNothingIsLeft();
	}

	@Test
	void closingTheProtocolInTheMiddleReleasesEverything() throws IOException {
		this.wire.delayNanos = 1_000_000;
		this.wire.loss = 0.1;
		listen();
		open(50);
		this.wire.left.tcp.close();
		this.wire.right.tcp.close();
		assertThat(this.clients).allMatch((client) -> client.closed);
		assertNothingIsLeft();
	}

}
