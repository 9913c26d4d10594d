package io.zt4j.stack.host;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.IpRoute;
import io.zt4j.stack.UdpSocket;
import io.zt4j.stack.testing.TwoHosts;
import io.zt4j.stack.testing.VirtualEthernet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class UdpTests {

	private final TwoHosts net = new TwoHosts(2);

	@AfterEach
	void close() {
		this.net.close();
	}

	@Test
	void datagramsCarryTheirBytesAndAddressesOverBothFamilies() throws IOException {
		Inbox inbox = new Inbox();
		this.net.b.bind(at("::", 7000), false, inbox);
		UdpSocket four = this.net.a.bind(new InetSocketAddress(this.net.a4, 0), false, new Inbox());
		UdpSocket six = this.net.a.bind(at("::", 0), false, new Inbox());
		four.send(new InetSocketAddress(this.net.b4, 7000), text("four"));
		six.send(new InetSocketAddress(this.net.b6, 7000), text("six"));
		this.net.time.run();
		six.send(new InetSocketAddress(this.net.b4, 7000), text("four from a dual socket"));
		this.net.time.run();
		assertThat(inbox.texts).containsExactly("four", "six", "four from a dual socket");
		assertThat(inbox.sources).containsExactly(four.localAddress(),
				new InetSocketAddress(this.net.a6, six.localAddress().getPort()),
				new InetSocketAddress(this.net.a4, six.localAddress().getPort()));
		assertThat(inbox.destinations).extracting(InetSocketAddress::getAddress)
			.containsExactly(this.net.b4, this.net.b6, this.net.b4);
		assertThat(this.net.b.statistics().datagramsReceived()).isEqualTo(3);
		assertThat(this.net.a.statistics().datagramsSent()).isEqualTo(3);
	}

	@Test
	void largestDatagramsArriveWholeAlthoughFragmentsAreReorderedAndDuplicated() throws IOException {
		this.net.conditions(VirtualEthernet.Conditions.of(0, 5).withJitter(20).withDuplication(0.3));
		Inbox inbox = new Inbox();
		this.net.b.bind(at("::", 7000), false, inbox);
		UdpSocket socket = this.net.a.bind(at("::", 0), false, new Inbox());
		Random random = new Random(3);
		for (InetAddress to : List.of(this.net.b4, this.net.b6)) {
			byte[] data = new byte[(to == this.net.b4) ? 65_507 : 65_527];
			random.nextBytes(data);
			inbox.bytes.clear();
			socket.send(new InetSocketAddress(to, 7000), Unpooled.wrappedBuffer(data));
			this.net.time.advance(1, TimeUnit.SECONDS);
			assertThat(inbox.bytes).hasSize(1);
			assertThat(inbox.bytes.get(0)).isEqualTo(data);
		}
	}

	@Test
	void tooLongDatagramsAreRefused() throws IOException {
		UdpSocket socket = this.net.a.bind(at("::", 0), false, new Inbox());
		ByteBuf data = Unpooled.buffer().writeZero(65_508);
		assertThatIOException().isThrownBy(() -> socket.send(new InetSocketAddress(this.net.b4, 1), data))
			.withMessageContaining("65507");
		assertThat(data.refCnt()).isZero();
		assertThatIOException()
			.isThrownBy(() -> socket.send(new InetSocketAddress(this.net.b6, 1), Unpooled.buffer().writeZero(65_528)))
			.withMessageContaining("65527");
	}

	@Test
	void closedPortIsReportedToTheSender() throws IOException {
		Inbox inbox = new Inbox();
		UdpSocket socket = this.net.a.bind(at("::", 0), false, inbox);
		socket.send(new InetSocketAddress(this.net.b4, 9), text("x"));
		socket.send(new InetSocketAddress(this.net.b6, 9), text("x"));
		this.net.time.run();
		assertThat(inbox.errors).hasSize(2).allMatch(PortUnreachableException.class::isInstance);
		assertThat(this.net.b.statistics().drops()).containsEntry("udp-no-port", 2L);
	}

	@Test
	void portUnreachableIsRateLimited() throws IOException {
		Inbox inbox = new Inbox();
		UdpSocket socket = this.net.a.bind(at("::", 0), false, inbox);
		socket.send(new InetSocketAddress(this.net.b4, 9), text("x"));
		this.net.time.run();
		for (int i = 0; i < 1000; i++) {
			socket.send(new InetSocketAddress(this.net.b4, 9), text("x"));
		}
		this.net.time.run();
		assertThat(inbox.errors).hasSizeLessThan(110);
		this.net.time.advance(1, TimeUnit.SECONDS);
		int before = inbox.errors.size();
		socket.send(new InetSocketAddress(this.net.b4, 9), text("x"));
		this.net.time.run();
		assertThat(inbox.errors).hasSize(before + 1);
	}

	@Test
	void hostThatDoesNotAnswerArpIsReported() throws IOException {
		Inbox inbox = new Inbox();
		UdpSocket socket = this.net.a.bind(at("0.0.0.0", 0), false, inbox);
		socket.send(at("10.0.0.77", 9), text("x"));
		this.net.time.advance(4, TimeUnit.SECONDS);
		assertThat(inbox.errors).hasSize(1).allMatch(NoRouteToHostException.class::isInstance);
	}

	@Test
	void noRouteIsAnErrorAndADefaultRouteMendsIt() throws IOException {
		Inbox inbox = new Inbox();
		UdpSocket socket = this.net.a.bind(at("0.0.0.0", 0), false, inbox);
		assertThatExceptionOfType(NoRouteToHostException.class)
			.isThrownBy(() -> socket.send(at("192.0.2.1", 9), text("x")));
		assertThat(this.net.a.reaches(TwoHosts.ip("192.0.2.1"))).isFalse();
		this.net.a.routes(List.of(new IpRoute(TwoHosts.ip("0.0.0.0"), 0, this.net.b4)));
		assertThat(this.net.a.reaches(TwoHosts.ip("192.0.2.1"))).isTrue();
		socket.send(at("192.0.2.1", 9), text("x"));
		this.net.time.run();
		// the gateway does not forward, but it got the packet
		assertThat(this.net.b.statistics().drops()).containsEntry("ip-not-for-us", 1L);
	}

	@Test
	void bindingRulesAreThoseOfTheHostsPeopleKnow() throws IOException {
		UdpSocket wildcard = this.net.a.bind(at("::", 5000), false, new Inbox());
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> this.net.a.bind(at("::", 5000), false, new Inbox()))
			.withMessageContaining("in use");
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> this.net.a.bind(new InetSocketAddress(this.net.a4, 5000), true, new Inbox()));
		wildcard.close();
		this.net.a.bind(new InetSocketAddress(this.net.a4, 5000), false, new Inbox());
		this.net.a.bind(new InetSocketAddress(this.net.a6, 5000), false, new Inbox());
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> this.net.a.bind(new InetSocketAddress(this.net.b4, 5001), false, new Inbox()))
			.withMessageContaining("not an address of this stack");
		this.net.a.bind(at("0.0.0.0", 5002), true, new Inbox());
		this.net.a.bind(at("0.0.0.0", 5002), true, new Inbox());
	}

	@Test
	void exactBindingWinsOverTheWildcard() throws IOException {
		Inbox wildcard = new Inbox();
		Inbox exact = new Inbox();
		this.net.b.bind(at("::", 7000), true, wildcard);
		this.net.b.bind(new InetSocketAddress(this.net.b4, 7000), true, exact);
		UdpSocket socket = this.net.a.bind(at("::", 0), false, new Inbox());
		socket.send(new InetSocketAddress(this.net.b4, 7000), text("4"));
		socket.send(new InetSocketAddress(this.net.b6, 7000), text("6"));
		this.net.time.run();
		assertThat(exact.texts).containsExactly("4");
		assertThat(wildcard.texts).containsExactly("6");
	}

	@Test
	void multicastReachesMembersOnlyAndLoopsBackWhenAsked() throws IOException {
		for (String group : List.of("239.1.2.3", "ff05::1234")) {
			Inbox member = new Inbox();
			Inbox bystander = new Inbox();
			Inbox self = new Inbox();
			UdpSocket socket = this.net.a.bind(at("::", 6000), true, self);
			UdpSocket receiver = this.net.b.bind(at("::", 6000), true, member);
			UdpSocket other = this.net.b.bind(at("::", 6000), true, bystander);
			receiver.join(TwoHosts.ip(group));
			socket.join(TwoHosts.ip(group));
			socket.send(at(group, 6000), text("one"));
			this.net.time.run();
			assertThat(member.texts).containsExactly("one");
			assertThat(bystander.texts).isEmpty();
			assertThat(self.texts).containsExactly("one");
			socket.multicast(1, false);
			socket.send(at(group, 6000), text("two"));
			this.net.time.run();
			assertThat(self.texts).containsExactly("one");
			socket.multicast(0, true);
			socket.send(at(group, 6000), text("three"));
			this.net.time.run();
			assertThat(self.texts).containsExactly("one", "three");
			receiver.leave(TwoHosts.ip(group));
			socket.multicast(1, false);
			socket.send(at(group, 6000), text("four"));
			this.net.time.run();
			assertThat(member.texts).containsExactly("one", "two");
			socket.close();
			receiver.close();
			other.close();
		}
		assertThat(this.net.portB.groups()).doesNotContain(0x0100_5e01_0203L, 0x3333_0000_1234L);
	}

	@Test
	void broadcastReachesEveryoneIncludingTheSender() throws IOException {
		Inbox inboxA = new Inbox();
		Inbox inboxB = new Inbox();
		UdpSocket socket = this.net.a.bind(at("0.0.0.0", 6000), true, inboxA);
		this.net.b.bind(at("0.0.0.0", 6000), true, inboxB);
		socket.send(at("255.255.255.255", 6000), text("all"));
		socket.send(at("10.0.0.255", 6000), text("subnet"));
		this.net.time.run();
		assertThat(inboxA.texts).containsExactly("all", "subnet");
		assertThat(inboxB.texts).containsExactly("all", "subnet");
	}

	@Test
	void removingAnAddressClosesTheSocketsBoundToIt() throws IOException {
		Inbox inbox = new Inbox();
		UdpSocket socket = this.net.a.bind(new InetSocketAddress(this.net.a4, 5000), false, inbox);
		this.net.a.removeAddress(this.net.a4);
		assertThat(inbox.closed).isTrue();
		assertThatExceptionOfType(SocketException.class)
			.isThrownBy(() -> socket.send(new InetSocketAddress(this.net.b4, 1), text("x")));
		assertThat(this.net.a.reaches(this.net.b4)).isFalse();
	}

	@Test
	void socketsOfOneHostTalkToEachOther() throws IOException {
		Inbox inbox = new Inbox();
		this.net.a.bind(at("::", 6000), false, inbox);
		UdpSocket socket = this.net.a.bind(at("::", 0), false, new Inbox());
		socket.send(new InetSocketAddress(this.net.a4, 6000), text("self"));
		assertThat(inbox.texts).as("never within the call that sends").isEmpty();
		this.net.time.run();
		assertThat(inbox.texts).containsExactly("self");
	}

	@Test
	void corruptedDatagramsAreDroppedByTheirChecksum() throws IOException {
		Inbox inbox = new Inbox();
		this.net.b.bind(at("::", 7000), false, inbox);
		UdpSocket socket = this.net.a.bind(at("::", 0), false, new Inbox());
		this.net.portA.filter((frame) -> {
			int last = frame.writerIndex() - 1;
			if (frame.getByte(last) == '!') {
				frame.setByte(last, '?');
			}
			return true;
		});
		socket.send(new InetSocketAddress(this.net.b4, 7000), text("odd!"));
		socket.send(new InetSocketAddress(this.net.b6, 7000), text("even!"));
		this.net.time.run();
		assertThat(inbox.texts).isEmpty();
		assertThat(this.net.b.statistics().drops()).containsEntry("udp-bad-checksum", 2L);
	}

	static InetSocketAddress at(String address, int port) {
		return new InetSocketAddress(TwoHosts.ip(address), port);
	}

	static ByteBuf text(String text) {
		return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
	}

	static final class Inbox implements UdpSocket.Handler {

		final List<String> texts = new ArrayList<>();

		final List<byte[]> bytes = new ArrayList<>();

		final List<InetSocketAddress> sources = new ArrayList<>();

		final List<InetSocketAddress> destinations = new ArrayList<>();

		final List<IOException> errors = new ArrayList<>();

		boolean closed;

		@Override
		public void receive(InetSocketAddress source, InetSocketAddress destination, ByteBuf data) {
			this.sources.add(source);
			this.destinations.add(destination);
			this.bytes.add(ByteBufUtil.getBytes(data));
			this.texts.add(data.toString(StandardCharsets.UTF_8));
			data.release();
		}

		@Override
		public void error(InetSocketAddress destination, IOException cause) {
			this.errors.add(cause);
		}

		@Override
		public void closed() {
			this.closed = true;
		}

	}

}
