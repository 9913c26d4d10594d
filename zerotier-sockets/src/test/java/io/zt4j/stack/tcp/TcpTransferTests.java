package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.TcpState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole transfers between two protocols over a wire with faults.
 */
class TcpTransferTests {

	private static final long SEED = Long.getLong("seed", System.nanoTime());

	private Wire wire = new Wire(SEED);

	private Application client = new Application(1, this.wire.allocator);

	private Application server = new Application(98, this.wire.allocator);

	private TcpListener listener;

	private void connect() throws IOException {
		connect(TcpOptions.DEFAULT);
	}

	private void connect(TcpOptions options) throws IOException {
		System.out.println("seed " + this.wire.seed);
		this.listener = this.wire.right.tcp.listen(new InetSocketAddress(this.wire.right.address, 80), 16, options,
				this.server::startAccepted);
		this.client.start(this.wire.left.tcp.connect(null, new InetSocketAddress(this.wire.right.address, 80), options,
				this.client));
	}

	private void assertEverythingIsReleased() {
		this.wire.time.advance(180, TimeUnit.SECONDS);
		assertThat(this.wire.left.tcp.connections()).isZero();
		assertThat(this.wire.right.tcp.connections()).isZero();
		assertThat(this.wire.inFlight).isZero();
		assertThat(this.wire.held()).isZero();
	}

	@Test
	void aConnectionIsOpenedUsedAndClosed() throws IOException {
		this.wire.delayNanos = 10_000_000;
		this.client.keep = true;
		this.server.keep = true;
		connect();
		assertThat(this.client.connection().state()).isEqualTo(TcpState.SYN_SENT);
		this.wire.time.advance(30, TimeUnit.MILLISECONDS);
		assertThat(this.client.events).containsExactly("connected");
		assertThat(this.client.connection().state()).isEqualTo(TcpState.ESTABLISHED);
		this.client.connection().write(Unpooled.copiedBuffer("hello".getBytes()));
		this.wire.time.advance(100, TimeUnit.MILLISECONDS);
		assertThat(this.server.received.readableBytes()).isZero();
		this.client.connection().flush();
		this.wire.time.advance(11, TimeUnit.MILLISECONDS);
		assertThat(ByteBufUtil.getBytes(this.server.received)).isEqualTo("hello".getBytes());
		this.server.connection().write(Unpooled.copiedBuffer("world".getBytes()));
		this.server.connection().flush();
		this.wire.time.advance(11, TimeUnit.MILLISECONDS);
		assertThat(ByteBufUtil.getBytes(this.client.received)).isEqualTo("world".getBytes());
		this.client.connection().close();
		this.wire.time.advance(100, TimeUnit.MILLISECONDS);
		assertThat(this.server.events).endsWith("end", "closed");
		assertThat(this.client.events).endsWith("closed");
		assertThat(this.client.cause).isNull();
		assertThat(this.client.connection().state()).isEqualTo(TcpState.TIME_WAIT);
		assertThat(this.server.connection().state()).isEqualTo(TcpState.CLOSED);
		assertEverythingIsReleased();
		assertThat(this.client.connection().state()).isEqualTo(TcpState.CLOSED);
	}

	private void transferBothWays(long bytes, long limitSeconds) throws IOException {
		this.client.sending(bytes);
		this.server.sending(bytes);
		connect();
		long start = this.wire.time.nanos();
		boolean done = this.wire.time.advanceUntil(() -> this.client.closed && this.server.closed, limitSeconds,
				TimeUnit.SECONDS);
		System.out.println("took " + (this.wire.time.nanos() - start) / 1_000_000 + " ms, carried " + this.wire.carried
				+ ", retransmitted " + this.wire.left.tcp.segmentsRetransmitted() + "+"
				+ this.wire.right.tcp.segmentsRetransmitted() + " " + this.client.connection().info() + " "
				+ this.server.connection + " " + this.wire.left.tcp.drops() + this.wire.right.tcp.drops());
		assertThat(this.client.count).isEqualTo(bytes);
		assertThat(this.server.count).isEqualTo(bytes);
		assertThat(done).isTrue();
		assertThat(this.client.cause).isNull();
		assertThat(this.server.cause).isNull();
		assertEverythingIsReleased();
	}

	@Test
	void tenMegabytesEachWayWithoutFaults() throws IOException {
		this.wire.delayNanos = 1_000_000;
		transferBothWays(10 << 20, 60);
		assertThat(this.wire.left.tcp.segmentsRetransmitted()).isZero();
	}

	@Test
	void tenMegabytesEachWayWithLossDelayAndReorderingCompleteByteExact() throws IOException {
		this.wire.delayNanos = 50_000_000;
		this.wire.loss = 0.01;
		this.wire.reordering = 0.05;
		transferBothWays(10 << 20, 600);
	}

	@Test
	void everyFaultAtOnceStillDeliversTheExactBytes() throws IOException {
		this.wire.delayNanos = 5_000_000;
		this.wire.loss = 0.05;
		this.wire.reordering = 0.1;
		this.wire.duplication = 0.05;
		this.wire.corruption = 0.05;
		transferBothWays(2 << 20, 600);
	}

	@Test
	void ipv6Works() throws IOException {
		InetAddress left = Wire.address("fd00::1");
		this.wire = new Wire(SEED, left, Wire.address("fd00::2"));
		this.wire.delayNanos = 1_000_000;
		transferBothWays(1 << 20, 60);
	}

}
