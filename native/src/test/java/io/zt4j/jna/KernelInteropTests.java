package io.zt4j.jna;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.capture.PcapngWriter;
import io.zt4j.stack.host.HostStack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Our stack against the TCP/IP of the Linux kernel, which sits in a network namespace at
 * the other end of a TAP device.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KernelInteropTests {

	private static final int MTU = 2800;

	private static final long BULK = 100_000_000;

	private static final String KERNEL_4 = "10.77.0.1";

	private static final String KERNEL_6 = "fd00:77::1";

	private static final String OURS_4 = "10.77.0.2";

	private static final String OURS_6 = "fd00:77::2";

	private static NetworkNamespace namespace;

	private static EventLoopGroup group;

	private static EventLoop loop;

	private static TapLink link;

	private static LossyLink lossy;

	private static HostStack stack;

	@BeforeAll
	static void start() throws Exception {
		namespace = NetworkNamespace.create();
		TapDevice device = device();
		namespace.adopt(device.name(), MTU, KERNEL_4 + "/24", KERNEL_6 + "/64");
		group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		loop = group.next();
		link = new TapLink(device, new EthernetAddress(0x3277_0000_0002L), MTU);
		lossy = new LossyLink(link);
		stack = new HostStack(lossy, loop, Ticker.systemTicker(), new SecureRandom());
		lossy.stack = stack;
		link.start(loop, lossy);
		onLoop(() -> {
			stack.addAddress(new InterfaceAddress(InetAddress.getByName(OURS_4), 24));
			stack.addAddress(new InterfaceAddress(InetAddress.getByName(OURS_6), 64));
			return "";
		});
		namespace.servePeer();
	}

	private static TapDevice device() throws Exception {
		try {
			return TapDevice.open(namespace.name + "t");
		}
		catch (IOException ex) {
			namespace.close();
			namespace = null;
			return Assumptions.abort(ex.getMessage());
		}
	}

	@AfterAll
	static void stop() throws Exception {
		if (stack != null) {
			System.out.println(stack.statistics());
			onLoop(() -> {
				stack.close();
				return "";
			});
		}
		if (link != null) {
			link.close();
		}
		if (group != null) {
			group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
		}
		if (namespace != null) {
			namespace.close();
		}
	}

	@AfterEach
	void noDefects() {
		lossy.loss = 0;
		assertThat(stack.statistics().drops()).doesNotContainKey("internal-error");
	}

	@ParameterizedTest
	@ValueSource(strings = { KERNEL_4, KERNEL_6 })
	void wePingTheKernel(String kernel) throws Exception {
		for (int size : new int[] { 56, 2700, 20_000 }) {
			assertThat(stack.ping(InetAddress.getByName(kernel), size, Duration.ofSeconds(5))
				.toCompletableFuture()
				.get(6, TimeUnit.SECONDS)).isPositive();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { OURS_4, OURS_6 })
	void theKernelPingsUs(String ours) throws Exception {
		if (NetworkNamespace.has("ping")) {
			assertThat(namespace.exec("ping", "-c", "3", "-i", "0.2", "-s", "20000", ours)).contains("3 received");
		}
		assertThat(namespace.peer("ping", ours)).isEqualTo("true");
	}

	@Test
	void theKernelFindsOurLinkLocalAddressInItsNeighbourTable() throws Exception {
		String linkLocal = stack.addresses().get(0).address().getHostAddress();
		String device = namespace.name + "t";
		assertThat(namespace.peer("ping", linkLocal + "%" + device)).isEqualTo("true");
		assertThat(namespace.exec("ip", "-6", "neigh")).contains("32:77:00:00:00:02");
	}

	@ParameterizedTest
	@ValueSource(strings = { OURS_4, "[" + OURS_6 + "]" })
	void curlOfTheKernelIsServedByUs(String ours) throws Exception {
		Assumptions.assumeTrue(NetworkNamespace.has("curl"), "curl is not installed");
		TcpListener listener = onLoop(() -> stack.listen(new InetSocketAddress("::", 0), 16, TcpOptions.DEFAULT,
				(connection) -> new Streams.Http((line) -> line + " from " + connection.remoteAddress().getPort())));
		String url = "http://" + ours + ":" + listener.localAddress().getPort() + "/some/path";
		for (int i = 0; i < 5; i++) {
			assertThat(namespace.exec("curl", "-sS", "--max-time", "10", url))
				.startsWith("GET /some/path HTTP/1.1 from ");
		}
		onLoop(() -> {
			listener.close();
			return "";
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { KERNEL_4, KERNEL_6 })
	void weGetHttpFromTheKernel(String kernel) throws Exception {
		Streams.Push get = new Streams.Push(
				("GET / HTTP/1.1\r\nHost: kernel\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		connect(kernel, KernelPeer.HTTP, get);
		assertThat(get.answer.get(10, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 OK").contains("hello ");
	}

	@ParameterizedTest
	@ValueSource(strings = { KERNEL_4, KERNEL_6 })
	void closedPortOfTheKernelRefusesAtOnce(String kernel) throws Exception {
		Streams.Push push = new Streams.Push(new byte[1]);
		connect(kernel, 1, push);
		assertThat(push.answer).failsWithin(Duration.ofSeconds(5))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(ConnectException.class);
	}

	@Test
	void closedPortOfOursRefusesTheKernelAtOnce() throws Exception {
		assertThat(namespace.peer("pull", OURS_4, "1")).contains("Connection refused");
		assertThat(namespace.peer("pull", OURS_6, "1")).contains("Connection refused");
	}

	@ParameterizedTest
	@ValueSource(strings = { KERNEL_4, KERNEL_6 })
	void hundredMegabytesGoBothWaysOnConnectionsWeOpen(String kernel) throws Exception {
		transfer(kernel, BULK);
	}

	@ParameterizedTest
	@ValueSource(strings = { OURS_4, OURS_6 })
	void hundredMegabytesComeOnConnectionsTheKernelOpens(String ours) throws Exception {
		CompletableFuture<Streams.Sink> accepted = new CompletableFuture<>();
		TcpListener listener = onLoop(
				() -> stack.listen(new InetSocketAddress(ours, 0), 16, TcpOptions.DEFAULT, (connection) -> {
					Streams.Sink sink = new Streams.Sink(null);
					accepted.complete(sink);
					return sink;
				}));
		long began = System.nanoTime();
		String port = String.valueOf(listener.localAddress().getPort());
		String answer = namespace.peer("push", ours, port, "7", String.valueOf(BULK));
		report("kernel to us, its connection, " + ours, BULK, began);
		assertThat(answer).isEqualTo(Bulk.digest(7, BULK));
		assertThat(accepted.get(1, TimeUnit.SECONDS).digest.get(1, TimeUnit.SECONDS)).isEqualTo(answer);
		onLoop(() -> {
			listener.close();
			return "";
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { KERNEL_4, KERNEL_6 })
	void bothSidesRecoverFromOnePercentOfLoss(String kernel) throws Exception {
		lossy.loss = 0.01;
		transfer(kernel, BULK / 5);
		assertThat(stack.statistics().segmentsRetransmitted()).isPositive();
	}

	@Test
	void bothSidesOfferMssWindowScalingTimestampsAndSackAndUseThem() throws Exception {
		ByteArrayOutputStream capture = new ByteArrayOutputStream();
		try (PcapngWriter writer = new PcapngWriter(Channels.newChannel(capture), InstantSource.system(), 200,
				64 << 20)) {
			stack.capture(writer);
			lossy.loss = 0.01;
			transfer(KERNEL_4, 10_000_000);
			TcpListener listener = onLoop(() -> stack.listen(new InetSocketAddress(OURS_4, 0), 16, TcpOptions.DEFAULT,
					(connection) -> new Streams.Sink(null)));
			namespace.peer("push", OURS_4, String.valueOf(listener.localAddress().getPort()), "1", "1000");
			stack.capture(null);
		}
		Set<String> seen = options(Unpooled.wrappedBuffer(capture.toByteArray()));
		for (String who : new String[] { "us", "kernel" }) {
			assertThat(seen).contains(who + " syn mss", who + " syn sack-permitted", who + " syn timestamps",
					who + " syn window-scale", who + " syn-ack mss", who + " syn-ack sack-permitted",
					who + " syn-ack timestamps", who + " syn-ack window-scale", who + " data timestamps",
					who + " data sack");
		}
	}

	private static void transfer(String kernel, long length) throws Exception {
		Streams.Push push = new Streams.Push(3, length);
		long began = System.nanoTime();
		TcpConnection connection = connect(kernel, KernelPeer.SINK, push);
		assertThat(push.answer.get(90, TimeUnit.SECONDS)).isEqualTo(Bulk.digest(3, length));
		report("us to kernel, " + kernel, length, began);
		System.out.println(onLoop(connection::info));
		Streams.Sink sink = new Streams.Sink(String.format("%-32s", "5 " + length).getBytes(StandardCharsets.US_ASCII));
		began = System.nanoTime();
		connect(kernel, KernelPeer.SOURCE, sink);
		assertThat(sink.digest.get(90, TimeUnit.SECONDS)).isEqualTo(Bulk.digest(5, length));
		report("kernel to us, " + kernel, length, began);
	}

	private static void report(String what, long length, long began) {
		double seconds = (System.nanoTime() - began) / 1e9;
		System.out.printf("%s: %d bytes in %.2f s, %.0f MB/s, loss %.2f%n", what, length, seconds,
				length / 1e6 / seconds, lossy.loss);
	}

	private static TcpConnection connect(String host, int port, TcpConnection.Handler handler) throws Exception {
		return onLoop(() -> stack.connect(null, new InetSocketAddress(host, port), TcpOptions.DEFAULT, handler));
	}

	private static <T> T onLoop(Callable<T> task) throws Exception {
		return loop.submit(task).get(10, TimeUnit.SECONDS);
	}

	/** Find which TCP options each side sent, in the IPv4 frames of a capture. */
	private static Set<String> options(ByteBuf capture) {
		Set<String> seen = new HashSet<>();
		for (int block = 0; block < capture.writerIndex();) {
			int length = capture.getIntLE(block + 4);
			int frame = block + 28;
			if (capture.getIntLE(block) == 6 && capture.getUnsignedShort(frame + 12) == 0x800
					&& capture.getByte(frame + 23) == 6) {
				String who = (capture.getInt(frame + 26) == 0x0a4d_0002) ? "us" : "kernel";
				int tcp = frame + 34;
				int flags = capture.getByte(tcp + 13) & 0x12;
				String kind = (flags == 2) ? " syn" : (flags == 0x12) ? " syn-ack" : " data";
				int end = tcp + (capture.getUnsignedByte(tcp + 12) >> 4) * 4;
				for (int at = tcp + 20; at < end;) {
					int option = capture.getByte(at);
					if (option == 0) {
						break;
					}
					seen.add(who + kind + switch (option) {
						case 2 -> " mss";
						case 3 -> " window-scale";
						case 4 -> " sack-permitted";
						case 5 -> " sack";
						case 8 -> " timestamps";
						default -> " option " + option;
					});
					at += (option == 1) ? 1 : capture.getByte(at + 1);
				}
			}
			block += length;
		}
		return seen;
	}

}
