package io.zt4j.netty.testsuite;

import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketConnectionAttemptTest;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Netty's {@link SocketConnectionAttemptTest} on our channels.
 */
@Execution(ExecutionMode.CONCURRENT)
class SocketConnectionAttemptTests extends SocketConnectionAttemptTest {

	@Override
	protected List<BootstrapFactory<Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.clientSocket();
	}

	@Override
	protected SocketAddress newSocketAddress() {
		return ZeroTierSocketTestPermutation.newSocketAddress();
	}

	@Override
	protected List<ByteBufAllocator> newAllocators() {
		return ZeroTierSocketTestPermutation.oneAllocator();
	}

}
