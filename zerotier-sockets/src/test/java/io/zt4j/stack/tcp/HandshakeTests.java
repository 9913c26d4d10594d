package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.TcpState;
import io.zt4j.stack.ip.IcmpError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Opening connections, one rule at a time.
 */
class HandshakeTests {

	@Test
	void passiveOpenAnswersSynWithOptionsRfc9293Section35() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=1460 ws=7 sackOK");
		script.expect("SA seq=0 ack=1 len=0 mss=2760 ws=8 sackOK ts tsecr=0 win=65535");
		assertThat(script.application.events).isEmpty();
		script.send("A").expectNothing();
		assertThat(script.application.events).containsExactly("accepted");
		assertThat(script.application.connection().state()).isEqualTo(TcpState.ESTABLISHED);
	}

	@Test
	void aPeerWithoutOptionsGetsNoneRfc9293Section37() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.timestamps = false;
		script.send("S seq=0");
		script.expect("SA nots nows nosackOK mss=2760");
		script.send("A").write(2000);
		script.expect("A seq=1 len=536 nots");
		script.expect("A seq=537 len=536 nots");
	}

	@Test
	void theMssOfThePeerLimitsSegmentsWithTimestampsCountedRfc6691() {
		Script script = Script.accepted();
		script.write(3000);
		script.expect("A seq=1 len=1000");
		script.expect("A seq=1001 len=1000");
		script.expect("A seq=2001 len=1000 P");
	}

	@Test
	void aWindowInASynIsNotScaledRfc7323Section22() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=1012 ws=10 sackOK win=1500");
		script.expect("SA");
		script.inject("A win=1");
		script.done().write(5000);
		script.expect("A seq=1 len=1000");
		script.expectNothing();
	}

	@Test
	void synAckIsSentAgainAndGivenUpRfc9293Section383() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=1012").expect("SA");
		script.expectAfter(1000, "SA");
		script.expectAfter(1999, "SA");
		script.expectAfter(3999, "SA");
		script.expectAfter(7999, "SA");
		script.expectAfter(15999, "SA");
		script.advance(40_000).expectNothing();
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void anotherSynInSynReceivedIsAnsweredAgainRfc9293Section310() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=1012").expect("SA seq=0 ack=1");
		script.advance(10).send("S seq=0 mss=1012").expect("SA seq=0 ack=1");
		script.send("A");
		assertThat(script.application.events).containsExactly("accepted");
	}

	@Test
	void anUnacceptableAckInSynReceivedIsResetRfc9293Section3107() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=1012").expect("SA");
		script.send("A ack=5");
		script.expect("R seq=5");
		assertThat(script.application.events).isEmpty();
		script.send("A ack=1");
		assertThat(script.application.events).containsExactly("accepted");
	}

	@Test
	void aResetInSynReceivedReturnsToListenRfc9293Section3107() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=1012").expect("SA");
		script.send("R seq=1 nots").expectNothing();
		assertThat(script.host.tcp.connections()).isZero();
		assertThat(script.application.events).isEmpty();
	}

	@Test
	void dataThatCompletesTheHandshakeIsDelivered() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("S seq=0 mss=1012").expect("SA");
		script.send("A len=100");
		assertThat(script.application.received.readableBytes()).isEqualTo(100);
		assertThat(script.application.events).containsExactly("accepted", "readable");
	}

	@Test
	void aSegmentForNobodyIsResetRfc9293Section31071() {
		Script script = new Script();
		script.send("S seq=100 len=5 nots");
		script.expect("RA seq=0 ack=106");
		script.send("A seq=100 ack=77 nots");
		script.expect("R seq=77");
		script.send("R seq=100 nots").expectNothing();
		assertThat(script.host.tcp.drops()).containsEntry("tcp.no-connection", 3L);
	}

	@Test
	void anAckToAListenerIsResetAndOtherJunkIgnoredRfc9293Section31072() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		script.send("A seq=100 ack=77 nots").expect("R seq=77");
		script.send("F seq=100 nots").expectNothing();
		script.send("R seq=100 nots").expectNothing();
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void activeOpenRfc9293Section35() {
		Script script = Script.connecting();
		script.expect("S seq=0 len=0 mss=2760 ws=8 sackOK ts tsecr=0 win=65535");
		script.advance(20).send("SA seq=0 ack=1 mss=1012 ws=7 sackOK");
		script.expect("A seq=1 ack=1 len=0");
		assertThat(script.application.events).containsExactly("connected");
		assertThat(script.application.connection().info().smoothedRttNanos()).isEqualTo(20_000_000);
	}

	@Test
	void dataWrittenInSynSentWaitsForTheHandshake() {
		Script script = Script.connecting();
		script.expect("S seq=0 len=0");
		script.write(100).expectNothing();
		script.send("SA seq=0 ack=1 mss=1012 sackOK");
		script.expect("A seq=1 ack=1 len=100");
	}

	@Test
	void dataOnASynAckIsDelivered() {
		Script script = Script.connecting();
		script.expect("S");
		script.send("SA seq=0 ack=1 mss=1012 len=10");
		script.expect("A seq=1 ack=11");
		assertThat(script.application.received.readableBytes()).isEqualTo(10);
		assertThat(script.application.events).containsExactly("connected", "readable");
	}

	@Test
	void aRefusedConnectionSaysSoRfc9293Section31073() {
		Script script = Script.connecting();
		script.expect("S");
		script.send("RA seq=0 ack=1 nots");
		assertThat(script.application.cause).isInstanceOf(ConnectException.class)
			.hasMessageStartingWith("Connection refused");
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void aResetThatAcknowledgesNothingOrTheWrongThingIsIgnoredInSynSent() {
		Script script = Script.connecting();
		script.expect("S");
		script.send("R seq=0 nots").expectNothing();
		script.send("RA seq=0 ack=2 nots").expectNothing();
		assertThat(script.application.closed).isFalse();
	}

	@Test
	void anUnacceptableAckInSynSentIsResetRfc9293Section31073() {
		Script script = Script.connecting();
		script.expect("S");
		script.send("SA seq=0 ack=9");
		script.expect("R seq=9");
		assertThat(script.application.connection().state()).isEqualTo(TcpState.SYN_SENT);
	}

	@Test
	void simultaneousOpenRfc9293Section35Figure7() {
		Script script = Script.connecting();
		script.expect("S seq=0");
		script.send("S seq=0 mss=1012 sackOK");
		script.expect("SA seq=0 ack=1");
		assertThat(script.application.connection().state()).isEqualTo(TcpState.SYN_RECEIVED);
		script.send("SA seq=0 ack=1 mss=1012 sackOK");
		assertThat(script.application.connection().state()).isEqualTo(TcpState.ESTABLISHED);
		assertThat(script.application.events).containsExactly("connected");
	}

	@Test
	void synIsSentAgainUntilTheConnectTimeoutRfc6298() {
		Script script = Script.connecting(TcpOptions.DEFAULT.withConnectTimeout(Duration.ofSeconds(10)));
		script.expect("S");
		script.expectAfter(1000, "S");
		script.expectAfter(1999, "S");
		script.expectAfter(3999, "S");
		script.advance(4000).expectNothing();
		assertThat(script.application.cause).isInstanceOf(ConnectException.class)
			.hasMessageStartingWith("Connection timed out");
		assertThat(script.host.tcp.connections()).isZero();
	}

	@Test
	void afterARetransmittedSynTheTimeoutIsThreeSecondsRfc6298Section57() {
		Script script = Script.connecting();
		script.timestamps = false;
		script.expect("S");
		script.expectAfter(1000, "S");
		script.send("SA seq=0 ack=1 mss=1000");
		script.expect("A");
		assertThat(script.application.connection().info().retransmissionTimeoutNanos()).isEqualTo(3_000_000_000L);
	}

	@Test
	void hardIcmpErrorsEndAnAttemptToConnectRfc5461() {
		Script refused = Script.connecting();
		refused.expect("S");
		refused.icmp(IcmpError.PORT_UNREACHABLE, 0);
		assertThat(refused.application.cause).isInstanceOf(ConnectException.class).hasMessageContaining("refused");
		Script unreachable = Script.connecting();
		unreachable.expect("S");
		unreachable.icmp(IcmpError.HOST_UNREACHABLE, 0);
		assertThat(unreachable.application.cause).isInstanceOf(NoRouteToHostException.class);
	}

	@Test
	void icmpErrorsOutsideOfWhatWasSentAreIgnoredRfc5927() {
		Script script = Script.connecting();
		script.expect("S");
		script.icmp(IcmpError.PORT_UNREACHABLE, 77);
		assertThat(script.application.closed).isFalse();
		assertThat(script.host.tcp.drops()).containsEntry("tcp.bad-icmp", 1L);
	}

	@Test
	void icmpErrorsAreSoftOnceEstablishedRfc5461() {
		Script script = Script.accepted();
		script.write(100).expect("A len=100");
		script.icmp(IcmpError.HOST_UNREACHABLE, 1);
		assertThat(script.application.closed).isFalse();
	}

	@Test
	void aFullBacklogIgnoresSyns() {
		Wire wire = new Wire(3);
		openMany(wire, 6);
		assertThat(wire.right.tcp.drops()).containsKey("tcp.backlog-full");
	}

	private void openMany(Wire wire, int count) {
		Application server = new Application(98);
		try {
			wire.right.tcp
				.listen(new InetSocketAddress(wire.right.address, 80), 4, TcpOptions.DEFAULT, server::startAccepted)
				.pause(true);
			for (int i = 0; i < count; i++) {
				wire.left.tcp.connect(null, new InetSocketAddress(wire.right.address, 80), TcpOptions.DEFAULT,
						new Application(1));
				wire.time.advance(1, TimeUnit.MILLISECONDS);
			}
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		assertThat(wire.right.tcp.connections()).isEqualTo(4);
		assertThat(server.events).isEmpty();
	}

	@Test
	void connectionsWaitWhileAListenerIsPaused() throws IOException {
		Wire wire = new Wire(3);
		Application server = new Application(98);
		Application client = new Application(1);
		var listener = wire.right.tcp.listen(new InetSocketAddress(wire.right.address, 80), 4, TcpOptions.DEFAULT,
				server::startAccepted);
		listener.pause(true);
		client.start(
				wire.left.tcp.connect(null, new InetSocketAddress(wire.right.address, 80), TcpOptions.DEFAULT, client));
		wire.time.run();
		assertThat(client.events).containsExactly("connected");
		assertThat(server.events).isEmpty();
		listener.pause(false);
		wire.time.run();
		assertThat(server.events).containsExactly("accepted");
	}

	@Test
	void closingAListenerResetsWhatWaitsAndKeepsWhatWasAccepted() throws IOException {
		Wire wire = new Wire(3);
		Application server = new Application(98);
		Application first = new Application(1);
		Application second = new Application(1);
		InetSocketAddress address = new InetSocketAddress(wire.right.address, 80);
		var listener = wire.right.tcp.listen(address, 4, TcpOptions.DEFAULT, server::startAccepted);
		first.start(wire.left.tcp.connect(null, address, TcpOptions.DEFAULT, first));
		wire.time.run();
		listener.pause(true);
		second.start(wire.left.tcp.connect(null, address, TcpOptions.DEFAULT, second));
		wire.time.run();
		listener.close();
		wire.time.run();
		assertThat(second.cause).hasMessage("Connection reset by peer");
		assertThat(first.closed).isFalse();
		Application third = new Application(1);
		third.start(wire.left.tcp.connect(null, address, TcpOptions.DEFAULT, third));
		wire.time.run();
		assertThat(third.cause).hasMessageStartingWith("Connection refused");
	}

	@Test
	void aFloodOfSynsIsBoundedAndTheOldestMakesPlaceRfc4987() {
		Script script = new Script().listen(TcpOptions.DEFAULT);
		for (int i = 0; i < 3000; i++) {
			script.inject("S seq=" + i + " nots", null, 10_000 + i);
		}
		script.done();
		assertThat(script.host.tcp.connections()).isEqualTo(1024);
		assertThat(script.host.tcp.drops()).containsEntry("tcp.half-open-evicted", 3000L - 1024);
	}

	@Test
	void initialSequenceNumbersDifferByPortsAndGrowWithTimeRfc6528() throws IOException {
		Script script = new Script();
		Set<Integer> numbers = new HashSet<>();
		for (int i = 0; i < 20; i++) {
			InetSocketAddress local = new InetSocketAddress(script.host.address, 2000 + i);
			script.host.tcp.connect(local, new InetSocketAddress(script.wire.right.address, 80), TcpOptions.DEFAULT,
					new Application(1));
			script.wire.time.run();
			numbers.add(script.next().segment.sequence >>> 20);
		}
		assertThat(numbers).hasSizeGreaterThan(10);
		InetSocketAddress local = new InetSocketAddress(script.host.address, 1999);
		InetSocketAddress remote = new InetSocketAddress(script.wire.right.address, 80);
		TcpConnection connection = script.host.tcp.connect(local, remote, TcpOptions.DEFAULT, new Application(1));
		script.wire.time.run();
		int first = script.next().segment.sequence;
		connection.abort();
		script.drain();
		script.advance(4).drain();
		script.host.tcp.connect(local, remote, TcpOptions.DEFAULT, new Application(1));
		script.wire.time.run();
		assertThat(script.next().segment.sequence - first).isEqualTo(1000);
	}

	@Test
	void portsAreEphemeralAndRandomRfc6056() throws IOException {
		Wire wire = new Wire(5);
		Set<Integer> ports = new HashSet<>();
		for (int i = 0; i < 50; i++) {
			ports.add(wire.left.tcp
				.connect(null, new InetSocketAddress(wire.right.address, 80), TcpOptions.DEFAULT, new Application(1))
				.localAddress()
				.getPort());
		}
		assertThat(ports).hasSize(50).allMatch((port) -> port >= 49152 && port <= 65535);
		assertThat(ports.stream().mapToInt(Integer::intValue).max().getAsInt()
				- ports.stream().mapToInt(Integer::intValue).min().getAsInt())
			.isGreaterThan(5000);
	}

	@Test
	void wrongAddressesAreRefusedWithAReason() throws IOException {
		Wire wire = new Wire(5);
		InetAddress foreign = Wire.address("192.0.2.1");
		Application nobody = new Application(1);
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> wire.left.tcp
			.listen(new InetSocketAddress(foreign, 1), 1, TcpOptions.DEFAULT, nobody::startAccepted));
		assertThatExceptionOfType(NoRouteToHostException.class).isThrownBy(
				() -> wire.left.tcp.connect(null, new InetSocketAddress(foreign, 1), TcpOptions.DEFAULT, nobody));
		InetSocketAddress address = new InetSocketAddress(wire.left.address, 80);
		wire.left.tcp.listen(address, 1, TcpOptions.DEFAULT, nobody::startAccepted);
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> wire.left.tcp.listen(address, 1, TcpOptions.DEFAULT, nobody::startAccepted))
			.withMessageContaining("already in use");
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> wire.left.tcp
			.listen(new InetSocketAddress("0.0.0.0", 80), 1, TcpOptions.DEFAULT, nobody::startAccepted));
		wire.left.tcp.listen(new InetSocketAddress("0.0.0.0", 81), 1, TcpOptions.DEFAULT, nobody::startAccepted);
	}

}
