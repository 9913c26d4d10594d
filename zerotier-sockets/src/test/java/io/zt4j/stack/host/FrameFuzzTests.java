package io.zt4j.stack.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.UdpSocket;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IpProtocol;
import io.zt4j.stack.testing.TwoHosts;
import io.zt4j.stack.testing.VirtualEthernet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stack fed with anything: never throws, answers at most in proportion, keeps no buffer
 * once closed, and still works. Seeded with the frames of a real conversation;
 * {@code JAZZER_FUZZ=1} starts the fuzzer, an ordinary run mutates by a printed seed.
 */
class FrameFuzzTests {

	private static final int PORT = 7000;

	private static final int TCP_PORT = 8000;

	static Stream<byte[]> conversation() throws IOException {
		List<byte[]> frames = record();
		return Stream.of(join(frames), join(frames.subList(0, 10)));
	}

	@MethodSource("conversation")
	@FuzzTest(maxDuration = "1m")
	void anySequenceOfFramesIsSurvived(byte[] input) throws IOException {
		feed(split(input));
	}

	@Test
	void mutatedConversationsAreSurvived() throws IOException {
		long seed = new Random().nextLong();
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		List<byte[]> frames = record();
		for (int round = 0; round < 25; round++) {
			List<byte[]> mutated = new ArrayList<>();
			for (int i = 0; i < 300; i++) {
				mutated.add(mutate(frames.get(random.nextInt(frames.size())), random));
			}
			feed(mutated);
		}
	}

	private static void feed(List<byte[]> frames) throws IOException {
		List<ByteBuf> buffers = new ArrayList<>();
		try (TwoHosts net = new TwoHosts(6)) {
			converse(net);
			long sentBefore = net.b.statistics().framesSent();
			for (byte[] bytes : frames) {
				ByteBuf frame = Unpooled.buffer().writeBytes(bytes);
				buffers.add(frame);
				net.b.receive(frame);
				if ((bytes.length & 3) == 0) {
					net.b.receiveComplete();
					net.time.run();
				}
			}
			net.b.receiveComplete();
			net.time.advance(2, TimeUnit.MINUTES);
			assertThat(net.b.statistics().drops()).doesNotContainKey("internal-error");
			assertThat(net.b.statistics().framesSent() - sentBefore).isLessThan(1000 + 60L * frames.size());
			// whoever was fooled about hardware addresses learns better
			net.b.removeAddress(net.b4);
			net.b.addAddress(new InterfaceAddress(net.b4, 24));
			net.time.advance(3, TimeUnit.SECONDS);
			assertThat(answers(net)).isTrue();
		}
		assertThat(buffers.stream().filter((frame) -> frame.refCnt() != 0).map(ByteBufUtil::hexDump)).isEmpty();
	}

	private static boolean answers(TwoHosts net) {
		for (int i = 0; i < 30; i++) {
			CompletableFuture<Duration> ping = net.a.ping(net.b4, 100, Duration.ofSeconds(1)).toCompletableFuture();
			net.time.advance(1100, TimeUnit.MILLISECONDS);
			if (!ping.isCompletedExceptionally()) {
				return true;
			}
		}
		return false;
	}

	/** Record what b receives in a conversation. */
	private static List<byte[]> record() throws IOException {
		List<byte[]> frames = new ArrayList<>();
		try (TwoHosts net = new TwoHosts(6)) {
			net.ethernet.tap((frame) -> {
				EthernetAddress to = EthernetAddress.get(frame, frame.readerIndex());
				if (to.isMulticast() || to.equals(net.portB.address())) {
					frames.add(ByteBufUtil.getBytes(frame));
				}
			});
			converse(net);
			net.time.advance(60, TimeUnit.SECONDS);
			// neighbours grew stale meanwhile
			net.await(net.a.ping(net.b4, 50, Duration.ofSeconds(1)), 2);
			net.await(net.a.ping(net.b6, 50, Duration.ofSeconds(1)), 2);
			net.time.advance(10, TimeUnit.SECONDS);
		}
		return frames;
	}

	private static void converse(TwoHosts net) throws IOException {
		net.conditions(VirtualEthernet.Conditions.IDEAL);
		UdpSocket server = net.b.bind(UdpTests.at("::", PORT), true, new UdpTests.Inbox());
		server.join(TwoHosts.ip("239.1.1.1"));
		server.join(TwoHosts.ip("ff02::1234"));
		UdpSocket client = net.a.bind(UdpTests.at("::", 0), true, new UdpTests.Inbox());
		for (InetAddress to : List.of(net.b4, net.b6)) {
			net.await(net.a.ping(to, 50, Duration.ofSeconds(1)), 2);
			net.await(net.b.ping((to == net.b4) ? net.a4 : net.a6, 50, Duration.ofSeconds(1)), 2);
			client.send(new InetSocketAddress(to, PORT), UdpTests.text("hello"));
			client.send(new InetSocketAddress(to, PORT), Unpooled.buffer().writeZero(7000));
			client.send(new InetSocketAddress(to, 9), UdpTests.text("nobody"));
			server.send(new InetSocketAddress((to == net.b4) ? net.a4 : net.a6, 9), UdpTests.text("nobody"));
			net.time.run();
		}
		client.send(UdpTests.at("239.1.1.1", PORT), UdpTests.text("group"));
		client.send(UdpTests.at("ff02::1234", PORT), UdpTests.text("group"));
		client.send(UdpTests.at("255.255.255.255", PORT), UdpTests.text("all"));
		TcpListener listener = net.b.listen(UdpTests.at("::", TCP_PORT), 4, TcpOptions.DEFAULT,
				(connection) -> new Echoing(0));
		for (InetAddress to : List.of(net.b4, net.b6)) {
			Echoing closing = new Echoing(10_000);
			TcpConnection connection = net.a.connect(null, new InetSocketAddress(to, TCP_PORT), TcpOptions.DEFAULT,
					closing);
			// this one stays open, so that what comes later finds it
			net.a.connect(null, new InetSocketAddress(to, TCP_PORT), TcpOptions.DEFAULT, new Echoing(5000));
			net.time.advance(1, TimeUnit.SECONDS);
			connection.close();
			net.time.advance(1, TimeUnit.SECONDS);
		}
		listener.close();
		server.close();
		client.close();
		net.b.bind(UdpTests.at("::", PORT), true, new UdpTests.Inbox());
		net.b.listen(UdpTests.at("::", TCP_PORT), 4, TcpOptions.DEFAULT, (connection) -> new Echoing(0));
		net.time.run();
	}

