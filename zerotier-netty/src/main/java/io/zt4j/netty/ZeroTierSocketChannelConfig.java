package io.zt4j.netty;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import io.zt4j.stack.TcpOptions;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link ZeroTierSocketChannel}. They may be set before the connection is
 * made and while it lives; the socket's own are kept as {@link TcpOptions}.
 */
final class ZeroTierSocketChannelConfig extends DefaultChannelConfig implements SocketChannelConfig {

	private final ZeroTierSocketChannel channel;

	private volatile boolean allowHalfClosure;

	private volatile boolean reuseAddress;

	ZeroTierSocketChannelConfig(ZeroTierSocketChannel channel) {
		super(channel);
		this.channel = channel;
	}

	private TcpOptions tcp() {
		return this.channel.tcpOptions();
	}

	private ZeroTierSocketChannelConfig tcp(TcpOptions options) {
		this.channel.tcpOptions(options);
		return this;
	}

	@Override
	public Map<ChannelOption<?>, Object> getOptions() {
		return getOptions(super.getOptions(), ChannelOption.SO_RCVBUF, ChannelOption.SO_SNDBUF,
				ChannelOption.TCP_NODELAY, ChannelOption.SO_KEEPALIVE, ChannelOption.SO_REUSEADDR,
				ChannelOption.SO_LINGER, ChannelOption.IP_TOS, ChannelOption.ALLOW_HALF_CLOSURE,
				ZeroTierChannelOption.TCP_KEEPIDLE, ZeroTierChannelOption.TCP_KEEPINTVL,
				ZeroTierChannelOption.TCP_KEEPCNT, ZeroTierChannelOption.TCP_USER_TIMEOUT,
				ZeroTierChannelOption.TCP_CONGESTION);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T getOption(ChannelOption<T> option) {
		Object value = value(option);
		return (value != null) ? (T) value : super.getOption(option);
	}

	private @Nullable Object value(ChannelOption<?> option) {
		if (option == ChannelOption.SO_RCVBUF) {
			return getReceiveBufferSize();
		}
		if (option == ChannelOption.SO_SNDBUF) {
			return getSendBufferSize();
		}
		if (option == ChannelOption.TCP_NODELAY) {
			return isTcpNoDelay();
		}
		if (option == ChannelOption.SO_KEEPALIVE) {
			return isKeepAlive();
		}
		if (option == ChannelOption.SO_REUSEADDR) {
			return isReuseAddress();
		}
		if (option == ChannelOption.SO_LINGER) {
			return getSoLinger();
		}
		if (option == ChannelOption.IP_TOS) {
			return getTrafficClass();
		}
		if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
			return isAllowHalfClosure();
		}
		return ZeroTierChannelOption.get(option, tcp());
	}

