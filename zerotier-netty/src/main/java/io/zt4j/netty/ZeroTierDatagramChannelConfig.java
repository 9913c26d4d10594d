package io.zt4j.netty;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Map;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link ZeroTierDatagramChannel}. They may be set at any time; only
 * {@code SO_REUSEADDR} must be set before binding to have an effect.
 */
final class ZeroTierDatagramChannelConfig extends DefaultChannelConfig implements DatagramChannelConfig {

	private static final int DEFAULT_BUFFER = 1 << 20;

	private final ZeroTierDatagramChannel channel;

	private volatile int sendBufferSize = DEFAULT_BUFFER;

	private volatile int receiveBufferSize = DEFAULT_BUFFER;

	private volatile int trafficClass;

	private volatile int timeToLive = 1;

	private volatile boolean reuseAddress;

	private volatile boolean broadcast;

	private volatile boolean loopbackModeDisabled;

	private volatile boolean activeOnOpen;

	private volatile boolean originalDestination;

	private volatile @Nullable InetAddress multicastInterface;

	private volatile @Nullable NetworkInterface multicastNetworkInterface;

	ZeroTierDatagramChannelConfig(ZeroTierDatagramChannel channel) {
		super(channel, new FixedRecvByteBufAllocator(2048));
		this.channel = channel;
	}

	@Override
	@SuppressWarnings("deprecation")
	public Map<ChannelOption<?>, Object> getOptions() {
		return getOptions(super.getOptions(), ChannelOption.SO_BROADCAST, ChannelOption.SO_RCVBUF,
				ChannelOption.SO_SNDBUF, ChannelOption.SO_REUSEADDR, ChannelOption.IP_MULTICAST_LOOP_DISABLED,
				ChannelOption.IP_MULTICAST_ADDR, ChannelOption.IP_MULTICAST_IF, ChannelOption.IP_MULTICAST_TTL,
				ChannelOption.IP_TOS, ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION,
				ZeroTierChannelOption.IP_RECVORIGDSTADDR);
	}

	@Override
	@SuppressWarnings({ "unchecked", "deprecation" })
	public <T> @Nullable T getOption(ChannelOption<T> option) {
		if (option == ChannelOption.IP_MULTICAST_ADDR) {
			return (T) getInterface();
		}
		if (option == ChannelOption.IP_MULTICAST_IF) {
			return (T) getNetworkInterface();
		}
		if (option == ChannelOption.SO_BROADCAST) {
			return (T) Boolean.valueOf(isBroadcast());
		}
		if (option == ChannelOption.SO_RCVBUF) {
			return (T) Integer.valueOf(getReceiveBufferSize());
		}
		if (option == ChannelOption.SO_SNDBUF) {
			return (T) Integer.valueOf(getSendBufferSize());
		}
		if (option == ChannelOption.SO_REUSEADDR) {
			return (T) Boolean.valueOf(isReuseAddress());
		}
		if (option == ChannelOption.IP_MULTICAST_LOOP_DISABLED) {
			return (T) Boolean.valueOf(isLoopbackModeDisabled());
		}
		if (option == ChannelOption.IP_MULTICAST_TTL) {
			return (T) Integer.valueOf(getTimeToLive());
		}
		if (option == ChannelOption.IP_TOS) {
			return (T) Integer.valueOf(getTrafficClass());
		}
		if (option == ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION) {
			return (T) Boolean.valueOf(this.activeOnOpen);
		}
		if (option == ZeroTierChannelOption.IP_RECVORIGDSTADDR) {
			return (T) Boolean.valueOf(this.originalDestination);
		}
		return super.getOption(option);
	}

	@Override
	@SuppressWarnings("deprecation")
	public <T> boolean setOption(ChannelOption<T> option, T value) {
		validate(option, value);
		if (option == ChannelOption.SO_BROADCAST) {
			setBroadcast((Boolean) value);
		}
		else if (option == ChannelOption.SO_RCVBUF) {
			setReceiveBufferSize((Integer) value);
		}
		else if (option == ChannelOption.SO_SNDBUF) {
			setSendBufferSize((Integer) value);
		}
		else if (option == ChannelOption.SO_REUSEADDR) {
			setReuseAddress((Boolean) value);
		}
		else if (option == ChannelOption.IP_MULTICAST_LOOP_DISABLED) {
			setLoopbackModeDisabled((Boolean) value);
		}
		else if (option == ChannelOption.IP_MULTICAST_ADDR) {
			setInterface((InetAddress) value);
		}
		else if (option == ChannelOption.IP_MULTICAST_IF) {
			setNetworkInterface((NetworkInterface) value);
		}
		else if (option == ChannelOption.IP_MULTICAST_TTL) {
			setTimeToLive((Integer) value);
		}
		else if (option == ChannelOption.IP_TOS) {
			setTrafficClass((Integer) value);
		}
		else if (option == ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION) {
			if (this.channel.isRegistered()) {
				throw new IllegalStateException(option.name() + " must be set before the channel is registered");
			}
			this.activeOnOpen = (Boolean) value;
		}
		else if (option == ZeroTierChannelOption.IP_RECVORIGDSTADDR) {
			this.originalDestination = (Boolean) value;
			this.channel.optionsChanged();
		}
		else {
			return super.setOption(option, value);
		}
		return true;
	}

	boolean isActiveOnOpen() {
		return this.activeOnOpen;
	}

