package io.zt4j.netty;

import java.time.Duration;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.zt4j.stack.TcpOptions;
import org.jspecify.annotations.Nullable;

/**
 * Options of our channels that {@link ChannelOption} has no name for. The names and units
 * are those of the native transports.
 *
 * @param <T> the type of the value
 */
public final class ZeroTierChannelOption<T> extends ChannelOption<T> {

	/** Seconds a connection is idle before the first keep-alive probe. */
	public static final ChannelOption<Integer> TCP_KEEPIDLE = valueOf(ZeroTierChannelOption.class, "TCP_KEEPIDLE");

	/** Seconds between keep-alive probes. */
	public static final ChannelOption<Integer> TCP_KEEPINTVL = valueOf(ZeroTierChannelOption.class, "TCP_KEEPINTVL");

	/** Unanswered keep-alive probes before the connection fails. */
	public static final ChannelOption<Integer> TCP_KEEPCNT = valueOf(ZeroTierChannelOption.class, "TCP_KEEPCNT");

	/** Milliseconds sent data may stay unacknowledged (RFC 5482); 0 for the default. */
	public static final ChannelOption<Integer> TCP_USER_TIMEOUT = valueOf(ZeroTierChannelOption.class,
			"TCP_USER_TIMEOUT");

	/** The congestion control: {@code cubic} or {@code reno}. */
	public static final ChannelOption<String> TCP_CONGESTION = valueOf(ZeroTierChannelOption.class, "TCP_CONGESTION");

	/**
	 * Whether the recipient of a datagram received by {@link ZeroTierDatagramChannel} is
	 * the address it was sent to. Otherwise it is the channel's local address, be it a
	 * wildcard.
	 */
	public static final ChannelOption<Boolean> IP_RECVORIGDSTADDR = valueOf(ZeroTierChannelOption.class,
			"IP_RECVORIGDSTADDR");

	@SuppressWarnings("deprecation")
	private ZeroTierChannelOption() {
		super(null);
	}

	static @Nullable Object get(ChannelOption<?> option, TcpOptions options) {
		if (option == TCP_KEEPIDLE) {
			return (int) options.keepAliveIdle().toSeconds();
		}
		if (option == TCP_KEEPINTVL) {
			return (int) options.keepAliveInterval().toSeconds();
		}
		if (option == TCP_KEEPCNT) {
			return options.keepAliveCount();
		}
		if (option == TCP_USER_TIMEOUT) {
			return (int) options.userTimeout().toMillis();
		}
		if (option == TCP_CONGESTION) {
			return options.congestionControl();
		}
		return null;
	}

	/**
	 * Apply an option.
	 * @param option the option
	 * @param value its new value
	 * @param o the options so far
	 * @return the changed options, or null if the option is not one of these
	 */
	static @Nullable TcpOptions set(ChannelOption<?> option, Object value, TcpOptions o) {
		Duration idle = o.keepAliveIdle();
		Duration interval = o.keepAliveInterval();
		int count = o.keepAliveCount();
		Duration userTimeout = o.userTimeout();
		String congestion = o.congestionControl();
		if (option == TCP_KEEPIDLE) {
			idle = Duration.ofSeconds(ZeroTierSocketChannelConfig.positive((Integer) value, option.name()));
		}
		else if (option == TCP_KEEPINTVL) {
			interval = Duration.ofSeconds(ZeroTierSocketChannelConfig.positive((Integer) value, option.name()));
		}
		else if (option == TCP_KEEPCNT) {
			count = ZeroTierSocketChannelConfig.positive((Integer) value, option.name());
		}
		else if (option == TCP_USER_TIMEOUT) {
			userTimeout = Duration.ofMillis(Math.max(0, (Integer) value));
		}
		else if (option == TCP_CONGESTION) {
			congestion = (String) value;
			if (!congestion.equals("cubic") && !congestion.equals("reno")) {
				throw new ChannelException("TCP_CONGESTION must be \"cubic\" or \"reno\", not \"" + congestion + "\"");
			}
		}
		else {
			return null;
		}
		return new TcpOptions(o.noDelay(), o.keepAlive(), idle, interval, count, o.sendBufferSize(),
				o.receiveBufferSize(), o.lingerSeconds(), o.connectTimeout(), userTimeout, o.trafficClass(),
				congestion);
	}

}
