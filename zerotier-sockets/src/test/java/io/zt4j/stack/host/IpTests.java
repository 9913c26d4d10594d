package io.zt4j.stack.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.UdpSocket;
import io.zt4j.stack.ethernet.EtherType;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IpProtocol;
import io.zt4j.stack.testing.Frames;
import io.zt4j.stack.testing.TwoHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Header validation, extension headers, ICMP errors and path MTU. */
class IpTests {

	private final TwoHosts net = new TwoHosts(5);

	private final UdpTests.Inbox inbox = new UdpTests.Inbox();

	private final List<byte[]> fromB = new ArrayList<>();

	@BeforeEach
	void bind() throws IOException {
		this.net.b.bind(UdpTests.at("::", 7000), false, this.inbox);
		this.net.time.advance(5, TimeUnit.SECONDS);
		// so that b knows a's hardware address
		this.net.await(this.net.b.ping(this.net.a4, 1, Duration.ofSeconds(1)), 1);
		this.net.await(this.net.b.ping(this.net.a6, 1, Duration.ofSeconds(1)), 1);
		this.net.ethernet.tap((frame) -> {
			if (EthernetAddress.get(frame, frame.readerIndex() + 6).equals(this.net.portB.address())) {
				this.fromB.add(ByteBufUtil.getBytes(frame));
			}
		});
	}

	@AfterEach
	void close() {
		this.net.close();
	}

	@Test
	void framesThatAreNotForUsOrMakeNoSenseAreCounted() {
		this.net.portB.inject(Unpooled.buffer().writeZero(13));
		this.net.portB.inject(Frames.ethernet(Frames.STRANGER, this.net.portA.address(), 0x800, datagram4()));
		this.net.portB.inject(Frames.ethernet(this.net.portB.address(), EthernetAddress.BROADCAST, 0x800, datagram4()));
		this.net.portB.inject(Frames.ethernet(this.net.portB.address(), this.net.portB.address(), 0x800, datagram4()));
		this.net.portB.inject(Frames.ethernet(this.net.portB.address(), this.net.portA.address(), 0x8100, datagram4()));
		this.net.time.run();
		assertThat(drops()).containsEntry("frame-too-short", 1L)
			.containsEntry("frame-not-for-us", 1L)
			.containsEntry("frame-bad-source", 2L)
			.containsEntry("unknown-ethertype", 1L)
			.hasSize(4);
		assertThat(this.inbox.texts).isEmpty();
	}

	@Test
	void ipv4HeadersAreValidated() {
		inject4(datagram4());
		assertThat(this.inbox.texts).as("the good one").hasSize(1);
		inject4(fixed(datagram4().setByte(0, 0x55)));
		inject4(fixed(datagram4().setByte(0, 0x44)));
		inject4(fixed(datagram4().setByte(0, 0x4f)));
		inject4(fixed(datagram4().setShort(2, 19)));
		inject4(fixed(datagram4().setShort(2, 1000)));
		inject4(datagram4().writerIndex(19));
		assertThat(drops()).containsEntry("ip-bad-header", 6L);
		inject4(datagram4().setByte(8, 63));
		assertThat(drops()).containsEntry("ip-bad-checksum", 1L);
		for (String source : List.of("224.0.0.1", "255.255.255.255", "127.0.0.1", "0.0.0.0", "10.0.0.255", "10.0.0.2",
				"240.0.0.1")) {
			inject4(fixed(datagram4().setBytes(12, TwoHosts.ip(source).getAddress())));
		}
		assertThat(drops()).containsEntry("ip-bad-source", 7L);
		inject4(fixed(datagram4().setBytes(16, TwoHosts.ip("10.0.0.3").getAddress())));
		inject4(fixed(datagram4().setBytes(16, TwoHosts.ip("239.9.9.9").getAddress())));
		inject(EthernetAddress.BROADCAST, EtherType.IPV4, datagram4());
		assertThat(drops()).containsEntry("ip-not-for-us", 3L);
		assertThat(this.inbox.texts).hasSize(1);
	}

