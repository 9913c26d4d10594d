package io.zt4j.stack.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.UdpSocket;
import io.zt4j.stack.ethernet.EtherType;
import io.zt4j.stack.ip.IpProtocol;
import io.zt4j.stack.ndp.NeighbourDiscovery;
import io.zt4j.stack.testing.Frames;
import io.zt4j.stack.testing.TwoHosts;
import io.zt4j.stack.testing.VirtualEthernet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** ARP and NDP. */
class NeighbourTests {

	private final TwoHosts net = new TwoHosts(3);

	private final List<byte[]> frames = new ArrayList<>();

	private UdpSocket socket;

	private UdpTests.Inbox inbox;

	@BeforeEach
	void settle() throws IOException {
		this.net.time.advance(5, TimeUnit.SECONDS);
		this.net.ethernet.tap((frame) -> this.frames.add(ByteBufUtil.getBytes(frame)));
		this.inbox = new UdpTests.Inbox();
		this.socket = this.net.a.bind(UdpTests.at("::", 1000), false, this.inbox);
		this.net.b.bind(UdpTests.at("::", 1000), false, this.inbox);
	}

	@AfterEach
	void close() {
		this.net.close();
	}

	@Test
	void newAddressesAreAnnouncedAndUsableAtOnce() {
		InetAddress six = TwoHosts.ip("fd00::77");
		this.net.a.addAddress(new InterfaceAddress(TwoHosts.ip("10.0.0.77"), 24));
		this.net.a.addAddress(new InterfaceAddress(six, 64));
		assertThat(this.net.await(this.net.b.ping(six, 1, Duration.ofSeconds(1)), 1)).isZero();
		this.net.time.advance(5, TimeUnit.SECONDS);
		assertThat(arps()).as("two announcements, RFC 5227 2.3").hasSize(2);
		assertThat(this.frames).as("who else has it, and an announcement")
			.filteredOn((frame) -> type(frame) == NeighbourDiscovery.SOLICITATION
					&& Unpooled.wrappedBuffer(frame).getLong(22) == 0)
			.hasSize(1);
		assertThat(this.frames)
			.filteredOn((frame) -> type(frame) == NeighbourDiscovery.ADVERTISEMENT && frame[0] == 0x33)
			.hasSize(1);
	}

	@Test
	void packetsWaitForResolutionInOrderAndTheOldestGoFirst() throws IOException {
		this.net.conditions(VirtualEthernet.Conditions.of(0, 10));
		for (InetAddress to : List.of(this.net.b4, this.net.b6)) {
			this.inbox.texts.clear();
			for (int i = 0; i < 200; i++) {
				this.socket.send(new InetSocketAddress(to, 1000), UdpTests.text("n" + i));
			}
			this.net.time.advance(1, TimeUnit.SECONDS);
			assertThat(this.inbox.texts).hasSize(128).startsWith("n72").endsWith("n199");
		}
		assertThat(this.net.a.statistics().drops()).containsEntry("neighbour-queue-full", 144L);
	}

	@Test
	void requestsAreRetriedOnceASecondAndThreeTimes() throws IOException {
		this.net.portB.plugged(false);
		this.socket.send(new InetSocketAddress(this.net.b4, 1000), UdpTests.text("x"));
		this.socket.send(new InetSocketAddress(this.net.b6, 1000), UdpTests.text("x"));
		this.net.time.advance(10, TimeUnit.SECONDS);
		assertThat(this.frames).hasSize(6);
		assertThat(this.inbox.errors).hasSize(2);
		this.net.portB.plugged(true);
		this.socket.send(new InetSocketAddress(this.net.b4, 1000), UdpTests.text("again"));
		this.net.time.run();
		assertThat(this.inbox.texts).containsExactly("again");
	}

	@Test
	void lostRequestIsMadeUpForByTheNext() throws IOException {
		int[] seen = new int[1];
		this.net.portA.filter((frame) -> seen[0]++ > 0);
		this.socket.send(new InetSocketAddress(this.net.b6, 1000), UdpTests.text("x"));
		this.net.time.advance(1100, TimeUnit.MILLISECONDS);
		assertThat(this.inbox.texts).containsExactly("x");
	}

