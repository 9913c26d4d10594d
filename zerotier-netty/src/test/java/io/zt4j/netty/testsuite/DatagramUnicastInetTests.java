package io.zt4j.netty.testsuite;

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

	/**
	 * The original sends from a socket of the JDK.
	 */
	@Override
	public void testReceiveEmptyDatagrams(Bootstrap sb, Bootstrap cb) throws Throwable {
		EmptyDatagrams.test(sb, cb, newSocketAddress(), this::sendToAddress);
	}

}