	@Test
	void ethernetPaddingIsCutOff() {
		inject4(datagram4().writeZero(18));
		assertThat(this.inbox.texts).containsExactly("hello");
	}

	@Test
	void ipv4OptionsAreSkippedButSourceRoutesRefused() {
		inject4(withOptions(new byte[] { 1, 7, 3, 0 }));
		inject4(withOptions(new byte[] { (byte) 0x94, 4, 0, 0 }));
		assertThat(this.inbox.texts).hasSize(2);
		inject4(withOptions(new byte[] { (byte) 131, 4, 4, 0 }));
		inject4(withOptions(new byte[] { (byte) 137, 4, 4, 0 }));
		inject4(withOptions(new byte[] { 7, 1, 0, 0 }));
		inject4(withOptions(new byte[] { 7, 5, 0, 0 }));
		inject4(withOptions(new byte[] { 1, 1, 1, 7 }));
		assertThat(drops()).containsEntry("ip-bad-header", 5L);
		assertThat(this.inbox.texts).hasSize(2);
	}

	@Test
	void ipv6HeadersAreValidated() {
		inject6(datagram6());
		assertThat(this.inbox.texts).as("the good one").hasSize(1);
		inject6(datagram6().setByte(0, 0x50));
		inject6(datagram6().setShort(4, 1000));
		inject6(datagram6().writerIndex(39));
		assertThat(drops()).containsEntry("ip-bad-header", 3L);
		for (String source : List.of("ff02::1", "::1", "fd00::2")) {
			inject6(datagram6().setBytes(8, TwoHosts.ip(source).getAddress()));
		}
		inject6(datagram6().setLong(8, 0).setLong(16, 0xffff_0a00_0001L));
		inject6(datagram6().setLong(8, 0).setLong(16, 0));
		assertThat(drops()).containsEntry("ip-bad-source", 5L);
		inject6(datagram6().setBytes(24, TwoHosts.ip("fd00::3").getAddress()));
		assertThat(drops()).containsEntry("ip-not-for-us", 1L);
		assertThat(this.inbox.texts).hasSize(1);
		assertThat(this.fromB).isEmpty();
	}

	@Test
	void extensionHeadersAreWalked() {
		byte[] pad = { IpProtocol.UDP, 0, 1, 4, 0, 0, 0, 0 };
		inject6(extended(IpProtocol.DESTINATION_OPTIONS, pad));
		inject6(extended(IpProtocol.HOP_BY_HOP, new byte[] { IpProtocol.UDP, 0, 5, 2, 0, 0, 1, 0 }));
		inject6(extended(IpProtocol.HOP_BY_HOP, new byte[] { IpProtocol.DESTINATION_OPTIONS, 0, 1, 4, 0, 0, 0, 0 },
				new byte[] { IpProtocol.ROUTING, 0, 1, 4, 0, 0, 0, 0 },
				new byte[] { IpProtocol.FRAGMENT, 0, 4, 0, 0, 0, 0, 0 },
				new byte[] { IpProtocol.UDP, 0, 0, 0, 0, 0, 0, 1 }));
		assertThat(this.inbox.texts).hasSize(3);
		inject6(extended(IpProtocol.NO_NEXT_HEADER));
		assertThat(drops()).isEmpty();
		assertThat(this.fromB).isEmpty();
	}

