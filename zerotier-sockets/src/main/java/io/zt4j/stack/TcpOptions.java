package io.zt4j.stack;

import java.time.Duration;

/**
 * Options of a connection; immutable, with {@code with…} copies.
 *
 * @param noDelay whether small segments are sent at once (no Nagle, RFC 9293 3.7.4)
 * @param keepAlive whether an idle connection is probed (RFC 9293 3.8.4)
 * @param keepAliveIdle idle time before the first probe
 * @param keepAliveInterval time between probes
 * @param keepAliveCount unanswered probes before the connection fails
 * @param sendBufferSize bytes
 * @param receiveBufferSize bytes; the greatest window offered
 * @param lingerSeconds seconds {@code close} may wait for the send buffer to empty before
 * it resets; 0 resets at once; -1 waits in the background without bound (the default)
 * @param connectTimeout bound on the handshake
 * @param userTimeout bound on unacknowledged data (RFC 5482); zero is the stack's default
 * @param trafficClass DSCP and ECN bits of the IP header
 * @param congestionControl {@code cubic} or {@code reno}
 */
public record TcpOptions(boolean noDelay, boolean keepAlive, Duration keepAliveIdle, Duration keepAliveInterval,
		int keepAliveCount, int sendBufferSize, int receiveBufferSize, int lingerSeconds, Duration connectTimeout,
		Duration userTimeout, int trafficClass, String congestionControl) {

	/** The options a connection has unless told otherwise. */
	public static final TcpOptions DEFAULT = new TcpOptions(true, false, Duration.ofHours(2), Duration.ofSeconds(75), 9,
			4 << 20, 4 << 20, -1, Duration.ofSeconds(60), Duration.ZERO, 0, "cubic");

	/**
	 * Check the values.
	 * @throws IllegalArgumentException if one is out of range
	 */
	public TcpOptions {
		check(sendBufferSize >= 1, "sendBufferSize must be at least 1 byte, not " + sendBufferSize);
		check(receiveBufferSize >= 1, "receiveBufferSize must be at least 1 byte, not " + receiveBufferSize);
		check(lingerSeconds >= -1, "lingerSeconds must be 0 or more, or -1, not " + lingerSeconds);
		check(!connectTimeout.isNegative() && !connectTimeout.isZero(),
				"connectTimeout must be positive, not " + connectTimeout);
		check(!userTimeout.isNegative(), "userTimeout must be zero or positive, not " + userTimeout);
		check(trafficClass >= 0 && trafficClass <= 255, "trafficClass must be 0..255, not " + trafficClass);
		check(keepAliveCount >= 1, "keepAliveCount must be at least 1, not " + keepAliveCount);
		check(!keepAliveIdle.isNegative() && !keepAliveIdle.isZero(),
				"keepAliveIdle must be positive, not " + keepAliveIdle);
		check(!keepAliveInterval.isNegative() && !keepAliveInterval.isZero(),
				"keepAliveInterval must be positive, not " + keepAliveInterval);
		check(congestionControl.equals("cubic") || congestionControl.equals("reno"),
				"congestionControl must be 'cubic' or 'reno', not '" + congestionControl + "'");
	}

	private static void check(boolean valid, String message) {
		if (!valid) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * Return a copy with another no-delay setting.
	 * @param value the setting
	 * @return the copy
	 */
	public TcpOptions withNoDelay(boolean value) {
		return new TcpOptions(value, this.keepAlive, this.keepAliveIdle, this.keepAliveInterval, this.keepAliveCount,
				this.sendBufferSize, this.receiveBufferSize, this.lingerSeconds, this.connectTimeout, this.userTimeout,
				this.trafficClass, this.congestionControl);
	}

	/**
	 * Return a copy with another keep-alive setting.
	 * @param value the setting
	 * @return the copy
	 */
	public TcpOptions withKeepAlive(boolean value) {
		return new TcpOptions(this.noDelay, value, this.keepAliveIdle, this.keepAliveInterval, this.keepAliveCount,
				this.sendBufferSize, this.receiveBufferSize, this.lingerSeconds, this.connectTimeout, this.userTimeout,
				this.trafficClass, this.congestionControl);
	}

	/**
	 * Return a copy with other buffer sizes.
	 * @param send send buffer in bytes
	 * @param receive receive buffer in bytes
	 * @return the copy
	 */
	public TcpOptions withBufferSizes(int send, int receive) {
		return new TcpOptions(this.noDelay, this.keepAlive, this.keepAliveIdle, this.keepAliveInterval,
				this.keepAliveCount, send, receive, this.lingerSeconds, this.connectTimeout, this.userTimeout,
				this.trafficClass, this.congestionControl);
	}

	/**
	 * Return a copy with another linger time.
	 * @param seconds seconds, 0 to reset, -1 to wait in the background
	 * @return the copy
	 */
	public TcpOptions withLinger(int seconds) {
		return new TcpOptions(this.noDelay, this.keepAlive, this.keepAliveIdle, this.keepAliveInterval,
				this.keepAliveCount, this.sendBufferSize, this.receiveBufferSize, seconds, this.connectTimeout,
				this.userTimeout, this.trafficClass, this.congestionControl);
	}

	/**
	 * Return a copy with another connect timeout.
	 * @param timeout the timeout
	 * @return the copy
	 */
	public TcpOptions withConnectTimeout(Duration timeout) {
		return new TcpOptions(this.noDelay, this.keepAlive, this.keepAliveIdle, this.keepAliveInterval,
				this.keepAliveCount, this.sendBufferSize, this.receiveBufferSize, this.lingerSeconds, timeout,
				this.userTimeout, this.trafficClass, this.congestionControl);
	}

	/**
	 * Return a copy with another traffic class.
	 * @param value 0..255
	 * @return the copy
	 */
	public TcpOptions withTrafficClass(int value) {
		return new TcpOptions(this.noDelay, this.keepAlive, this.keepAliveIdle, this.keepAliveInterval,
				this.keepAliveCount, this.sendBufferSize, this.receiveBufferSize, this.lingerSeconds,
				this.connectTimeout, this.userTimeout, value, this.congestionControl);
	}

}
