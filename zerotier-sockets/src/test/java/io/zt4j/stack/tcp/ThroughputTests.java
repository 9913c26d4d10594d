package io.zt4j.stack.tcp;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.Locale;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.TcpState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How fast two protocols joined in memory move bytes, on one thread: printed, not
 * asserted. {@code -Dthroughput.seconds=20} makes it long enough for a profiler.
 */
class ThroughputTests {

	private static final double SECONDS = Double.parseDouble(System.getProperty("throughput.seconds", "1.5"));

	private final Wire wire = new Wire(1);

	/** Processor time of this thread, so that what else the machine does counts less. */
	private static long cpuNanos() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}

	@Test
	void bulk() throws IOException {
		this.wire.pooled = true;
		Application sink = new Application(98);
		sink.checking = false;
		InetSocketAddress address = new InetSocketAddress(this.wire.right.address, 80);
		this.wire.right.tcp.listen(address, 4, TcpOptions.DEFAULT, sink::startAccepted);
		ByteBuf chunk = ByteBufAllocator.DEFAULT.directBuffer(65_536).writeZero(65_536);
		TcpConnection source = this.wire.left.tcp.connect(null, address, TcpOptions.DEFAULT, new Application(1));
		this.wire.time.run();
		long best = 0;
		for (int round = 0; round < 4; round++) {
			long start = cpuNanos();
			long before = sink.count;
			while (cpuNanos() - start < SECONDS * 2.5e8) {
				for (int i = 0; i < 16 && source.writableBytes() > 0; i++) {
					source.write(chunk.duplicate());
				}
				source.flush();
				this.wire.time.run();
			}
			best = Math.max(best, (sink.count - before) * 1_000_000_000L / (cpuNanos() - start));
		}
		System.out.printf(Locale.ROOT,
				"bulk, both ends on one thread: %.2f Gbit per second of processor time, %d segments for %d MB, %s%n",
				best * 8e-9, this.wire.left.tcp.segmentsSent() + this.wire.right.tcp.segmentsSent(), sink.count >> 20,
				source.info());
		assertThat(sink.count).isPositive();
		source.abort();
		this.wire.time.run();
		chunk.release();
	}

	@Test
	void roundTripsOf64Bytes() throws IOException {
		this.wire.pooled = true;
		InetSocketAddress address = new InetSocketAddress(this.wire.right.address, 80);
		this.wire.right.tcp.listen(address, 4, TcpOptions.DEFAULT, (connection) -> new Echo());
		long[] trips = new long[1];
		ByteBuf ping = ByteBufAllocator.DEFAULT.directBuffer(64).writeZero(64);
		Application client = new Application(1) {
			@Override
			public void readable(TcpConnection connection) {
				trips[0]++;
				new Echo().readable(connection);
			}
		};
		TcpConnection connection = this.wire.left.tcp.connect(null, address, TcpOptions.DEFAULT, client);
		this.wire.time.run();
		connection.write(ping.duplicate());
		connection.flush();
		long start = cpuNanos();
		this.wire.time.loop().execute(new Runnable() {
			@Override
			public void run() {
				if (cpuNanos() - start > SECONDS * 1e9) {
					connection.abort();
				}
				else {
					ThroughputTests.this.wire.time.loop().execute(this);
				}
			}
		});
		for (int i = 0; connection.state() != TcpState.CLOSED && i < 10_000; i++) {
			try {
				this.wire.time.run();
			}
			catch (AssertionError ex) {
				// the virtual clock stands still on purpose
			}
		}
		double micros = (cpuNanos() - start) * 1e-3 / trips[0];
		System.out.printf(Locale.ROOT, "64 bytes there and back, all on one thread: %.2f us of processor time%n",
				micros);
		assertThat(trips[0]).isPositive();
		ping.release();
	}

	/** Sends back what it gets. */
	private static final class Echo implements TcpConnection.Handler {

		@Override
		public void connected(TcpConnection connection) {
		}

		@Override
		public void readable(TcpConnection connection) {
			ByteBuf data = connection.read(65_536);
			if (data == null) {
				return;
			}
			try {
				connection.write(data);
				connection.flush();
			}
			catch (IOException ex) {
				throw new AssertionError(ex);
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