	@Test
	void refusedExtensionHeadersAreReportedWithThePointer() {
		// unknown options: skip, discard, discard and report, report unless multicast
		inject6(extended(IpProtocol.DESTINATION_OPTIONS, new byte[] { IpProtocol.UDP, 0, 0x3e, 0, 1, 2, 0, 0 }));
		assertThat(this.inbox.texts).hasSize(1);
		inject6(extended(IpProtocol.DESTINATION_OPTIONS, new byte[] { IpProtocol.UDP, 0, 0x7e, 0, 1, 2, 0, 0 }));
		assertThat(this.fromB).isEmpty();
		inject6(extended(IpProtocol.DESTINATION_OPTIONS, new byte[] { IpProtocol.UDP, 0, 0, (byte) 0xbe, 0, 1, 1, 0 }));
		assertProblem(2, 43);
		inject6(extended(IpProtocol.DESTINATION_OPTIONS, new byte[] { IpProtocol.UDP, 0, (byte) 0xfe, 0, 1, 2, 0, 0 }));
		assertProblem(2, 42);
		// routing header with segments left
		inject6(extended(IpProtocol.ROUTING, new byte[] { IpProtocol.UDP, 0, 0, 1, 0, 0, 0, 0 }));
		assertProblem(0, 42);
		// hop-by-hop options that do not come first
		inject6(extended(IpProtocol.DESTINATION_OPTIONS, new byte[] { IpProtocol.HOP_BY_HOP, 0, 1, 4, 0, 0, 0, 0 },
				new byte[] { IpProtocol.UDP, 0, 1, 4, 0, 0, 0, 0 }));
		assertProblem(1, 40);
		// unknown next header
		inject6(extended(200));
		assertProblem(1, 6);
		// a header that goes past the end, and too many headers
		inject6(extended(IpProtocol.DESTINATION_OPTIONS, new byte[] { IpProtocol.UDP, 100, 1, 4, 0, 0, 0, 0 }));
		byte[] more = { IpProtocol.DESTINATION_OPTIONS, 0, 1, 4, 0, 0, 0, 0 };
		inject6(extended(IpProtocol.DESTINATION_OPTIONS, more, more, more, more, more, more, more, more, more, more));
		assertThat(this.fromB).isEmpty();
		assertThat(this.inbox.texts).hasSize(1);
	}

	@Test
	void unknownIpv4ProtocolIsReported() {
		inject4(Frames.ipv4(this.net.a4, this.net.b4, 200, 1, 0, Unpooled.buffer().writeZero(8)));
		assertThat(drops()).containsEntry("ip-unknown-protocol", 1L);
		assertThat(this.fromB).hasSize(1);
		byte[] error = this.fromB.get(0);
		assertThat(error[34]).isEqualTo((byte) 3);
		assertThat(error[35]).isEqualTo((byte) 2);
		assertThat(Arrays.copyOfRange(error, 42 + 12, 42 + 20)).as("the packet is quoted")
			.containsExactly(10, 0, 0, 1, 10, 0, 0, 2);
	}

	@Test
	void errorsAreNeverSentAboutErrorsOrGroups() {
		ByteBuf quoted = Frames.ipv4(this.net.b4, this.net.a4, 200, 1, 0, Unpooled.buffer().writeZero(8));
		inject4(Frames.ipv4(this.net.a4, this.net.b4, IpProtocol.ICMP, 1, 0,
				Frames.icmp(this.net.a4, this.net.b4, 3, 3, Unpooled.buffer().writeInt(0).writeBytes(quoted))));
		InetAddress all = TwoHosts.ip("224.0.0.1");
		inject(new EthernetAddress(0x0100_5e00_0001L), EtherType.IPV4,
				Frames.ipv4(this.net.a4, all, 200, 1, 0, Unpooled.buffer().writeZero(8)));
		inject(EthernetAddress.BROADCAST, EtherType.IPV4, Frames.ipv4(this.net.a4, TwoHosts.ip("10.0.0.255"),
				IpProtocol.UDP, 1, 0, Frames.udp(this.net.a4, TwoHosts.ip("10.0.0.255"), 1, 9, new byte[1])));
		assertThat(this.fromB).isEmpty();
		assertThat(drops()).containsEntry("icmp-unexpected", 1L).containsEntry("udp-no-port", 1L);
	}

	@Test
	void malformedIcmpIsCounted() {
		inject4(Frames.ipv4(this.net.a4, this.net.b4, IpProtocol.ICMP, 1, 0, Unpooled.buffer().writeZero(7)));
		inject6(Frames.ipv6(this.net.a6, this.net.b6, IpProtocol.ICMPV6, 64, Unpooled.buffer().writeZero(7)));
		assertThat(drops()).containsEntry("icmp-malformed", 2L);
		inject4(Frames.ipv4(this.net.a4, this.net.b4, IpProtocol.ICMP, 1, 0,
				Unpooled.buffer().writeLong(0x0800L << 48)));
		inject6(Frames.ipv6(this.net.a6, this.net.b6, IpProtocol.ICMPV6, 64,
				Unpooled.buffer().writeLong(0x8000L << 48)));
		assertThat(drops()).containsEntry("icmp-bad-checksum", 2L);
		assertThat(this.fromB).isEmpty();
	}

