package io.zt4j.stack.host;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.ethernet.EtherType;
import io.zt4j.stack.ip.IpProtocol;
import io.zt4j.stack.testing.Frames;
import io.zt4j.stack.testing.TwoHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Reassembly, and the attacks on it. */
class FragmentTests {

	private final TwoHosts net = new TwoHosts(4);

	private final UdpTests.Inbox inbox = new UdpTests.Inbox();

	private final byte[] data = new byte[4000];

	@BeforeEach
	void bind() throws IOException {
		new Random(4).nextBytes(this.data);
		this.net.b.bind(UdpTests.at("::", 7000), false, this.inbox);
		this.net.time.advance(5, TimeUnit.SECONDS);
	}

	@AfterEach
	void close() {
		this.net.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 6 })
	void fragmentsInAnyOrderMakeTheDatagram(int version) {
		byte[] segment = segment(version);
		List<int[]> cuts = new ArrayList<>();
		for (int offset = 0; offset < segment.length; offset += 512) {
			cuts.add(new int[] { offset, Math.min(segment.length, offset + 512) });
		}
		Random random = new Random(version);
		for (int round = 0; round < 50; round++) {
			Collections.shuffle(cuts, random);
			this.inbox.bytes.clear();
			for (int[] cut : cuts) {
				fragment(version, round, segment, cut[0], cut[1]);
			}
			assertThat(this.inbox.bytes).hasSize(1);
			assertThat(this.inbox.bytes.get(0)).isEqualTo(this.data);
		}
		assertThat(drops()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 6 })
	void overlapCondemnsThePacketAndWhatFollows(int version) {
		byte[] segment = segment(version);
		fragment(version, 1, segment, 0, 1024);
		fragment(version, 1, segment, 1016, 2048);
		fragment(version, 1, segment, 1024, 2048);
		fragment(version, 1, segment, 2048, segment.length);
		fragment(version, 1, segment, 0, 1024);
		assertThat(this.inbox.bytes).isEmpty();
		assertThat(drops()).containsEntry("fragment-overlap", 4L);
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 6 })
	void exactDuplicateIsHarmless(int version) {
		byte[] segment = segment(version);
		fragment(version, 1, segment, 0, 1024);
		fragment(version, 1, segment, 0, 1024);
		fragment(version, 1, segment, 1024, segment.length);
		assertThat(this.inbox.bytes).hasSize(1);
		assertThat(drops()).containsEntry("fragment-duplicate", 1L);
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 6 })
	void contradictingEndsCondemnThePacket(int version) {
		byte[] segment = segment(version);
		fragment(version, 1, segment, 2048, segment.length);
		send(version, 1, Arrays.copyOf(segment, segment.length - 8), 1024, segment.length - 8, false);
		fragment(version, 1, segment, 0, 2048);
		assertThat(this.inbox.bytes).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 6 })
	void pingOfDeathIsDropped(int version) {
		send(version, 1, new byte[65_528 + 1000], 65_520, 66_520, false);
		send(version, 1, new byte[100], 0, 99, true);
		send(version, 1, new byte[100], 8, 8, true);
		assertThat(drops()).containsEntry("fragment-malformed", 3L);
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 6 })
	void missingFragmentTimesOutAndTheSenderIsTold(int version) {
		byte[] segment = segment(version);
		int[] errors = new int[1];
		this.net.ethernet.tap((frame) -> {
			int at = (version == 4) ? 34 : 54;
			if (frame.readableBytes() > at && frame.getUnsignedByte(at) == ((version == 4) ? 11 : 3)) {
				errors[0]++;
			}
		});
		// the stranger must be able to answer ARP, so take the real neighbour's address
		fragment(version, 1, segment, 0, 1024);
		this.net.time.advance(61, TimeUnit.SECONDS);
		fragment(version, 1, segment, 1024, segment.length);
		assertThat(this.inbox.bytes).isEmpty();
		assertThat(drops()).containsEntry("reassembly-timeout", 1L);
		assertThat(errors[0]).isEqualTo(1);
	}

	@Test
	void fragmentsOfDifferentPacketsDoNotMix() {
		byte[] segment = segment(4);
		fragment(4, 1, segment, 0, 1024);
		fragment(4, 2, segment, 1024, segment.length);
		assertThat(this.inbox.bytes).isEmpty();
		fragment(4, 2, segment, 0, 1024);
		assertThat(this.inbox.bytes).hasSize(1);
	}

	@Test
	void fragmentThatIsTheWholePacketIsHandledOnItsOwn() {
		byte[] segment = segment(6);
		// RFC 6946: same identification as one under way, and not mixed with it
		fragment(6, 1, segment, 0, 1024);
		byte[] little = ByteBufUtil.getBytes(Frames.udp(this.net.a6, this.net.b6, 1, 7000, new byte[3]));
		send(6, 1, little, 0, little.length, false);
		assertThat(this.inbox.bytes).hasSize(1);
		fragment(6, 1, segment, 1024, segment.length);
		assertThat(this.inbox.bytes).hasSize(2);
	}

	@Test
	void firstFragmentMustHoldAllHeaders() {
		byte[] segment = segment(6);
		byte[] options = new byte[8 + segment.length];
		options[0] = IpProtocol.UDP;
		System.arraycopy(segment, 0, options, 8, segment.length);
		ByteBuf first = Frames.fragment6(IpProtocol.DESTINATION_OPTIONS, 1, 0, true,
				Unpooled.copiedBuffer(options, 0, 8));
		inject(EtherType.IPV6, Frames.ipv6(this.net.a6, this.net.b6, IpProtocol.FRAGMENT, 64, first));
		assertThat(drops()).containsEntry("fragment-malformed", 1L);
	}

	@Test
	void floodOfFirstFragmentsStaysBoundedAndOthersStillGetThrough() {
		byte[] segment = segment(4);
		for (int i = 0; i < 5000; i++) {
			InetAddress source = TwoHosts.ip("10.0.0." + (10 + i % 200));
			ByteBuf packet = Frames.ipv4(source, this.net.b4, IpProtocol.UDP, i, 0x2000,
					Unpooled.copiedBuffer(segment, 0, 2048));
			inject(EtherType.IPV4, packet);
		}
		assertThat(drops().get("fragment-limit")).isEqualTo(5000 - 256);
		fragment(4, 9, segment, 0, 1024);
		fragment(4, 9, segment, 1024, segment.length);
		assertThat(this.inbox.bytes).hasSize(1);
	}

	@Test
	void oneSourceCannotTakeAllTheRoom() {
		byte[] segment = segment(4);
		for (int i = 0; i < 500; i++) {
			fragment(4, i, segment, 0, 1024);
		}
		assertThat(drops()).containsEntry("fragment-limit", 500L - 64);
	}

	@Test
	void tinyFragmentsAreBounded() {
		byte[] segment = segment(4);
		for (int offset = 0; offset < segment.length; offset += 8) {
			fragment(4, 1, segment, offset, Math.min(segment.length, offset + 8));
		}
		assertThat(this.inbox.bytes).isEmpty();
		assertThat(drops()).containsEntry("fragment-limit", 1L);
	}

	private byte[] segment(int version) {
		ByteBuf udp = (version == 4) ? Frames.udp(this.net.a4, this.net.b4, 1, 7000, this.data)
				: Frames.udp(this.net.a6, this.net.b6, 1, 7000, this.data);
		return ByteBufUtil.getBytes(udp);
	}

	private void fragment(int version, int identification, byte[] segment, int from, int to) {
		send(version, identification, segment, from, to, to < segment.length);
	}

	private void send(int version, int identification, byte[] segment, int from, int to, boolean more) {
		ByteBuf data = Unpooled.copiedBuffer(segment, from, to - from);
		if (version == 4) {
			inject(EtherType.IPV4, Frames.ipv4(this.net.a4, this.net.b4, IpProtocol.UDP, identification,
					(more ? 0x2000 : 0) | from / 8, data));
		}
		else {
			inject(EtherType.IPV6, Frames.ipv6(this.net.a6, this.net.b6, IpProtocol.FRAGMENT, 64,
					Frames.fragment6(IpProtocol.UDP, identification, from, more, data)));
		}
	}

	private void inject(int etherType, ByteBuf packet) {
		this.net.portB.inject(Frames.ethernet(this.net.portB.address(), this.net.portA.address(), etherType, packet));
		this.net.time.run();
	}

	private Map<String, Long> drops() {
		return this.net.b.statistics().drops();
	}

}
