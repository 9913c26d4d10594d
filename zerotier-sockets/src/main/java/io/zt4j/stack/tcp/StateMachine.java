package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;

import io.zt4j.stack.TcpState;
import io.zt4j.stack.tcp.TcpCounters.Drop;

/**
 * What a connection does when a segment arrives (RFC 9293 3.10.7, RFC 5961). Only state
 * changes here; answers leave at the end of the batch. Confined to the event loop.
 */
final class StateMachine {

	/** RFC 5961 7: challenge acknowledgements per second and connection. */
	private static final int CHALLENGES = 10;

	private final Connection connection;

	private final TcpCounters counters;

	private final RateLimit challenges = new RateLimit(CHALLENGES);

	StateMachine(Connection connection) {
		this.connection = connection;
		this.counters = connection.tcp().counters();
	}

	void receive(Segment segment, long now) {
		if (this.connection.state() == TcpState.SYN_SENT) {
			receiveInSynSent(segment, now);
		}
		else if (this.connection.state() != TcpState.CLOSED) {
			receiveSynchronized(segment, now);
		}
	}

	// RFC 9293 3.10.7.3.
	private void receiveInSynSent(Segment segment, long now) {
		Connection connection = this.connection;
		Sender sender = connection.sender();
		boolean acknowledges = segment.has(Segment.ACK);
		long acknowledgment = SequenceNumber.unwrap(segment.acknowledgment, sender.initial());
		if (acknowledges && acknowledgment != sender.initial() + 1) {
			this.counters.dropped(Drop.UNACCEPTABLE_ACK);
			if (!segment.has(Segment.RST)) {
				connection.sendReset(acknowledgment, false);
			}
			return;
		}
		if (segment.has(Segment.RST)) {
			if (acknowledges) {
				connection.terminate(new ConnectException("Connection refused: " + connection.remoteSocketAddress()));
			}
			else {
				this.counters.dropped(Drop.UNACCEPTABLE_RESET);
			}
			return;
		}
		if (!segment.has(Segment.SYN)) {
			this.counters.dropped(Drop.NO_ACK);
			return;
		}
		connection.synReceived(segment, now);
		if (!acknowledges) {
			// simultaneous open
			connection.state(TcpState.SYN_RECEIVED);
			connection.handshake().send(now);
			return;
		}
		sender.initialWindow(segment.window, connection.receiver().initial(), acknowledgment);
		connection.handshake().acknowledged(now);
		connection.established();
		connection.receiver().acknowledgeNow();
		receiveText(segment, connection.receiver().next());
	}

	private void receiveSynchronized(Segment segment, long now) {
		Connection connection = this.connection;
		Receiver receiver = connection.receiver();
		long sequence = SequenceNumber.unwrap(segment.sequence, receiver.next());
		int length = segment.length();
		if (!checkTimestamp(segment, sequence, now)) {
			return;
		}
		if (connection.state() == TcpState.SYN_RECEIVED && segment.has(Segment.SYN) && sequence == receiver.initial()) {
			receiveSynAgain(segment, sequence, now);
			return;
		}
		// first, check the sequence number
		if (!receiver.isAcceptable(sequence, length)) {
			receiveUnacceptable(segment, sequence, now);
			return;
		}
		if (connection.handshake().hasTimestamps() && segment.hasTimestamps) {
			receiver.updateTimestamp(segment.timestamp, sequence, now);
		}
		// second, RST (RFC 5961 3.2)
		if (segment.has(Segment.RST)) {
			receiveReset(sequence == receiver.next(), now);
			return;
		}
		// fourth, SYN (RFC 5961 4.2)
		if (segment.has(Segment.SYN)) {
			challenge(now);
			return;
		}
		// fifth, ACK
		if (!segment.has(Segment.ACK)) {
			this.counters.dropped(Drop.NO_ACK);
			return;
		}
		if (receiveAcknowledgment(segment, sequence, now)) {
			receiveText(segment, sequence);
		}
	}

	// RFC 7323 5.3 R1, 3.2.
	private boolean checkTimestamp(Segment segment, long sequence, long now) {
		if (!this.connection.handshake().hasTimestamps() || segment.has(Segment.RST)) {
			return true;
		}
		if (!segment.hasTimestamps) {
			this.counters.dropped(Drop.NO_TIMESTAMP);
			return false;
		}
		if (this.connection.receiver().isOld(segment.timestamp, now)) {
			this.counters.dropped(Drop.OLD_TIMESTAMP);
			if (segment.payloadLength > 0) {
				this.connection.receiver().duplicate(sequence, segment.payloadLength);
			}
			else {
				challenge(now);
			}
			return false;
		}
		return true;
	}

