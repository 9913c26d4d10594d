package io.zt4j.netty;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zt4j.netty.testing.HostNetwork;
import io.zt4j.stack.InterfaceAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Reactor Netty's HTTP and TCP on our channels, between two hosts with the real TCP/IP
 * stack.
 */
class ReactorNettyTests {

	private static final Duration PATIENCE = Duration.ofSeconds(50);

	private static final int MEGABYTE = 1 << 20;

	private static final byte[] BLOCK = new byte[16 * 1024];

	private static final ZeroTierAddressResolverGroup LITERALS = ZeroTierAddressResolverGroup.literals();

	private static MultiThreadIoEventLoopGroup group;

	private static ZeroTierLoopResources serverLoops;

	private static ZeroTierLoopResources clientLoops;

	private static InetAddress serverAddress;

	private static InetAddress clientAddress;

	private final List<DisposableServer> servers = new ArrayList<>();

	private final ConnectionProvider pool = ConnectionProvider.create("test", 50);

	@BeforeAll
	static void connectTwoHosts() throws UnknownHostException {
		group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("stack", true), NioIoHandler.newFactory());
		EventLoop loop = group.next();
		HostNetwork network = new HostNetwork(loop, 11);
		serverAddress = InetAddress.getByName("10.11.0.1");
		clientAddress = InetAddress.getByName("10.11.0.2");
		serverLoops = ZeroTierLoopResources.create(network.domain(new InterfaceAddress(serverAddress, 24)));
		clientLoops = ZeroTierLoopResources.create(network.domain(new InterfaceAddress(clientAddress, 24)));
	}

	@AfterAll
	static void disconnect() {
		serverLoops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(PATIENCE);
		clientLoops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(PATIENCE);
		group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@AfterEach
	void stop() {
		this.pool.disposeLater().block(PATIENCE);
		this.servers.forEach((server) -> server.disposeNow(PATIENCE));
	}

	private HttpServer server() {
		return HttpServer.create().runOn(serverLoops).bindAddress(() -> new InetSocketAddress(serverAddress, 0));
	}

	private DisposableServer bind(HttpServer server) {
		DisposableServer bound = server.bindNow(PATIENCE);
		this.servers.add(bound);
		return bound;
	}

	private HttpClient client(DisposableServer server) {
		return HttpClient.create(this.pool).runOn(clientLoops).resolver(LITERALS).remoteAddress(server::address);
	}

	@Test
	void http11KeepsConnectionsAliveAndPoolsThem() {
		Set<Channel> connections = ConcurrentHashMap.newKeySet();
		DisposableServer server = bind(server().doOnConnection((connection) -> connections.add(connection.channel()))
			.route((routes) -> routes.get("/hello/{n}",
					(request, response) -> response.sendString(Mono.just(request.version() + " " + request.param("n")
							+ " " + request.remoteAddress().getAddress().getHostAddress())))));
		assertThat(server.address()).isInstanceOf(InetSocketAddress.class);
		for (int i = 0; i < 50; i++) {
			String body = client(server).get()
				.uri("/hello/" + i)
				.responseContent()
				.aggregate()
				.asString()
				.block(PATIENCE);
			assertThat(body).isEqualTo("HTTP/1.1 " + i + " 10.11.0.2");
		}
		// two, if a request was made before the connection of the last was back in the
		// pool
		assertThat(connections).hasSizeBetween(1, 2);
		assertThat(connections).allSatisfy((channel) -> assertThat(channel).isInstanceOf(ZeroTierSocketChannel.class));
		List<String> parallel = Flux.range(0, 200)
			.flatMap((i) -> client(server).get().uri("/hello/" + i).responseContent().aggregate().asString(), 20)
			.collectList()
			.block(PATIENCE);
		assertThat(parallel).hasSize(200).doesNotHaveDuplicates();
		assertThat(connections).hasSizeLessThanOrEqualTo(22);
	}

	@Test
	void http2WithoutTlsMultiplexesOnOneConnection() {
		Set<Channel> connections = ConcurrentHashMap.newKeySet();
		DisposableServer server = bind(server().protocol(HttpProtocol.H2C)
			.doOnConnection((connection) -> connections
				.add((connection.channel().parent() != null) ? connection.channel().parent() : connection.channel()))
			.handle((request, response) -> response.sendString(Mono.just(request.version().text() + request.uri()))));
		HttpClient client = client(server).protocol(HttpProtocol.H2C);
		List<String> bodies = Flux.range(0, 100)
			.flatMap((i) -> client.get().uri("/" + i).responseContent().aggregate().asString(), 10)
			.collectList()
			.block(PATIENCE);
		assertThat(bodies).hasSize(100).allMatch((body) -> body.startsWith("HTTP/2.0/"));
	}

	@Test
	void webSocketsEcho() {
		DisposableServer server = bind(
				server().route((routes) -> routes.ws("/echo", (in, out) -> out.sendString(in.receive().asString()))));
		List<String> echoed = client(server).websocket()
			.uri("/echo")
			.handle((in, out) -> out.sendString(Flux.range(0, 100).map((i) -> "message " + i))
				.then()
				.thenMany(in.receive().asString().take(100)))
			.collectList()
			.block(PATIENCE);
		assertThat(echoed).hasSize(100).startsWith("message 0").endsWith("message 99");
	}

	@Test
	void hundredMegabytesDownloadInBoundedMemory() {
		long size = 100L * MEGABYTE;
		DisposableServer server = bind(server().handle((request, response) -> response.send(blocks(size))));
		long[] received = new long[1];
		long used = peakMemory(() -> received[0] = client(server).get()
			.uri("/")
			.responseContent()
			.map(ByteBuf::readableBytes)
			.reduce(0L, Long::sum)
			.block(PATIENCE));
		assertThat(received[0]).isEqualTo(size);
		assertThat(used).isLessThan(48L * MEGABYTE);
	}

	@Test
	void hundredMegabytesUploadInBoundedMemory() {
		long size = 100L * MEGABYTE;
		DisposableServer server = bind(server().handle((request, response) -> response
			.sendString(request.receive().map(ByteBuf::readableBytes).reduce(0L, Long::sum).map(String::valueOf))));
		String[] received = new String[1];
		long used = peakMemory(() -> received[0] = client(server).post()
			.uri("/")
			.send(blocks(size))
			.responseContent()
			.aggregate()
			.asString()
			.block(PATIENCE));
		assertThat(received[0]).isEqualTo(String.valueOf(size));
		assertThat(used).isLessThan(48L * MEGABYTE);
	}

	private static Flux<ByteBuf> blocks(long size) {
		return Flux.range(0, (int) (size / BLOCK.length))
			.map((i) -> ByteBufAllocator.DEFAULT.buffer(BLOCK.length).writeBytes(BLOCK));
	}

	// Run and return by how much the allocator's memory grew at most.
	private static long peakMemory(Runnable action) {
		ByteBufAllocatorMetric metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
		long before = metric.usedDirectMemory() + metric.usedHeapMemory();
		AtomicLong peak = new AtomicLong();
		Thread sampler = new Thread(() -> {
			while (!Thread.currentThread().isInterrupted()) {
				peak.accumulateAndGet(metric.usedDirectMemory() + metric.usedHeapMemory(), Math::max);
				Thread.onSpinWait();
				try {
					Thread.sleep(2);
				}
				catch (InterruptedException ex) {
					return;
				}
			}
		});
		sampler.start();
		try {
			action.run();
		}
		finally {
			sampler.interrupt();
		}
		return peak.get() - before;
	}

	@Test
	void aSlowReaderHoldsTheSenderBack() throws InterruptedException {
		AtomicLong produced = new AtomicLong();
		DisposableServer server = bind(server().handle((request, response) -> response
			.send(blocks(64L * MEGABYTE).doOnNext((block) -> produced.addAndGet(block.readableBytes())))));
		AtomicLong consumed = new AtomicLong();
		CountDownLatch done = new CountDownLatch(1);
		BaseSubscriber<Integer> reader = new BaseSubscriber<>() {
			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(1);
			}

			@Override
			protected void hookOnNext(Integer length) {
				consumed.addAndGet(length);
			}

			@Override
			protected void hookOnComplete() {
				done.countDown();
			}
		};
		client(server).get().uri("/").responseContent().map(ByteBuf::readableBytes).subscribe(reader);
		long before;
		do {
			before = produced.get();
			Thread.sleep(300);
		}
		while (produced.get() != before || before == 0);
		// send buffer 4 MB, receive buffer 4 MB, two hand-overs, 128 blocks of prefetch
		assertThat(produced.get()).isLessThan(12L * MEGABYTE);
		reader.request(Long.MAX_VALUE);
		assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
		assertThat(consumed.get()).isEqualTo(64L * MEGABYTE);
	}

	@Test
	void tlsEchoes() throws Exception {
		X509Bundle bundle = new CertificateBuilder().ecp256()
			.subject("cn=localhost")
			.setIsCertificateAuthority(true)
			.buildSelfSigned();
		Http11SslContextSpec serverTls = Http11SslContextSpec.forServer(bundle.toTempCertChainPem(),
				bundle.toTempPrivateKeyPem());
		DisposableServer server = bind(server().secure((spec) -> spec.sslContext(serverTls))
			.handle((request, response) -> response.send(request.receive().retain())));
		SslContext clientTls = SslContextBuilder.forClient()
			.trustManager(InsecureTrustManagerFactory.INSTANCE)
			.endpointIdentificationAlgorithm(null)
			.build();
		byte[] echoed = client(server).secure((spec) -> spec.sslContext(clientTls))
			.post()
			.uri("/")
			.send(blocks(3L * MEGABYTE))
			.responseContent()
			.aggregate()
			.asByteArray()
			.block(PATIENCE);
		assertThat(echoed).hasSize(3 * MEGABYTE);
	}

	@Test
	void aResetDuringTheResponseFailsTheRequest() {
		DisposableServer server = bind(
				server().childOption(ChannelOption.SO_LINGER, 0)
					.handle((request, response) -> response.send(blocks(MEGABYTE).concatWith(Mono.<ByteBuf>never()
						.doOnSubscribe((subscription) -> response.withConnection((connection) -> connection.channel()
							.eventLoop()
							.schedule(() -> connection.channel().close(), 50, TimeUnit.MILLISECONDS)))))));
		assertThatThrownBy(
				() -> client(server).get().uri("/").responseContent().aggregate().asByteArray().block(PATIENCE))
			.satisfies((failure) -> assertThat(Exceptions.unwrap(failure)).isInstanceOf(IOException.class));
	}

	@Test
	void aHalfClosedClientStillGetsItsAnswer() {
		DisposableServer server = TcpServer.create()
			.runOn(serverLoops)
			.bindAddress(() -> new InetSocketAddress(serverAddress, 0))
			.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.handle((in, out) -> out.sendString(in.receive().asString().take(1).map((text) -> "answer to " + text)))
			.bindNow(PATIENCE);
		this.servers.add(server);
		CompletableFuture<String> answer = new CompletableFuture<>();
		TcpClient.newConnection()
			.runOn(clientLoops)
			.resolver(LITERALS)
			.remoteAddress(server::address)
			.handle((in, out) -> {
				out.sendString(Mono.just("question"))
					.then()
					.subscribe(null, null, () -> out.withConnection(
							(connection) -> ((ZeroTierSocketChannel) connection.channel()).shutdownOutput()));
				return in.receive().asString().doOnNext(answer::complete).then();
			})
			.connectNow(PATIENCE);
		assertThat(Mono.fromFuture(answer).block(PATIENCE)).isEqualTo("answer to question");
	}

	@Test
	void namesComeFromTheNameSourceOnly() {
		DisposableServer server = bind(server()
			.handle((request, response) -> response.sendString(Mono.just(request.requestHeaders().get("host")))));
		AtomicInteger lookups = new AtomicInteger();
		HttpClient client = HttpClient.create(this.pool)
			.runOn(clientLoops)
			.resolver(ZeroTierAddressResolverGroup.of((name) -> {
				lookups.incrementAndGet();
				return CompletableFuture
					.completedFuture("orders.zt".equals(name) ? List.of(serverAddress) : List.<InetAddress>of());
			}));
		assertThat(client.get()
			.uri("http://orders.zt:" + server.port() + "/")
			.responseContent()
			.aggregate()
			.asString()
			.block(PATIENCE)).startsWith("orders.zt");
		assertThat(lookups).hasValue(1);
		assertThatThrownBy(() -> client.get().uri("http://localhost:" + server.port() + "/").response().block(PATIENCE))
			.satisfies((failure) -> assertThat(Exceptions.unwrap(failure)).isInstanceOf(UnknownHostException.class)
				.hasMessageContaining("not a name of a ZeroTier network"));
	}

	@Test
	void aClosedPortRefusesAtOnce() {
		assertThatThrownBy(() -> HttpClient.create(this.pool)
			.runOn(clientLoops)
			.resolver(LITERALS)
			.get()
			.uri("http://10.11.0.1:99/")
			.response()
			.block(Duration.ofSeconds(5)))
			.satisfies((failure) -> assertThat(Exceptions.unwrap(failure)).isInstanceOf(ConnectException.class)
				.hasMessageContaining("refused"));
	}

}
