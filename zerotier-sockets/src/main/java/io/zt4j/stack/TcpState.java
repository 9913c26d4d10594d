package io.zt4j.stack;

/**
 * States of a connection (RFC 9293 3.3.2).
 */
public enum TcpState {

	LISTEN, SYN_SENT, SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT,
	CLOSED

}
