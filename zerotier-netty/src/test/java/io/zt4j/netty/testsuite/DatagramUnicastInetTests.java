package io.zt4j.netty.testsuite;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.DatagramUnicastInetTest;

/**
 * Netty's {@link DatagramUnicastInetTest} on our channels.
 */
class DatagramUnicastInetTests extends DatagramUnicastInetTest {

	@Override
	protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.datagram(socketInternetProtocalFamily());
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return new InetSocketAddress(TestNetwork.SERVER_ADDRESS, 0);
	}

	/**
	 * The original sends from a socket of the JDK.
	 */
	@Override
	public void testReceiveEmptyDatagrams(Bootstrap sb, Bootstrap cb) throws Throwable {
		EmptyDatagrams.test(sb, cb, newSocketAddress(), this::sendToAddress);
	}

}