	@Override
	public <T> boolean setOption(ChannelOption<T> option, T value) {
		validate(option, value);
		if (option == ChannelOption.SO_RCVBUF) {
			setReceiveBufferSize((Integer) value);
		}
		else if (option == ChannelOption.SO_SNDBUF) {
			setSendBufferSize((Integer) value);
		}
		else if (option == ChannelOption.TCP_NODELAY) {
			setTcpNoDelay((Boolean) value);
		}
		else if (option == ChannelOption.SO_KEEPALIVE) {
			setKeepAlive((Boolean) value);
		}
		else if (option == ChannelOption.SO_REUSEADDR) {
			setReuseAddress((Boolean) value);
		}
		else if (option == ChannelOption.SO_LINGER) {
			setSoLinger((Integer) value);
		}
		else if (option == ChannelOption.IP_TOS) {
			setTrafficClass((Integer) value);
		}
		else if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
			setAllowHalfClosure((Boolean) value);
		}
		else {
			TcpOptions changed = ZeroTierChannelOption.set(option, Objects.requireNonNull(value), tcp());
			if (changed == null) {
				return super.setOption(option, value);
			}
			tcp(changed);
		}
		return true;
	}

	@Override
	public boolean isTcpNoDelay() {
		return tcp().noDelay();
	}

	@Override
	public SocketChannelConfig setTcpNoDelay(boolean tcpNoDelay) {
		return tcp(tcp().withNoDelay(tcpNoDelay));
	}

	@Override
	public int getSoLinger() {
		return tcp().lingerSeconds();
	}

	@Override
	public SocketChannelConfig setSoLinger(int soLinger) {
		return tcp(tcp().withLinger(Math.max(-1, soLinger)));
	}

	@Override
	public int getSendBufferSize() {
		return tcp().sendBufferSize();
	}

	@Override
	public SocketChannelConfig setSendBufferSize(int sendBufferSize) {
		return tcp(tcp().withBufferSizes(positive(sendBufferSize, "SO_SNDBUF"), getReceiveBufferSize()));
	}

	@Override
	public int getReceiveBufferSize() {
		return tcp().receiveBufferSize();
	}

	@Override
	public SocketChannelConfig setReceiveBufferSize(int receiveBufferSize) {
		return tcp(tcp().withBufferSizes(getSendBufferSize(), positive(receiveBufferSize, "SO_RCVBUF")));
	}

	@Override
	public boolean isKeepAlive() {
		return tcp().keepAlive();
	}

	@Override
	public SocketChannelConfig setKeepAlive(boolean keepAlive) {
		return tcp(tcp().withKeepAlive(keepAlive));
	}

	@Override
	public int getTrafficClass() {
		return tcp().trafficClass();
	}

	@Override
	public SocketChannelConfig setTrafficClass(int trafficClass) {
		if (trafficClass < 0 || trafficClass > 255) {
			throw new ChannelException("IP_TOS must be 0..255, not " + trafficClass);
		}
		return tcp(tcp().withTrafficClass(trafficClass));
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
	public SocketChannelConfig setReuseAddress(boolean reuseAddress) {
		this.reuseAddress = reuseAddress;
		return this;
	}

	/**
	 * {@inheritDoc} A hint; like the JDK's own sockets this one has one protocol only.
	 */
	@Override
	public SocketChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
		return this;
	}

	@Override
	public boolean isAllowHalfClosure() {
		return this.allowHalfClosure;
	}

	@Override
	public SocketChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
		this.allowHalfClosure = allowHalfClosure;
		return this;
	}

	static int positive(int value, String option) {
		if (value <= 0) {
			throw new ChannelException(option + " must be greater than 0, not " + value);
		}
		return value;
	}

	static Duration connectTimeout(int millis) {
		// The channel's own timer comes first and says how long it waited.
		return (millis > 0) ? Duration.ofMillis(millis + 1000L) : TcpOptions.DEFAULT.connectTimeout();
	}

	@Override
	protected void autoReadCleared() {
		this.channel.clearReadPending();
	}

	@Override
	public SocketChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
		super.setConnectTimeoutMillis(connectTimeoutMillis);
		return this;
	}

	@Override
	@Deprecated
	public SocketChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
		super.setMaxMessagesPerRead(maxMessagesPerRead);
		return this;
	}

	@Override
	public SocketChannelConfig setWriteSpinCount(int writeSpinCount) {
		super.setWriteSpinCount(writeSpinCount);
		return this;
	}

	@Override
	public SocketChannelConfig setAllocator(ByteBufAllocator allocator) {
		super.setAllocator(allocator);
		return this;
	}

	@Override
	public SocketChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
		super.setRecvByteBufAllocator(allocator);
		return this;
	}

	@Override
	public SocketChannelConfig setAutoRead(boolean autoRead) {
		super.setAutoRead(autoRead);
		return this;
	}

	@Override
	public SocketChannelConfig setAutoClose(boolean autoClose) {
		super.setAutoClose(autoClose);
		return this;
	}

	@Override
	public SocketChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
		super.setWriteBufferWaterMark(writeBufferWaterMark);
		return this;
	}

	@Override
	public SocketChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
		super.setMessageSizeEstimator(estimator);
		return this;
	}

}
