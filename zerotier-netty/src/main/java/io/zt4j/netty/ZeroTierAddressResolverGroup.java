package io.zt4j.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultNameResolver;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.NameResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the addresses clients connect to over ZeroTier: literal IPv4 and IPv6
 * addresses, and the names a {@link NameSource} knows. Other names are not known, and
 * fail with {@link UnknownHostException}, unless the host's resolver is allowed: names of
 * the overlay should not leak to the DNS of the host's network, nor be answered by it.
 */
public final class ZeroTierAddressResolverGroup extends AddressResolverGroup<InetSocketAddress> {

	private final @Nullable NameSource names;

	private final boolean hostNames;

	private ZeroTierAddressResolverGroup(@Nullable NameSource names, boolean hostNames) {
		this.names = names;
		this.hostNames = hostNames;
	}

	/**
	 * Resolve literal addresses only.
	 * @return the group
	 */
	public static ZeroTierAddressResolverGroup literals() {
		return new ZeroTierAddressResolverGroup(null, false);
	}

	/**
	 * Resolve literal addresses and the names a source knows.
	 * @param names the source
	 * @return the group
	 */
	public static ZeroTierAddressResolverGroup of(NameSource names) {
		return new ZeroTierAddressResolverGroup(names, false);
	}

	/**
	 * Return a group that asks the host's resolver for names it does not know.
	 * @return the group
	 */
	public ZeroTierAddressResolverGroup withHostNames() {
		return new ZeroTierAddressResolverGroup(this.names, true);
	}

	@Override
	protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
		return new Resolver(executor).asAddressResolver();
	}

	private static String normalized(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
	}

	private static @Nullable InetAddress literal(String name) throws UnknownHostException {
		String host = (name.startsWith("[") && name.endsWith("]")) ? name.substring(1, name.length() - 1) : name;
		byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
		// without a scope: an interface of the host means nothing here
		return (address != null) ? InetAddress.getByAddress(host, address) : null;
	}

	private final class Resolver extends InetNameResolver {

		private final @Nullable NameResolver<InetAddress> host;

		Resolver(EventExecutor executor) {
			super(executor);
			this.host = ZeroTierAddressResolverGroup.this.hostNames ? new DefaultNameResolver(executor) : null;
		}

		@Override
		protected void doResolve(String inetHost, Promise<InetAddress> promise) throws Exception {
			Promise<List<InetAddress>> all = executor().newPromise();
			all.addListener((Future<List<InetAddress>> future) -> {
				if (future.isSuccess()) {
					promise.trySuccess(future.getNow().get(0));
				}
				else {
					promise.tryFailure(future.cause());
				}
			});
			doResolveAll(inetHost, all);
		}

		@Override
		protected void doResolveAll(@Nullable String inetHost, Promise<List<InetAddress>> promise) throws Exception {
			if (inetHost == null || inetHost.isEmpty()) {
				promise.tryFailure(new UnknownHostException("No host name"));
				return;
			}
			InetAddress literal = literal(inetHost);
			if (literal != null) {
				promise.trySuccess(List.of(literal));
				return;
			}
			NameSource source = ZeroTierAddressResolverGroup.this.names;
			if (source == null) {
				unknown(inetHost, promise);
				return;
			}
			source.lookup(normalized(inetHost)).whenComplete((addresses, cause) -> {
				if (cause != null) {
					UnknownHostException failure = new UnknownHostException(inetHost + ": " + cause.getMessage());
					failure.initCause(cause);
					promise.tryFailure(failure);
				}
				else if (addresses.isEmpty()) {
					unknown(inetHost, promise);
				}
				else {
					promise.trySuccess(List.copyOf(addresses));
				}
			});
		}

		private void unknown(String name, Promise<List<InetAddress>> promise) {
			if (this.host != null) {
				this.host.resolveAll(name, promise);
			}
			else {
				promise.tryFailure(new UnknownHostException(name + " is not a name of a ZeroTier network"));
			}
		}

	}

}
