package io.zt4j.node.packet;

/**
 * Bytes from the network that do not parse. Caught where datagrams enter the node,
 * counted and dropped, together with {@link IndexOutOfBoundsException} of a buffer that
 * ends too early. Carries no stack trace: hostile input must be cheap to refuse.
 */
public class MalformedPacketException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what is wrong with the bytes
	 */
	public MalformedPacketException(String message) {
		super(message, null, false, false);
	}

}