	@Test
	void pathMtuIsLearntFromRoutersUsedAndForgottenAfterTenMinutes() throws IOException {
		UdpSocket socket = this.net.b.bind(UdpTests.at("::", 0), false, new UdpTests.Inbox());
		for (InetAddress to : List.of(this.net.a4, this.net.a6)) {
			boolean four = to == this.net.a4;
			socket.send(new InetSocketAddress(to, 9), Unpooled.buffer().writeZero(2000));
			this.net.time.run();
			assertThat(largestFrame()).isEqualTo(14 + (four ? 20 : 40) + 2008);
			tooBig(to, 1400, 2040);
			socket.send(new InetSocketAddress(to, 9), Unpooled.buffer().writeZero(2000));
			this.net.time.run();
			assertThat(largestFrame()).isBetween(14 + 1390, 14 + 1400);
			// never raised by a message, never below the floor
			tooBig(to, 1500, 2040);
			tooBig(to, 68, 2040);
			socket.send(new InetSocketAddress(to, 9), Unpooled.buffer().writeZero(2000));
			this.net.time.run();
			assertThat(largestFrame()).isBetween(14 + (four ? 540 : 1270), 14 + (four ? 552 : 1280));
			this.net.time.advance(11, TimeUnit.MINUTES);
			this.fromB.clear();
			socket.send(new InetSocketAddress(to, 9), Unpooled.buffer().writeZero(2000));
			this.net.time.run();
			assertThat(largestFrame()).isEqualTo(14 + (four ? 20 : 40) + 2008);
		}
	}

	@Test
	void changedLinkMtuIsUsedAtOnce() throws IOException {
		UdpSocket socket = this.net.b.bind(UdpTests.at("::", 0), false, new UdpTests.Inbox());
		this.net.portB.mtu(1280);
		socket.send(new InetSocketAddress(this.net.a4, 9), Unpooled.buffer().writeZero(2000));
		this.net.time.run();
		assertThat(largestFrame()).isBetween(14 + 1270, 14 + 1280);
	}

	@Test
	void sourceAddressFitsTheDestination() throws IOException {
		this.net.b.addAddress(new InterfaceAddress(TwoHosts.ip("10.0.1.2"), 24));
		this.net.b.addAddress(new InterfaceAddress(TwoHosts.ip("fd00:1::2"), 64));
		this.net.b.addAddress(new InterfaceAddress(TwoHosts.ip("2001:db8::2"), 64));
		this.net.a.addAddress(new InterfaceAddress(TwoHosts.ip("10.0.1.1"), 24));
		this.net.a.addAddress(new InterfaceAddress(TwoHosts.ip("fd00:1::1"), 64));
		this.net.a.addAddress(new InterfaceAddress(TwoHosts.ip("2001:db8::1"), 64));
		UdpTests.Inbox atA = new UdpTests.Inbox();
		this.net.a.bind(UdpTests.at("::", 7000), false, atA);
		UdpSocket socket = this.net.b.bind(UdpTests.at("::", 0), false, new UdpTests.Inbox());
		for (String to : List.of("10.0.0.1", "10.0.1.1", "fd00::1", "fd00:1::1", "2001:db8::1",
				"fe80::3000:ff:fe00:1")) {
			socket.send(UdpTests.at(to, 7000), UdpTests.text(to));
			this.net.time.run();
		}
		assertThat(atA.sources).extracting(InetSocketAddress::getAddress)
			.containsExactly(TwoHosts.ip("10.0.0.2"), TwoHosts.ip("10.0.1.2"), TwoHosts.ip("fd00::2"),
					TwoHosts.ip("fd00:1::2"), TwoHosts.ip("2001:db8::2"), TwoHosts.ip("fe80::3000:ff:fe00:2"));
	}

