package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketStringEchoTest;

/**
 * Netty's {@link SocketStringEchoTest} on our channels.
 */
class SocketStringEchoTests extends SocketStringEchoTest {

	@Override
	protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.socket();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

}
