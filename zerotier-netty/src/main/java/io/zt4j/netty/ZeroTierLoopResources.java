package io.zt4j.netty;

import java.time.Duration;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.zt4j.sockets.SocketDomain;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Puts Reactor Netty on ZeroTier: pass it to {@code runOn} of an {@code HttpServer},
 * {@code HttpClient}, {@code TcpServer} or {@code TcpClient}, and TCP goes over the
 * joined networks. Clients also want a {@link ZeroTierAddressResolverGroup}.
 * <p>
 * Event loops are those of another {@link LoopResources}. Only TCP channels are replaced.
 * Datagram channels stay the host's: the one part of Reactor Netty that asks for them
 * here is its DNS client, whose servers are the host's, not the overlay's.
 */
public final class ZeroTierLoopResources implements LoopResources {

	private final SocketDomain domain;

	private final LoopResources delegate;

	private final boolean owned;

	private ZeroTierLoopResources(SocketDomain domain, LoopResources delegate, boolean owned) {
		this.domain = domain;
		this.delegate = delegate;
		this.owned = owned;
	}

	/**
	 * Create resources with event loops of their own, which {@link #disposeLater} shuts
	 * down.
	 * @param domain the networks
	 * @return the resources
	 */
	public static ZeroTierLoopResources create(SocketDomain domain) {
		return new ZeroTierLoopResources(domain, LoopResources.create("zerotier-http"), true);
	}

	/**
	 * Create resources on the event loops of others.
	 * @param domain the networks
	 * @param delegate whose event loops to use; stays the caller's to dispose of
	 * @return the resources
	 */
	public static ZeroTierLoopResources create(SocketDomain domain, LoopResources delegate) {
		return new ZeroTierLoopResources(domain, delegate, false);
	}

	@Override
	public <C extends Channel> C onChannel(Class<C> channelType, EventLoopGroup group) {
		if (channelType == SocketChannel.class) {
			return channelType.cast(new ZeroTierSocketChannel(this.domain));
		}
		if (channelType == ServerSocketChannel.class) {
			return channelType.cast(new ZeroTierServerSocketChannel(this.domain));
		}
		return this.delegate.onChannel(channelType, group);
	}

	@Override
	public <C extends Channel> Class<? extends C> onChannelClass(Class<C> channelType, EventLoopGroup group) {
		if (channelType == SocketChannel.class) {
			return ZeroTierSocketChannel.class.asSubclass(channelType);
		}
		if (channelType == ServerSocketChannel.class) {
			return ZeroTierServerSocketChannel.class.asSubclass(channelType);
		}
		return this.delegate.onChannelClass(channelType, group);
	}

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		return this.delegate.onClient(useNative);
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.delegate.onServer(useNative);
	}

	@Override
	public EventLoopGroup onServerSelect(boolean useNative) {
		return this.delegate.onServerSelect(useNative);
	}

	@Override
	public boolean daemon() {
		return this.delegate.daemon();
	}

	@Override
	public boolean isDisposed() {
		return this.delegate.isDisposed();
	}

	@Override
	public void dispose() {
		disposeLater().subscribe();
	}

	@Override
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		return this.owned ? this.delegate.disposeLater(quietPeriod, timeout) : Mono.empty();
	}

}