	boolean isOriginalDestination() {
		return this.originalDestination;
	}

	@Override
	public int getSendBufferSize() {
		return this.sendBufferSize;
	}

	/**
	 * {@inheritDoc} Bounds the bytes on their way to the stack's event loop.
	 */
	@Override
	public DatagramChannelConfig setSendBufferSize(int sendBufferSize) {
		this.sendBufferSize = ZeroTierSocketChannelConfig.positive(sendBufferSize, "SO_SNDBUF");
		this.channel.optionsChanged();
		return this;
	}

	@Override
	public int getReceiveBufferSize() {
		return this.receiveBufferSize;
	}

	/**
	 * {@inheritDoc} Bounds the bytes received and not yet read; datagrams beyond it are
	 * dropped.
	 */
	@Override
	public DatagramChannelConfig setReceiveBufferSize(int receiveBufferSize) {
		this.receiveBufferSize = ZeroTierSocketChannelConfig.positive(receiveBufferSize, "SO_RCVBUF");
		this.channel.optionsChanged();
		return this;
	}

	@Override
	public int getTrafficClass() {
		return this.trafficClass;
	}

	@Override
	public DatagramChannelConfig setTrafficClass(int trafficClass) {
		if (trafficClass < 0 || trafficClass > 255) {
			throw new ChannelException("IP_TOS must be 0..255, not " + trafficClass);
		}
		this.trafficClass = trafficClass;
		this.channel.optionsChanged();
		return this;
	}

	@Override
	public boolean isReuseAddress() {
		return this.reuseAddress;
	}

	@Override
	public DatagramChannelConfig setReuseAddress(boolean reuseAddress) {
		this.reuseAddress = reuseAddress;
		return this;
	}

	@Override
	public boolean isBroadcast() {
		return this.broadcast;
	}

	@Override
	public DatagramChannelConfig setBroadcast(boolean broadcast) {
		this.broadcast = broadcast;
		return this;
	}

	@Override
	public boolean isLoopbackModeDisabled() {
		return this.loopbackModeDisabled;
	}

	@Override
	public DatagramChannelConfig setLoopbackModeDisabled(boolean loopbackModeDisabled) {
		this.loopbackModeDisabled = loopbackModeDisabled;
		this.channel.optionsChanged();
		return this;
	}

	@Override
	public int getTimeToLive() {
		return this.timeToLive;
	}

	@Override
	public DatagramChannelConfig setTimeToLive(int ttl) {
		if (ttl < 0 || ttl > 255) {
			throw new ChannelException("IP_MULTICAST_TTL must be 0..255, not " + ttl);
		}
		this.timeToLive = ttl;
		this.channel.optionsChanged();
		return this;
	}

	@Override
	public @Nullable InetAddress getInterface() {
		return this.multicastInterface;
	}

	/**
	 * Choose the network multicast is sent to and groups are joined on.
	 * @param interfaceAddress an address of this node on that network
	 */
	@Override
	public DatagramChannelConfig setInterface(InetAddress interfaceAddress) {
		if (!this.channel.isOurs(interfaceAddress)) {
			throw new ChannelException("IP_MULTICAST_ADDR must be an address of this node on a joined network, not "
					+ interfaceAddress.getHostAddress());
		}
		this.multicastInterface = interfaceAddress;
		this.multicastNetworkInterface = null;
		return this;
	}

	@Override
	public @Nullable NetworkInterface getNetworkInterface() {
		return this.multicastNetworkInterface;
	}

	/**
	 * Choose the network multicast is sent to and groups are joined on.
	 * @param networkInterface an interface of the host that has one of our addresses;
	 * networks of ours are usually not interfaces of the host, so
	 * {@link #setInterface(InetAddress)} is the better choice
	 */
	@Override
	public DatagramChannelConfig setNetworkInterface(NetworkInterface networkInterface) {
		try {
			this.multicastInterface = this.channel.addressOn(networkInterface);
		}
		catch (SocketException ex) {
			throw new ChannelException(ex.getMessage(), ex);
		}
		this.multicastNetworkInterface = networkInterface;
		return this;
	}

	@Override
	protected void autoReadCleared() {
		this.channel.clearReadPending();
	}

	@Override
	public DatagramChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
		super.setConnectTimeoutMillis(connectTimeoutMillis);
		return this;
	}

	@Override
	@Deprecated
	public DatagramChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
		super.setMaxMessagesPerRead(maxMessagesPerRead);
		return this;
	}

	@Override
	public DatagramChannelConfig setWriteSpinCount(int writeSpinCount) {
		super.setWriteSpinCount(writeSpinCount);
		return this;
	}

	@Override
	public DatagramChannelConfig setAllocator(ByteBufAllocator allocator) {
		super.setAllocator(allocator);
		return this;
	}

	@Override
	public DatagramChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
		super.setRecvByteBufAllocator(allocator);
		return this;
	}

	@Override
	public DatagramChannelConfig setAutoRead(boolean autoRead) {
		super.setAutoRead(autoRead);
		return this;
	}

	@Override
	public DatagramChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
		super.setWriteBufferWaterMark(writeBufferWaterMark);
		return this;
	}

	@Override
	public DatagramChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
		super.setMessageSizeEstimator(estimator);
		return this;
	}

	@Override
	public DatagramChannelConfig setAutoClose(boolean autoClose) {
		super.setAutoClose(autoClose);
		return this;
	}

}
