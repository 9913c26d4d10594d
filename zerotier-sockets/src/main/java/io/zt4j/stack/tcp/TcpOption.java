package io.zt4j.stack.tcp;

/**
 * Kinds of TCP options (RFC 9293 3.2, RFC 7323, RFC 2018).
 */
final class TcpOption {

	static final int END = 0;

	static final int NO_OPERATION = 1;

	static final int MAXIMUM_SEGMENT_SIZE = 2;

	static final int WINDOW_SCALE = 3;

	static final int SACK_PERMITTED = 4;

	static final int SACK = 5;

	static final int TIMESTAMPS = 8;

	static final int MAX_WINDOW_SCALE = 14;

	/** Bytes of the timestamps option with its padding. */
	static final int TIMESTAMPS_LENGTH = 12;

	private TcpOption() {
	}

}
