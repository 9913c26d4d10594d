package io.zt4j.netty;

import java.util.Map;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.util.NetUtil;
import io.zt4j.stack.TcpOptions;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link ZeroTierServerSocketChannel}; those of the socket take effect when
 * it is bound.
 */
final class ZeroTierServerSocketChannelConfig extends DefaultChannelConfig implements ServerSocketChannelConfig {

	private final ZeroTierServerSocketChannel channel;

	private volatile int backlog = NetUtil.SOMAXCONN;

	private volatile int receiveBufferSize = TcpOptions.DEFAULT.receiveBufferSize();

	private volatile boolean reuseAddress;

	ZeroTierServerSocketChannelConfig(ZeroTierServerSocketChannel channel) {
		super(channel);
		this.channel = channel;
	}

	@Override
	public Map<ChannelOption<?>, Object> getOptions() {
		return getOptions(super.getOptions(), ChannelOption.SO_RCVBUF, ChannelOption.SO_REUSEADDR,
				ChannelOption.SO_BACKLOG);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T getOption(ChannelOption<T> option) {
		if (option == ChannelOption.SO_RCVBUF) {
			return (T) Integer.valueOf(getReceiveBufferSize());
		}
		if (option == ChannelOption.SO_REUSEADDR) {
			return (T) Boolean.valueOf(isReuseAddress());
		}
		if (option == ChannelOption.SO_BACKLOG) {
			return (T) Integer.valueOf(getBacklog());
		}
		return super.getOption(option);
	}

	@Override
	public <T> boolean setOption(ChannelOption<T> option, T value) {
		validate(option, value);
		if (option == ChannelOption.SO_RCVBUF) {
			setReceiveBufferSize((Integer) value);
		}
		else if (option == ChannelOption.SO_REUSEADDR) {
			setReuseAddress((Boolean) value);
		}
		else if (option == ChannelOption.SO_BACKLOG) {
			setBacklog((Integer) value);
		}
		else {
			return super.setOption(option, value);
		}
		return true;
	}

	@Override
	public int getBacklog() {
		return this.backlog;
	}

	/**
	 * {@inheritDoc} 0 stands for the default.
	 */
	@Override
	public ServerSocketChannelConfig setBacklog(int backlog) {
		if (backlog < 0) {
			throw new IllegalArgumentException("SO_BACKLOG must not be negative, but is " + backlog);
		}
		this.backlog = (backlog != 0) ? backlog : NetUtil.SOMAXCONN;
		return this;
	}

	@Override
	public boolean isReuseAddress() {
		return this.reuseAddress;
	}

	/**
	 * {@inheritDoc} The stack always lets a port be bound while old connections of it are
	 * in TIME-WAIT, so there is nothing this setting would change.
	 */
	@Override
	public ServerSocketChannelConfig setReuseAddress(boolean reuseAddress) {
		this.reuseAddress = reuseAddress;
		return this;
	}

	@Override
	public int getReceiveBufferSize() {
		return this.receiveBufferSize;
	}

	@Override
	public ServerSocketChannelConfig setReceiveBufferSize(int receiveBufferSize) {
		this.receiveBufferSize = ZeroTierSocketChannelConfig.positive(receiveBufferSize, "SO_RCVBUF");
		return this;
	}

	/**
	 * {@inheritDoc} A hint; like the JDK's own sockets this one has one protocol only.
	 */
	@Override
	public ServerSocketChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
		return this;
	}

	@Override
	protected void autoReadCleared() {
		this.channel.clearReadPending();
	}

	@Override
	public ServerSocketChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
		super.setConnectTimeoutMillis(connectTimeoutMillis);
		return this;
	}

	@Override
	@Deprecated
	public ServerSocketChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
		super.setMaxMessagesPerRead(maxMessagesPerRead);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setWriteSpinCount(int writeSpinCount) {
		super.setWriteSpinCount(writeSpinCount);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setAllocator(ByteBufAllocator allocator) {
		super.setAllocator(allocator);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
		super.setRecvByteBufAllocator(allocator);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setAutoRead(boolean autoRead) {
		super.setAutoRead(autoRead);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
		super.setWriteBufferWaterMark(writeBufferWaterMark);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
		super.setMessageSizeEstimator(estimator);
		return this;
	}

	@Override
	@Deprecated
	public ServerSocketChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
		super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
		return this;
	}

	@Override
	@Deprecated
	public ServerSocketChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
		super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
		return this;
	}

}
