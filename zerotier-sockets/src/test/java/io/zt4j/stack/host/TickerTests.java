package io.zt4j.stack.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpInfo;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.testing.TwoHosts;
import io.zt4j.stack.testing.VirtualEthernet;
import io.zt4j.stack.testing.VirtualTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where a clock begins must not matter: the system's ticker counts from its own start,
 * while its initial time is that of the machine.
 */
class TickerTests {

	private static final int LENGTH = 5_000_000;

	private final VirtualTime time = new VirtualTime();

	@ParameterizedTest
	@CsvSource({ "0, 0", "0, 86400000000000", "-9000000000000000, -9000000000000000", "86400000000000, 0" })
	void lossIsRepairedWithoutTimeOutsWhereverTheClockBegins(long offset, long initial) throws IOException {
		Ticker ticker = new Shifted(this.time.ticker(), offset, initial);
		VirtualEthernet ethernet = new VirtualEthernet(ticker, 8);
		HostStack a = host(ethernet, ticker, "10.0.0.1");
		HostStack b = host(ethernet, ticker, "10.0.0.2");
		this.time.run();
		Counter counter = new Counter();
		b.listen(UdpTests.at("0.0.0.0", 80), 1, TcpOptions.DEFAULT, (accepted) -> counter);
		Source source = new Source();
		TcpConnection connection = a.connect(null, new InetSocketAddress(TwoHosts.ip("10.0.0.2"), 80),
				TcpOptions.DEFAULT, source);
		assertThat(this.time.advanceUntil(() -> counter.bytes == LENGTH, 60, TimeUnit.SECONDS)).isTrue();
		TcpInfo info = connection.info();
		assertThat(info.retransmittedSegments()).isGreaterThan(5);
		assertThat(info.retransmissionTimeouts()).isLessThan(2);
		a.close();
		b.close();
	}

	private HostStack host(VirtualEthernet ethernet, Ticker ticker, String address) {
		VirtualEthernet.Port port = ethernet.port(2800);
		port.conditions(VirtualEthernet.Conditions.of(0.01, 10));
		HostStack host = port.attach(new HostStack(port, this.time.loop(), ticker, new Random(1)));
		InetAddress ip = TwoHosts.ip(address);
		host.addAddress(new InterfaceAddress(ip, 24));
		return host;
	}

	private static final class Shifted implements Ticker {

		private final Ticker ticker;

		private final long offset;

		private final long initial;

		Shifted(Ticker ticker, long offset, long initial) {
			this.ticker = ticker;
			this.offset = offset;
			this.initial = initial;
		}

		@Override
		public long initialNanoTime() {
			return this.initial;
		}

		@Override
		public long nanoTime() {
			return this.ticker.nanoTime() + this.offset;
		}

		@Override
		public void sleep(long delay, TimeUnit unit) {
			throw new UnsupportedOperationException("nobody sleeps here");
		}

	}

	private static final class Source implements TcpConnection.Handler {

		private final ByteBuf data = Unpooled.buffer().writeZero(LENGTH);

		@Override
		public void connected(TcpConnection connection) {
			writable(connection);
		}

		@Override
		public void writable(TcpConnection connection) {
			try {
				connection.write(this.data);
				connection.flush();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void readable(TcpConnection connection) {
		}

		@Override
		public void closed(TcpConnection connection, @Nullable IOException cause) {
		}

	}

	private static final class Counter implements TcpConnection.Handler {

		private long bytes;

		@Override
		public void connected(TcpConnection connection) {
		}

		@Override
		public void readable(TcpConnection connection) {
			for (ByteBuf data = connection.read(1 << 20); data != null; data = connection.read(1 << 20)) {
				this.bytes += data.readableBytes();
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