	// The peer's SYN again: our SYN-ACK was lost, or this is a simultaneous open.
	private void receiveSynAgain(Segment segment, long sequence, long now) {
		Connection connection = this.connection;
		Sender sender = connection.sender();
		if (segment.has(Segment.ACK)) {
			long acknowledgment = SequenceNumber.unwrap(segment.acknowledgment, sender.initial());
			if (acknowledgment == sender.initial() + 1) {
				sender.initialWindow(segment.window, sequence, acknowledgment);
				connection.handshake().acknowledged(now);
				connection.established();
				connection.receiver().acknowledgeNow();
			}
			return;
		}
		if (mayChallenge(now)) {
			connection.handshake().send(now);
		}
	}

	private void receiveUnacceptable(Segment segment, long sequence, long now) {
		Receiver receiver = this.connection.receiver();
		this.counters.dropped(Drop.OUTSIDE_WINDOW);
		if (segment.has(Segment.RST)) {
			return;
		}
		if (segment.payloadLength > 0) {
			receiver.duplicate(sequence, (sequence < receiver.next()) ? segment.payloadLength : 0);
		}
		else {
			challenge(now);
		}
	}

	private void receiveReset(boolean exact, long now) {
		Connection connection = this.connection;
		if (!exact) {
			this.counters.dropped(Drop.UNACCEPTABLE_RESET);
			challenge(now);
			return;
		}
		switch (connection.state()) {
			case SYN_RECEIVED ->
				connection.terminate(new ConnectException("Connection refused: " + connection.remoteSocketAddress()));
			case CLOSING, LAST_ACK -> connection.terminate(connection.sender().isDrained() ? null : reset());
			default -> connection.terminate(reset());
		}
	}

	private IOException reset() {
		return new SocketException("Connection reset by peer");
	}

	private boolean receiveAcknowledgment(Segment segment, long sequence, long now) {
		Connection connection = this.connection;
		Sender sender = connection.sender();
		long una = sender.unacknowledged();
		long acknowledgment = SequenceNumber.unwrap(segment.acknowledgment, una);
		if (connection.state() == TcpState.SYN_RECEIVED) {
			if (acknowledgment != una) {
				this.counters.dropped(Drop.UNACCEPTABLE_ACK);
				connection.sendReset(acknowledgment, false);
				return false;
			}
			if (!connection.mayEstablish()) {
				this.counters.dropped(Drop.BACKLOG_FULL);
				return false;
			}
			sender.initialWindow(connection.scaled(segment.window), sequence, acknowledgment);
			connection.handshake().acknowledged(now);
			connection.established();
			return true;
		}
		if (!sender.isSent(acknowledgment) || acknowledgment < una - sender.maximumWindow()) {
			// RFC 5961 5.2
			this.counters.dropped(Drop.UNACCEPTABLE_ACK);
			challenge(now);
			return false;
		}
		if (acknowledgment >= una) {
			sender.acknowledged(segment, sequence, acknowledgment, now);
			if (sender.isFinAcknowledged()) {
				finAcknowledged();
			}
		}
		return connection.state() != TcpState.CLOSED;
	}

	private void finAcknowledged() {
		Connection connection = this.connection;
		switch (connection.state()) {
			case FIN_WAIT_1 -> {
				connection.state(TcpState.FIN_WAIT_2);
				connection.outputFinished();
			}
			case CLOSING -> connection.enterTimeWait();
			case LAST_ACK -> connection.terminate(null);
			default -> {
				// nothing new
			}
		}
	}

	// Seventh, the segment text, and eighth, FIN.
	private void receiveText(Segment segment, long sequence) {
		if (segment.payloadLength == 0 && !segment.has(Segment.FIN)) {
			return;
		}
		Connection connection = this.connection;
		Receiver receiver = connection.receiver();
		if (connection.isClosedByApplication() && segment.payloadLength > 0
				&& sequence + segment.payloadLength > receiver.next()) {
			// RFC 9293 3.6.1: data that nobody will read
			connection.sendReset(connection.sender().next(), true);
			connection.terminate(new SocketException("Connection reset: data arrived after close"));
			return;
		}
		boolean before = receiver.isFinReceived();
		if (receiver.receive(segment, sequence)) {
			connection.inputArrived();
		}
		if (receiver.isFinReceived() && !before) {
			finReceived();
		}
	}

	private void finReceived() {
		Connection connection = this.connection;
		switch (connection.state()) {
			case ESTABLISHED -> connection.state(TcpState.CLOSE_WAIT);
			case FIN_WAIT_1 -> connection.state(TcpState.CLOSING);
			case FIN_WAIT_2 -> connection.enterTimeWait();
			default -> {
				// RFC 9293 3.10.7.4: remain
			}
		}
	}

	// RFC 5961 7, RFC 9293 3.10.7.4.
	private void challenge(long now) {
		if (mayChallenge(now)) {
			this.connection.receiver().acknowledgeNow();
		}
	}

	private boolean mayChallenge(long now) {
		return this.challenges.permits(now);
	}

}
