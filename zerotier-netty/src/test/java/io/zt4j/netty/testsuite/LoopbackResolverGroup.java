package io.zt4j.netty.testsuite;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;

/**
 * Some of Netty's tests connect to the loopback address without asking. A ZeroTier
 * network has none, so its place is taken by the server's own address.
 */
final class LoopbackResolverGroup extends AddressResolverGroup<InetSocketAddress> {

	static final LoopbackResolverGroup INSTANCE = new LoopbackResolverGroup();

	private LoopbackResolverGroup() {
	}

	@Override
	protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
		return new AbstractAddressResolver<>(executor, InetSocketAddress.class) {
			@Override
			protected boolean doIsResolved(InetSocketAddress address) {
				return !address.isUnresolved() && !address.getAddress().isLoopbackAddress();
			}

			@Override
			protected void doResolve(InetSocketAddress unresolved, Promise<InetSocketAddress> promise) {
				promise.setSuccess(replace(unresolved));
			}

			@Override
			protected void doResolveAll(InetSocketAddress unresolved, Promise<List<InetSocketAddress>> promise) {
				promise.setSuccess(List.of(replace(unresolved)));
			}
		};
	}

	private static InetSocketAddress replace(InetSocketAddress address) {
		return address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort())
				: new InetSocketAddress(TestNetwork.SERVER_ADDRESS, address.getPort());
	}

}