	@Test
	void neighbourInUseIsProbedDirectlyAndAfterSilenceForgotten() throws IOException {
		talk();
		// reachable for 45 s at most; then one packet, 5 s of hope, then a unicast probe
		this.net.time.advance(46, TimeUnit.SECONDS);
		this.frames.clear();
		talk();
		this.net.time.advance(6, TimeUnit.SECONDS);
		assertThat(arps()).hasSize(2).allMatch((frame) -> frame[0] == 0x32);
		this.net.portB.plugged(false);
		this.net.time.advance(46, TimeUnit.SECONDS);
		this.frames.clear();
		talk();
		this.net.time.advance(10, TimeUnit.SECONDS);
		assertThat(arps()).hasSize(3).allMatch((frame) -> frame[0] == 0x32);
		this.frames.clear();
		talk();
		assertThat(arps()).hasSize(1).allMatch((frame) -> frame[0] == (byte) 0xff);
	}

	@Test
	void changedHardwareAddressIsFollowed() throws IOException {
		talk();
		VirtualEthernet.Port port = this.net.ethernet.port(2800);
		this.net.portB.plugged(false);
		HostStack replacement = this.net.host(port, 9, this.net.b4, this.net.b6);
		this.net.time.advance(2, TimeUnit.SECONDS);
		assertThat(this.net.await(this.net.a.ping(this.net.b4, 1, Duration.ofSeconds(1)), 2)).isZero();
		assertThat(this.net.await(this.net.a.ping(this.net.b6, 1, Duration.ofSeconds(1)), 2)).isZero();
		replacement.close();
	}

	@Test
	void claimOfOurAddressIsCountedAndDefendedOnceInTenSeconds() {
		for (int i = 0; i < 5; i++) {
			inject(EtherType.ARP, EthernetAddress.BROADCAST,
					Frames.arp(1, Frames.STRANGER, this.net.a4, new EthernetAddress(0), this.net.a4));
		}
		assertThat(arps()).hasSize(1);
		this.net.time.advance(11, TimeUnit.SECONDS);
		inject(EtherType.ARP, EthernetAddress.BROADCAST,
				Frames.arp(1, Frames.STRANGER, this.net.a4, new EthernetAddress(0), this.net.a4));
		assertThat(arps()).hasSize(2);
		assertThat(this.net.a.statistics().drops()).containsEntry("address-conflict", 6L);
	}

	@Test
	void arpProbeForOurAddressIsAnswered() {
		inject(EtherType.ARP, EthernetAddress.BROADCAST,
				Frames.arp(1, Frames.STRANGER, TwoHosts.ip("0.0.0.0"), new EthernetAddress(0), this.net.a4));
		assertThat(arps()).hasSize(1);
	}

	@Test
	void unaskedReplyMakesNoEntry() throws IOException {
		inject(EtherType.ARP, this.net.portA.address(),
				Frames.arp(2, Frames.STRANGER, TwoHosts.ip("10.0.0.50"), this.net.portA.address(), this.net.a4));
		this.socket.send(UdpTests.at("10.0.0.50", 1), UdpTests.text("x"));
		this.net.time.run();
		assertThat(arps()).hasSize(1);
	}

	@Test
	void malformedArpIsCounted() {
		ByteBuf wrongType = Frames.arp(1, Frames.STRANGER, this.net.b4, new EthernetAddress(0), this.net.a4)
			.setShort(0, 6);
		ByteBuf wrongOperation = Frames.arp(3, Frames.STRANGER, this.net.b4, new EthernetAddress(0), this.net.a4);
		ByteBuf groupSender = Frames.arp(1, EthernetAddress.BROADCAST, this.net.b4, new EthernetAddress(0),
				this.net.a4);
		ByteBuf shortOne = Frames.arp(1, Frames.STRANGER, this.net.b4, new EthernetAddress(0), this.net.a4)
			.writerIndex(27);
		for (ByteBuf packet : List.of(wrongType, wrongOperation, groupSender, shortOne)) {
			inject(EtherType.ARP, EthernetAddress.BROADCAST, packet);
		}
		assertThat(this.net.a.statistics().drops()).containsEntry("arp-malformed", 4L);
		assertThat(this.frames).isEmpty();
	}

