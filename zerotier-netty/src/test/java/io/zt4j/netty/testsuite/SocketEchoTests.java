package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketEchoTest;

/**
 * Netty's {@link SocketEchoTest} on our channels.
 */
class SocketEchoTests extends SocketEchoTest {

	@Override
	protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.socket();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

}
