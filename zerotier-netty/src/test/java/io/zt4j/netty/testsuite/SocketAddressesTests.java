package io.zt4j.netty.testsuite;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketAddressesTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Netty's {@link SocketAddressesTest} on our channels.
 */
class SocketAddressesTests extends SocketAddressesTest {

	@Override
	protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.loopback();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

	@Override
	protected void assertAddress(SocketAddress address) {
		InetSocketAddress inet = (InetSocketAddress) address;
		assertThat(inet.getPort()).isPositive();
		assertThat(inet.getAddress()).isEqualTo(TestNetwork.SERVER_ADDRESS);
	}

}
