package io.zt4j.netty.testsuite;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.DatagramUnicastIPv6MappedTest;

/**
 * Netty's {@link DatagramUnicastIPv6MappedTest} on our channels.
 */
class DatagramUnicastIPv6MappedTests extends DatagramUnicastIPv6MappedTest {

	@Override
	protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.datagram(socketInternetProtocalFamily());
	}

	@Override
	protected InetSocketAddress sendToAddress(InetSocketAddress serverAddress) {
		return new InetSocketAddress(TestNetwork.SERVER_ADDRESS, serverAddress.getPort());
	}

	/**
	 * The original sends from a socket of the JDK.
	 */
	@Override
	public void testReceiveEmptyDatagrams(Bootstrap sb, Bootstrap cb) throws Throwable {
		EmptyDatagrams.test(sb, cb, newSocketAddress(), this::sendToAddress);
	}

}
