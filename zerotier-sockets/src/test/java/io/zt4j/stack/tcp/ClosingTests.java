package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;

import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.TcpState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Closing connections, one rule at a time.
 */
class ClosingTests {

	private static Script closing() {
		Script script = Script.accepted();
		script.run(() -> script.application.connection().close());
		script.expect("FA seq=1 ack=1");
		return script;
	}

	private static TcpState state(Script script) {
		return script.application.connection().state();
	}

	@Test
	void normalCloseRfc9293Section36Figure12() {
		Script script = closing();
		assertThat(state(script)).isEqualTo(TcpState.FIN_WAIT_1);
		assertThat(script.application.closed).isFalse();
		script.send("A ack=2");
		assertThat(state(script)).isEqualTo(TcpState.FIN_WAIT_2);
		assertThat(script.application.events).endsWith("closed");
		script.send("FA ack=2").expect("A seq=2 ack=2");
		assertThat(state(script)).isEqualTo(TcpState.TIME_WAIT);
		script.advance(59_000);
		assertThat(script.host.tcp.connections()).isEqualTo(1);
		script.advance(1001);
		assertThat(script.host.tcp.connections()).isZero();
		assertThat(state(script)).isEqualTo(TcpState.CLOSED);
	}

	@Test
	void simultaneousCloseRfc9293Section36Figure13() {
		Script script = closing();
		script.send("FA ack=1").expect("A seq=2 ack=2");
		assertThat(state(script)).isEqualTo(TcpState.CLOSING);
		script.send("A ack=2");
		assertThat(state(script)).isEqualTo(TcpState.TIME_WAIT);
		assertThat(script.application.events).endsWith("closed");
	}

	@Test
	void passiveCloseRfc9293Section36() {
		Script script = Script.accepted();
		script.send("FA").expect("A ack=2");
		assertThat(state(script)).isEqualTo(TcpState.CLOSE_WAIT);
		assertThat(script.application.events).containsExactly("accepted", "readable", "end");
		script.run(() -> script.application.connection().close());
		script.expect("FA seq=1 ack=2");
		assertThat(state(script)).isEqualTo(TcpState.LAST_ACK);
		script.send("A ack=2");
		assertThat(state(script)).isEqualTo(TcpState.CLOSED);
		assertThat(script.application.cause).isNull();
		assertThat(script.application.closed).isTrue();
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void finIsSentAgainRfc9293Section36() {
		Script script = closing();
		script.advance(1000);
		assertThat(script.drain()).isNotEmpty().allMatch((segment) -> segment.startsWith("FA seq=1 len=0"));
	}

	@Test
	void dataAndFinGoTogether() {
		Script script = Script.accepted();
		script.run(() -> {
			script.write(2500, false);
			script.application.connection().close();
		});
		script.expect("A seq=1 len=1000");
		script.expect("A seq=1001 len=1000");
		script.expect("FA seq=2001 len=500");
		script.send("A ack=2502");
		assertThat(state(script)).isEqualTo(TcpState.FIN_WAIT_2);
	}

	@Test
	void afterShutdownOutputTheInputGoesOnRfc9293Section36() {
		Script script = Script.accepted();
		script.run(() -> script.application.connection().shutdownOutput());
		script.expect("FA seq=1");
		script.send("A ack=2");
		script.advance(3_600_000);
		script.batch("A len=1000", "A len=1000").expect("A ack=2001");
		assertThat(script.application.received.readableBytes()).isEqualTo(2000);
		assertThat(script.application.closed).isFalse();
		script.send("FA").expect("A ack=2002");
		assertThat(script.application.events).endsWith("end", "closed");
	}

	@Test
	void afterTheFinOfThePeerTheOutputGoesOnRfc9293Section36() {
		Script script = Script.accepted();
		script.send("FA").expect("A ack=2");
		script.write(100).expect("A seq=1 ack=2 len=100");
		script.send("A ack=101").run(() -> script.application.connection().shutdownOutput());
		script.expect("FA seq=101");
		script.send("A ack=102");
		assertThat(script.application.events).endsWith("closed");
	}

	@Test
	void aFinOutOfOrderWaitsForTheDataBeforeIt() {
		Script script = Script.accepted();
		script.send("FA seq=1001 len=500").expect("A ack=1 sack=1001-1501");
		assertThat(state(script)).isEqualTo(TcpState.ESTABLISHED);
		script.send("A seq=1 len=1000").expect("A ack=1502");
		assertThat(state(script)).isEqualTo(TcpState.CLOSE_WAIT);
		assertThat(script.application.received.readableBytes()).isEqualTo(1500);
		assertThat(script.application.events).endsWith("readable", "end");
	}

	@Test
	void aClosedConnectionDoesNotWaitForeverInFinWait2() {
		Script script = closing();
		script.send("A ack=2");
		script.advance(59_000);
		assertThat(script.host.tcp.connections()).isEqualTo(1);
		script.advance(1100);
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void closingWithUnreadDataResetsRfc2525Section217() {
		Script script = Script.accepted();
		script.application.reading = false;
		script.send("A len=10");
		script.run(() -> script.application.connection().close());
		script.expect("RA seq=1 ack=11");
		assertThat(script.application.events).endsWith("closed");
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void dataAfterCloseResetsRfc9293Section361() {
		Script script = closing();
		script.send("A ack=2");
		script.send("A len=10").expect("RA seq=2 ack=1");
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void lingerZeroResetsAtOnce() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withLinger(0));
		script.write(100).expect("A len=100");
		script.run(() -> script.application.connection().close());
		script.expect("RA seq=101");
		assertThat(script.application.events).endsWith("closed");
	}

	@Test
	void lingerResetsWhenTheTimeIsOver() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withLinger(2));
		script.write(100).expect("A len=100");
		script.run(() -> script.application.connection().close());
		script.expect("FA seq=101");
		script.advance(1900);
		assertThat(script.drain()).noneMatch((segment) -> segment.startsWith("R"));
		script.advance(200).expect("RA");
		assertThat(script.application.cause).isInstanceOf(SocketException.class).hasMessageContaining("lingered");
	}

