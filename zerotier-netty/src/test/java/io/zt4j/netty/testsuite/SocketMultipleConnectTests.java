package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketMultipleConnectTest;

/**
 * Netty's {@link SocketMultipleConnectTest} on our channels.
 */
class SocketMultipleConnectTests extends SocketMultipleConnectTest {

	@Override
	protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.loopback();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

}
