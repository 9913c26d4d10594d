package io.zt4j.netty.testsuite;

import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.DatagramMulticastIPv6Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Netty's {@link DatagramMulticastIPv6Test} on our channels.
 */
@Execution(ExecutionMode.CONCURRENT)
class DatagramMulticastIPv6Tests extends DatagramMulticastIPv6Test {

	@Override
	protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
		return ZeroTierSocketTestPermutation.INSTANCE.datagram(socketInternetProtocalFamily());
	}

	@Override
	protected List<ByteBufAllocator> newAllocators() {
		return ZeroTierSocketTestPermutation.oneAllocator();
	}

}
