package io.zt4j.node;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.InetAddressCodec;
import io.zt4j.node.world.World;

/**
 * One clock and loop for nodes on {@link RecordingTransport}s.
 */
final class NodeBench {

	private final MockTicker ticker = Ticker.newMockTicker();

	private final ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(),
			LocalIoHandler.newFactory(), this.ticker);

	private final long beginning;

	/** Begin at a time in milliseconds since the Unix epoch. */
	NodeBench(long beginning) {
		this.beginning = beginning;
	}

	long now() {
		return this.beginning + TimeUnit.NANOSECONDS.toMillis(this.ticker.nanoTime());
	}

	ZeroTierNode start(Identity identity, World planet, RecordingTransport transport) {
		ZeroTierNode node = ZeroTierNode.builder()
			.identity(identity)
			.planet(planet)
			.transport(transport)
			.eventLoop(this.loop)
			.clock(() -> Instant.ofEpochMilli(now()))
			.random(new SecureRandom())
			.listenerExecutor(this.loop)
			.validationExecutor(Runnable::run)
			.build();
		node.start();
		run();
		return node;
	}

	void run() {
		while (this.loop.runNow() > 0) {
			continue;
		}
	}

	/** Let time pass up to a moment, 10 ms at a time. */
	void runTo(long time) {
		run();
		while (now() < time) {
			this.ticker.advance(Math.min(10, time - now()), TimeUnit.MILLISECONDS);
			run();
		}
	}

	static InetSocketAddress endpoint(String text) {
		return InetAddressCodec.parse(text);
	}

}