	private static byte[] mutate(byte[] original, Random random) {
		byte[] bytes = original.clone();
		int changes = random.nextInt(4);
		for (int i = 0; i < changes; i++) {
			int at = (bytes.length > 14) ? 12 + random.nextInt(Math.min(bytes.length - 12, 90)) : 0;
			switch (random.nextInt(3)) {
				case 0 -> {
					bytes[at] ^= (byte) (1 << random.nextInt(8));
				}
				case 1 -> {
					bytes[at] = (byte) random.nextInt();
				}
				default -> {
					bytes[at] = new byte[] { 0, 1, -1, 127, -128, 44, 58, 60 }[random.nextInt(8)];
				}
			}
		}
		if (random.nextInt(6) == 0) {
			bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
		}
		if (random.nextInt(10) != 0) {
			mend(Unpooled.wrappedBuffer(bytes));
		}
		return bytes;
	}

	/** Make checksums right again, so that what is behind them is reached. */
	private static void mend(ByteBuf frame) {
		int length = frame.readableBytes();
		int type = (length >= 54) ? frame.getUnsignedShort(12) : 0;
		if (type == 0x800) {
			int header = (frame.getByte(14) & 15) * 4;
			if (header >= 20 && 14 + header + 8 <= length) {
				frame.setShort(24, 0);
				frame.setShort(24, Checksum.fold(Checksum.add(0, frame, 14, header)));
				long pseudo = Checksum.pseudoHeader(0, frame.getUnsignedInt(26), 0, frame.getUnsignedInt(30),
						frame.getUnsignedByte(23), length - 14 - header);
				mend(frame, 14 + header, frame.getUnsignedByte(23), pseudo);
			}
		}
		else if (type == 0x86dd && length >= 62) {
			long pseudo = Checksum.pseudoHeader(frame.getLong(22), frame.getLong(30), frame.getLong(38),
					frame.getLong(46), frame.getUnsignedByte(20), length - 54);
			mend(frame, 54, frame.getUnsignedByte(20), pseudo);
		}
	}

	private static void mend(ByteBuf frame, int at, int protocol, long pseudo) {
		int field = switch (protocol) {
			case IpProtocol.ICMP, IpProtocol.ICMPV6 -> at + 2;
			case IpProtocol.UDP -> at + 6;
			case IpProtocol.TCP -> at + 16;
			default -> 0;
		};
		if (field != 0 && field + 2 <= frame.readableBytes()) {
			frame.setShort(field, 0);
			long start = (protocol == IpProtocol.ICMP) ? 0 : pseudo;
			frame.setShort(field, Checksum.fold(Checksum.add(start, frame, at, frame.readableBytes() - at)));
		}
	}

	private static byte[] join(List<byte[]> frames) {
		ByteBuf all = Unpooled.buffer();
		frames.forEach((frame) -> all.writeShort(frame.length).writeBytes(frame));
		return ByteBufUtil.getBytes(all);
	}

	private static List<byte[]> split(byte[] input) {
		List<byte[]> frames = new ArrayList<>();
		ByteBuf in = Unpooled.wrappedBuffer(input);
		while (in.readableBytes() >= 2 && frames.size() < 1000) {
			byte[] frame = new byte[Math.min(in.readUnsignedShort(), in.readableBytes())];
			in.readBytes(frame);
			frames.add(frame);
		}
		return frames;
	}

	/** Sends some bytes once connected, and back what it receives. */
	private static final class Echoing implements TcpConnection.Handler {

		private final int first;

		Echoing(int first) {
			this.first = first;
		}

		@Override
		public void connected(TcpConnection connection) {
			write(connection, Unpooled.buffer().writeZero(this.first));
		}

		@Override
		public void readable(TcpConnection connection) {
			for (ByteBuf data = connection.read(1 << 16); data != null; data = connection.read(1 << 16)) {
				if (this.first == 0) {
					write(connection, data);
				}
				else {
					data.release();
				}
			}
			if (connection.isInputClosed()) {
				connection.close();
			}
		}

		private static void write(TcpConnection connection, ByteBuf data) {
			try {
				connection.write(data);
				connection.flush();
			}
			catch (IOException ex) {
				// the connection is over, which is one of the ways a test may go
			}
			finally {
				data.release();
			}
		}

		@Override
		public void writable(TcpConnection connection) {
		}

		@Override
		public void closed(TcpConnection connection, @Nullable IOException cause) {
		}

	}

}
