package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.zt4j.stack.TcpOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goodput over simulated paths: the tables are printed, their shape is asserted.
 */
class NetsimTests {

	private static final double[] LOSSES = { 0, 0.0001, 0.001, 0.01, 0.03, 0.1 };

	private static final long[] RTT_MILLIS = { 1, 10, 50, 100, 200 };

	/** Megabits per second of one flow from left to right. */
	private static double goodput(Wire wire, TcpOptions options, long seconds) throws IOException {
		Application sink = new Application(98);
		InetSocketAddress address = new InetSocketAddress(wire.right.address, 80);
		wire.right.tcp.listen(address, 4, options, sink::startAccepted);
		Application source = new Application(1).sending(1L << 40);
		source.chunk = 64 * 1024;
		sink.checking = false;
		source.start(wire.left.tcp.connect(null, address, options, source));
		// what slow start does is not the question
		wire.time.advance(seconds / 4, TimeUnit.SECONDS);
		long before = sink.count;
		wire.time.advance(seconds, TimeUnit.SECONDS);
		double megabits = (sink.count - before) * 8e-6 / seconds;
		wire.left.tcp.close();
		wire.right.tcp.close();
		wire.time.advance(1, TimeUnit.SECONDS);
		return megabits;
	}

	private static double average(double loss, long rttMillis, String congestionControl) throws IOException {
		double sum = 0;
		for (long seed = 1; seed <= 2; seed++) {
			Wire wire = new Wire(seed);
			wire.delayNanos = rttMillis * 500_000;
			wire.loss = loss;
			wire.bandwidth = 10_000_000;
			wire.queueLimit = (int) Math.max(20, rttMillis);
			sum += goodput(wire, options(congestionControl), 30);
		}
		return sum / 2;
	}

	private static TcpOptions options(String congestionControl) {
		TcpOptions d = TcpOptions.DEFAULT;
		return new TcpOptions(d.noDelay(), d.keepAlive(), d.keepAliveIdle(), d.keepAliveInterval(), d.keepAliveCount(),
				d.sendBufferSize(), d.receiveBufferSize(), d.lingerSeconds(), d.connectTimeout(), d.userTimeout(),
				d.trafficClass(), congestionControl);
	}

	private static void table(String congestionControl) throws IOException {
		StringBuilder out = new StringBuilder(congestionControl + ", 10 Mbit/s, goodput in Mbit/s\nloss    ");
		for (long rtt : RTT_MILLIS) {
			out.append(String.format(Locale.ROOT, "%6d ms", rtt));
		}
		double[][] table = new double[LOSSES.length][RTT_MILLIS.length];
		for (int i = 0; i < LOSSES.length; i++) {
			out.append(String.format(Locale.ROOT, "%n%6.2f %%", LOSSES[i] * 100));
			for (int j = 0; j < RTT_MILLIS.length; j++) {
				table[i][j] = average(LOSSES[i], RTT_MILLIS[j], congestionControl);
				out.append(String.format(Locale.ROOT, "%9.3f", table[i][j]));
			}
		}
		System.out.println(out);
		for (int i = 0; i < LOSSES.length; i++) {
			for (int j = 0; j < RTT_MILLIS.length; j++) {
				// time-outs, rare and long, make the last row noisy
				double slack = (LOSSES[i] < 0.1) ? 1.1 : 1.6;
				if (i > 0) {
					assertThat(table[i][j]).as("more loss: row %d column %d", i, j)
						.isLessThanOrEqualTo(table[i - 1][j] * slack + 0.1);
				}
				if (j > 0) {
					assertThat(table[i][j]).as("more delay: row %d column %d", i, j)
						.isLessThanOrEqualTo(table[i][j - 1] * slack + 0.1);
				}
			}
		}
		// the link is filled where nothing is lost
		assertThat(Arrays.stream(table[0]).min().getAsDouble()).isGreaterThan(8.5);
	}

	@Test
	void cubicGoodputFallsWithLossAndDelay() throws IOException {
		table("cubic");
	}

	@Test
	void renoGoodputFallsWithLossAndDelay() throws IOException {
		table("reno");
	}

	@Test
	void aLongPathWithLittleLossAndMildReorderingIsUsed() throws IOException {
		Wire wire = new Wire(7);
		wire.delayNanos = 33_000_000;
		wire.loss = 0.00003;
		wire.reordering = 0.001;
		wire.bandwidth = 200_000_000;
		wire.queueLimit = 1000;
		double clean = goodput(wire, TcpOptions.DEFAULT, 20);
		System.out.printf(Locale.ROOT,
				"66 ms, 0.003 %% loss, 0.1 %% reordered, 200 Mbit/s: %.1f Mbit/s, %d retransmitted%n", clean,
				wire.left.tcp.segmentsRetransmitted());
		assertThat(clean).isGreaterThan(60);
	}

	@Test
	void flowsShareALinkFairly() throws IOException {
		for (int flows : new int[] { 2, 8, 32 }) {
			double fairness = fairness(flows);
			System.out.printf(Locale.ROOT, "%d flows: fairness %.3f%n", flows, fairness);
			assertThat(fairness).isGreaterThan(0.8);
		}
	}

	/** Jain's index. */
	private static double fairness(int flows) throws IOException {
		Wire wire = new Wire(11);
		wire.delayNanos = 10_000_000;
		wire.bandwidth = 50_000_000;
		wire.queueLimit = 60;
		InetSocketAddress address = new InetSocketAddress(wire.right.address, 80);
		List<Application> sinks = new ArrayList<>();
		wire.right.tcp.listen(address, 100, TcpOptions.DEFAULT, (connection) -> {
			Application sink = new Application(98);
			sink.checking = false;
			sinks.add(sink);
			return sink.startAccepted(connection);
		});
		for (int i = 0; i < flows; i++) {
			Application source = new Application(1).sending(1L << 40);
			source.chunk = 64 * 1024;
			source.start(wire.left.tcp.connect(null, address, TcpOptions.DEFAULT, source));
			wire.time.advance(37, TimeUnit.MILLISECONDS);
		}
		wire.time.advance(60, TimeUnit.SECONDS);
		double sum = 0;
		double squares = 0;
		for (Application sink : sinks) {
			sum += sink.count;
			squares += (double) sink.count * sink.count;
		}
		System.out.printf(Locale.ROOT, "%d flows: %.1f of 50 Mbit/s used%n", flows, sum * 8e-6 / 60);
		assertThat(sum * 8e-6 / 60).isGreaterThan(42);
		wire.left.tcp.close();
		wire.right.tcp.close();
		wire.time.advance(1, TimeUnit.SECONDS);
		return sum * sum / (flows * squares);
	}

}