	@Test
	void solicitationsThatBreakTheRulesOfRfc4861AreDropped() {
		InetAddress stranger = TwoHosts.ip("fd00::ee");
		InetAddress group = NeighbourDiscovery.solicitedNode(this.net.a6);
		InetAddress nowhere = TwoHosts.ip("::");
		ndp(stranger, this.net.a6, 254, NeighbourDiscovery.SOLICITATION, 0, body(0, this.net.a6));
		ndp(stranger, this.net.a6, 255, NeighbourDiscovery.SOLICITATION, 1, body(0, this.net.a6));
		ndp(stranger, this.net.a6, 255, NeighbourDiscovery.SOLICITATION, 0, body(0, TwoHosts.ip("ff02::1")));
		ndp(stranger, this.net.a6, 255, NeighbourDiscovery.SOLICITATION, 0, body(0, this.net.a6).writeShort(0x0100));
		ndp(stranger, this.net.a6, 255, NeighbourDiscovery.SOLICITATION, 0, body(0, this.net.a6).writeShort(0x0102));
		ndp(nowhere, this.net.a6, 255, NeighbourDiscovery.SOLICITATION, 0, body(0, this.net.a6));
		ndp(nowhere, group, 255, NeighbourDiscovery.SOLICITATION, 0,
				body(0, this.net.a6).writeShort(0x0101).writeShort(0x3200).writeInt(0xee));
		ndp(stranger, TwoHosts.ip("ff02::1"), 255, NeighbourDiscovery.ADVERTISEMENT, 0,
				body(0x6000_0000, TwoHosts.ip("fd00::ee")));
		assertThat(this.net.a.statistics().drops()).containsEntry("ndp-malformed", 8L);
		assertThat(this.frames).isEmpty();
		ndp(nowhere, group, 255, NeighbourDiscovery.SOLICITATION, 0, body(0, this.net.a6));
		assertThat(this.frames).as("somebody else tries our address").hasSize(1);
	}

	@Test
	void thousandsOfNeighboursStayBounded() throws IOException {
		for (int i = 0; i < 6000; i++) {
			this.socket.send(new InetSocketAddress(TwoHosts.ip("fd00::1:" + Integer.toHexString(i)), 9),
					UdpTests.text("x"));
		}
		this.net.time.advance(10, TimeUnit.SECONDS);
		assertThat(this.net.a.statistics().drops()).containsEntry("neighbour-queue-full", 6000L - 4096)
			.containsEntry("neighbour-unreachable", 4096L);
		assertThat(this.net.await(this.net.a.ping(this.net.b6, 1, Duration.ofSeconds(1)), 1)).isZero();
	}

	private void talk() throws IOException {
		this.socket.send(new InetSocketAddress(this.net.b4, 1000), UdpTests.text("x"));
		this.net.time.run();
	}

	private void ndp(InetAddress source, InetAddress destination, int hopLimit, int type, int code, ByteBuf body) {
		EthernetAddress mac = destination.isMulticastAddress()
				? new EthernetAddress(
						0x3333_0000_0000L | Unpooled.wrappedBuffer(destination.getAddress()).getUnsignedInt(12))
				: this.net.portA.address();
		inject(EtherType.IPV6, mac, Frames.ipv6(source, destination, IpProtocol.ICMPV6, hopLimit,
				Frames.icmp(source, destination, type, code, body)));
	}

	private static ByteBuf body(int flags, InetAddress target) {
		return Unpooled.buffer().writeInt(flags).writeBytes(target.getAddress());
	}

	private void inject(int etherType, EthernetAddress destination, ByteBuf packet) {
		this.net.portA.inject(Frames.ethernet(destination, Frames.STRANGER, etherType, packet));
		this.net.time.run();
	}

	private List<byte[]> arps() {
		return this.frames.stream().filter((frame) -> frame[12] == 8 && frame[13] == 6).toList();
	}

	/** ICMPv6 type of a frame without extension headers. */
	private static int type(byte[] frame) {
		return (frame[12] == (byte) 0x86 && frame[20] == IpProtocol.ICMPV6) ? frame[54] & 0xff : -1;
	}

}