	@Test
	void onlyUnicastAddressesMayBeAdded() {
		for (String bad : List.of("0.0.0.0", "224.0.0.1", "127.0.0.1", "255.255.255.255", "ff02::1", "::", "::1")) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.net.a.addAddress(new InterfaceAddress(TwoHosts.ip(bad), 8)))
				.withMessageContaining("unicast");
		}
	}

	private void tooBig(InetAddress destination, int mtu, int length) {
		this.fromB.clear();
		if (destination == this.net.a4) {
			ByteBuf quoted = Frames.ipv4(this.net.b4, destination, IpProtocol.UDP, 1, 0,
					Unpooled.buffer().writeZero(8));
			quoted.setShort(2, length);
			inject4(Frames.ipv4(this.net.a4, this.net.b4, IpProtocol.ICMP, 1, 0,
					Frames.icmp(this.net.a4, this.net.b4, 3, 4, Unpooled.buffer().writeInt(mtu).writeBytes(quoted))));
		}
		else {
			ByteBuf quoted = Frames.ipv6(this.net.b6, destination, IpProtocol.UDP, 64, Unpooled.buffer().writeZero(8));
			quoted.setShort(4, length - 40);
			inject6(Frames.ipv6(this.net.a6, this.net.b6, IpProtocol.ICMPV6, 64,
					Frames.icmp(this.net.a6, this.net.b6, 2, 0, Unpooled.buffer().writeInt(mtu).writeBytes(quoted))));
		}
	}

	private int largestFrame() {
		return this.fromB.stream().mapToInt((frame) -> frame.length).max().orElse(0);
	}

	private void assertProblem(int code, int pointer) {
		assertThat(this.fromB).hasSize(1);
		ByteBuf error = Unpooled.wrappedBuffer(this.fromB.get(0));
		assertThat(error.getUnsignedByte(54)).isEqualTo((short) 4);
		assertThat(error.getUnsignedByte(55)).isEqualTo((short) code);
		assertThat(error.getInt(58)).isEqualTo(pointer);
		this.fromB.clear();
	}

	private ByteBuf datagram4() {
		return Frames.ipv4(this.net.a4, this.net.b4, IpProtocol.UDP, 1, 0,
				Frames.udp(this.net.a4, this.net.b4, 1, 7000, "hello".getBytes()));
	}

	private ByteBuf datagram6() {
		return Frames.ipv6(this.net.a6, this.net.b6, IpProtocol.UDP, 64,
				Frames.udp(this.net.a6, this.net.b6, 1, 7000, "hello".getBytes()));
	}

	private ByteBuf withOptions(byte[] options) {
		ByteBuf plain = datagram4();
		ByteBuf packet = Unpooled.buffer().writeBytes(plain, 20).writeBytes(options).writeBytes(plain);
		packet.setByte(0, 0x46).setShort(2, packet.readableBytes()).setShort(10, 0);
		return packet.setShort(10, Checksum.fold(Checksum.add(0, packet, 0, 24)));
	}

	private ByteBuf extended(int first, byte[]... headers) {
		ByteBuf payload = Unpooled.buffer();
		for (byte[] header : headers) {
			payload.writeBytes(header);
		}
		payload.writeBytes(Frames.udp(this.net.a6, this.net.b6, 1, 7000, "hello".getBytes()));
		return Frames.ipv6(this.net.a6, this.net.b6, first, 64, payload);
	}

	private static ByteBuf fixed(ByteBuf packet) {
		packet.setShort(10, 0);
		return packet.setShort(10, Checksum.fold(Checksum.add(0, packet, 0, 20)));
	}

	private void inject4(ByteBuf packet) {
		inject(this.net.portB.address(), EtherType.IPV4, packet);
	}

	private void inject6(ByteBuf packet) {
		inject(this.net.portB.address(), EtherType.IPV6, packet);
	}

	private void inject(EthernetAddress destination, int etherType, ByteBuf packet) {
		this.net.portB.inject(Frames.ethernet(destination, this.net.portA.address(), etherType, packet));
		this.net.time.run();
	}

	private Map<String, Long> drops() {
		return this.net.b.statistics().drops();
	}

}
