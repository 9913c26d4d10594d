package io.zt4j.node.packet;

import org.jspecify.annotations.Nullable;

/**
 * Codes of an ERROR reply (VL1 8.3).
 */
public enum ErrorCode {

	NONE, INVALID_REQUEST, BAD_PROTOCOL_VERSION, OBJ_NOT_FOUND, IDENTITY_COLLISION, UNSUPPORTED_OPERATION,
	NEED_MEMBERSHIP_CERTIFICATE, NETWORK_ACCESS_DENIED, UNWANTED_MULTICAST, NETWORK_AUTHENTICATION_REQUIRED;

	private static final ErrorCode[] VALUES = values();

	/**
	 * Return the number on the wire.
	 * @return 0..9
	 */
	public int code() {
		return ordinal();
	}

	/**
	 * Return the error of a number.
	 * @param code the number
	 * @return the error, or null if the number is not in use
	 */
	public static @Nullable ErrorCode of(int code) {
		return (code >= 0 && code < VALUES.length) ? VALUES[code] : null;
	}

}
