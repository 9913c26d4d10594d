package io.zt4j.node.store;

/**
 * State could not be read or written; the message names the file and what to do.
 */
public class StateStoreException extends RuntimeException {

	public StateStoreException(String message, Throwable cause) {
		super(message, cause);
	}

}