	@Test
	void lingerEndsWithTheAcknowledgement() {
		Script script = Script.accepted(TcpOptions.DEFAULT.withLinger(2));
		script.run(() -> script.application.connection().close());
		script.expect("FA seq=1");
		script.send("A ack=2");
		assertThat(script.application.cause).isNull();
		assertThat(script.application.closed).isTrue();
		script.advance(5000).expectNothing();
	}

	@Test
	void abortResetsAtOnceRfc9293Section3105() {
		Script script = Script.accepted();
		script.run(() -> script.application.connection().abort());
		script.expect("RA seq=1 ack=1");
		assertThat(script.application.events).endsWith("closed");
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void closeInSynSentIsSilentRfc9293Section3104() {
		Script script = Script.connecting();
		script.expect("S");
		script.run(() -> script.application.connection().close());
		script.expectNothing();
		assertThat(script.application.events).containsExactly("closed");
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void timeWaitAcknowledgesAFinAgainAndStartsOverRfc9293Section3107() {
		Script script = closing();
		script.send("A ack=2").send("FA ack=2").expect("A ack=2");
		script.advance(30_000).send("FA seq=1 ack=2").expect("A seq=2 ack=2");
		script.advance(59_000);
		assertThat(script.host.tcp.connections()).isEqualTo(1);
		script.advance(1100);
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void timeWaitIsNotAssassinatedRfc1337() {
		Script script = closing();
		script.send("A ack=2").send("FA ack=2").expect("A ack=2");
		script.send("R seq=2 nots").expectNothing();
		assertThat(script.host.tcp.connections()).isEqualTo(1);
		script.send("A seq=1 len=1 nots").expect("A seq=2 ack=2");
	}

	@Test
	void aNewerSynEndsTimeWaitRfc6191() {
		Script script = closing();
		script.send("A ack=2").send("FA ack=2").expect("A ack=2");
		script.advance(10).send("S seq=-100000 mss=1000 sackOK ws=0");
		Script.Sent answer = script.expect("SA");
		assertThat(answer.segment.acknowledgment).isEqualTo(0xffff_f000 - 100_000 + 1);
		assertThat(script.host.tcp.connections()).isEqualTo(1);
	}

	@Test
	void anOlderSynDoesNotEndTimeWait() {
		Script script = closing();
		script.send("A ack=2").send("FA ack=2").expect("A ack=2");
		script.send("S seq=-100000 mss=1000 tsval=-5").expect("A seq=2 ack=2");
	}

	@Test
	void anOutgoingConnectionMayTakeThePlaceOfTimeWaitRfc6191() throws IOException {
		Wire wire = new Wire(4);
		Application client = new Application(1);
		Application server = new Application(98);
		InetSocketAddress address = new InetSocketAddress(wire.right.address, 80);
		InetSocketAddress local = new InetSocketAddress(wire.left.address, 1234);
		wire.right.tcp.listen(address, 4, TcpOptions.DEFAULT, server::startAccepted);
		client.start(wire.left.tcp.connect(local, address, TcpOptions.DEFAULT, client));
		wire.time.run();
		client.connection().close();
		wire.time.advance(2, TimeUnit.SECONDS);
		assertThat(client.connection().state()).isEqualTo(TcpState.TIME_WAIT);
		Application again = new Application(1);
		again.start(wire.left.tcp.connect(local, address, TcpOptions.DEFAULT, again));
		wire.time.run();
		assertThat(again.events).containsExactly("connected");
	}

	@Test
	void whatWasReceivedBeforeTheEndCanStillBeRead() {
		Script script = Script.accepted();
		script.application.reading = false;
		script.run(() -> script.application.connection().shutdownOutput());
		script.expect("FA");
		script.send("A ack=2").send("FA len=100 ack=2").expect("A ack=102");
		assertThat(state(script)).isEqualTo(TcpState.TIME_WAIT);
		assertThat(script.application.closed).isFalse();
		script.run(script.application::drain);
		assertThat(script.application.received.readableBytes()).isEqualTo(100);
		assertThat(script.application.events).endsWith("end", "closed");
	}

	@Test
	void aResetDiscardsWhatWasNotRead() {
		Script script = Script.accepted();
		script.application.reading = false;
		script.send("A len=100").send("R nots");
		assertThat(script.application.events).endsWith("closed: Connection reset by peer");
		assertThat(script.application.connection().readableBytes()).isZero();
	}

	@Test
	void aRemovedAddressFailsItsConnectionsAndListeners() throws IOException {
		Script script = Script.accepted();
		script.run(() -> script.host.tcp.addressRemoved(script.host.address));
		script.expect("RA");
		assertThat(script.application.cause).hasMessageContaining("was removed");
		assertThat(script.host.tcp.connections()).isZero();
		script.host.tcp.listen(new InetSocketAddress(script.host.address, Script.PORT), 1, TcpOptions.DEFAULT,
				script.application::startAccepted);
	}

	@Test
	void closingTheProtocolResetsEverything() {
		Script script = Script.accepted();
		script.host.tcp.close();
		script.expect("RA");
		assertThat(script.application.cause).hasMessage("The stack was closed");
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void aHandlerThatThrowsLosesItsConnectionOnly() throws IOException {
		Wire wire = new Wire(4);
		InetSocketAddress address = new InetSocketAddress(wire.right.address, 80);
		wire.right.tcp.listen(address, 4, TcpOptions.DEFAULT, (connection) -> {
			throw new IllegalStateException("on purpose");
		});
		Application client = new Application(1);
		client.start(wire.left.tcp.connect(null, address, TcpOptions.DEFAULT, client));
		wire.time.run();
		assertThat(client.cause).hasMessage("Connection reset by peer");
		assertThat(wire.right.tcp.connections()).isZero();
	}

}
