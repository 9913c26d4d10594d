package io.zt4j.spring.boot;

/**
 * The node's UDP port is taken, or not for us.
 */
public class UdpPortInUseException extends RuntimeException {

	private final int port;

	/**
	 * Create the exception.
	 * @param port the port
	 * @param cause the cause
	 */
	public UdpPortInUseException(int port, Throwable cause) {
		super("UDP port " + port + " cannot be bound: " + cause.getMessage(), cause);
		this.port = port;
	}

	/**
	 * Return the port.
	 * @return the UDP port
	 */
	public int getPort() {
		return this.port;
	}

}
