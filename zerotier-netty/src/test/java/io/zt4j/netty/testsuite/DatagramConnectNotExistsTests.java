package io.zt4j.netty.testsuite;

import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.DatagramConnectNotExistsTest;

/**
 * Netty's {@link DatagramConnectNotExistsTest} on our channels.
 */
class DatagramConnectNotExistsTests extends DatagramConnectNotExistsTest {

	@Override
	protected List<BootstrapFactory<Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.datagramSocket();
	}

}
