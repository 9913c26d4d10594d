package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketHalfClosedTest;

/**
 * Netty's {@link SocketHalfClosedTest} on our channels.
 */
class SocketHalfClosedTests extends SocketHalfClosedTest {

	@Override
	protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.socket();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

	@Override
	protected List<ByteBufAllocator> newAllocators() {
		return ZeroTierSocketTestPermutation.oneAllocator();
	}

	/**
	 * The original blocks the event loop of one channel until the other is done, so it
	 * cannot run where that loop is the one the network itself runs on.
	 */
	@Override
	public void testAutoCloseFalseDoesShutdownOutput(ServerBootstrap sb, Bootstrap cb) throws Throwable {
		if (sb.config().group() != TestNetwork.LOOP && cb.config().group() != TestNetwork.LOOP) {
			super.testAutoCloseFalseDoesShutdownOutput(sb, cb);
		}
	}

}
