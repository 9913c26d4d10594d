package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketSslSessionReuseTest;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Netty's {@link SocketSslSessionReuseTest} on our channels.
 */
class SocketSslSessionReuseTests extends SocketSslSessionReuseTest {

	@Override
	protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.one();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

	/**
	 * Without the variants on OpenSSL, which is not among our dependencies.
	 */
	@Override
	@ParameterizedTest(name = "{index}: serverEngine = {0}, clientEngine = {1}")
	@MethodSource("jdkOnly")
	public void testSslSessionTrustManagerResumption(SslContextBuilder serverBuilder, SslContextBuilder clientBuilder,
			TestInfo testInfo) throws Throwable {
		super.testSslSessionTrustManagerResumption(serverBuilder, clientBuilder, testInfo);
	}

}
