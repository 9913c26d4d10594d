package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.WriteBeforeRegisteredTest;

/**
 * Netty's {@link WriteBeforeRegisteredTest} on our channels.
 */
class WriteBeforeRegisteredTests extends WriteBeforeRegisteredTest {

	@Override
	protected List<BootstrapFactory<Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.clientSocket();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

}
