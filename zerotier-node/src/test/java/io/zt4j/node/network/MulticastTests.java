package io.zt4j.node.network;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Multicast groups, gathering and distribution (VL2 11, 25).
 */
class MulticastTests {

	private static final MulticastGroup GROUP = new MulticastGroup(MacAddress.parse("01:00:5e:00:00:01"), 0);

	private static final InetPrefix IP = InetPrefix.parse("10.147.20.239/24");

	private static final byte[] ARP = Vectors.bytes("0001080006040001ee1462dd63730a9314a60000000000000a9314ef");

	private static final byte[] DATA = { 1, 2, 3 };

	private final TestNode.Port port = new TestNode.Port();

	private final TestNode b = Fixture.member(Fixture.B, this.port);

	private final VirtualNetwork network = this.b.networks.network(Fixture.NETWORK);

	@Test
	void groupsOfTheAssignedAddressesAndBroadcastAreAnnouncedWithoutAsking() {
		this.b.upstreams.add(Fixture.D.address());
		Fixture.configure(this.b,
				Fixture.config(Fixture.B, Fixture.T + 1)
					.staticAddresses(List.of(IP, AddressSchemes.rfc4193(Fixture.NETWORK, Fixture.B.address())))
					.build());
		List<TestNode.Sent> likes = this.b.takeSent(Verb.MULTICAST_LIKE);
		assertThat(likes.stream().map(TestNode.Sent::to)).containsExactlyInAnyOrder(Fixture.CONTROLLER.address(),
				Fixture.D.address());
		assertThat(likes).allSatisfy((like) -> assertThat(like.hex())
			.isEqualTo(Fixture.NETWORK + "ffffffffffff0a9314ef" + Fixture.NETWORK + "3333ff75b0f100000000"));
		this.b.advance(60_000);
		assertThat(this.b.takeSent(Verb.MULTICAST_LIKE).get(0).hex()).isEqualTo(Fixture.NETWORK + "3333ff75b0f100000000"
				+ Fixture.NETWORK + "ffffffffffff00000000" + Fixture.NETWORK + "ffffffffffff0a9314ef");
		this.network.detach(this.port);
		assertThat(this.network.ownGroups().allGroups()).containsExactly(MulticastGroup.BROADCAST);
	}

	@Test
	void aNewSubscriptionIsAnnouncedToDirectoriesAndMembersAtOnce() {
		this.b.receive(Fixture.A, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.A, Fixture.T)));
		this.b.receive(Fixture.A, Verb.FRAME, Fixture.frame(Fixture.NETWORK, 0x0800, DATA));
		this.b.takeSent();
		this.network.subscribe(GROUP);
		this.network.subscribe(GROUP);
		List<TestNode.Sent> likes = this.b.takeSent();
		assertThat(likes.stream().map(TestNode.Sent::to)).containsExactlyInAnyOrder(Fixture.CONTROLLER.address(),
				Fixture.A.address());
		assertThat(likes).allMatch((s) -> s.hex().equals(Fixture.NETWORK + "01005e00000100000000"));
		this.network.unsubscribe(GROUP);
		assertThat(this.b.takeSent()).isEmpty();
		// Announced again every 60 s, to members too, but no longer this group.
		this.b.advance(60_000);
		assertThat(this.b.takeSent(Verb.MULTICAST_LIKE)).hasSize(2).noneMatch((s) -> s.hex().contains("01005e000001"));
	}

	@Test
	void anArpRequestGathersThenGoesToWhoIsFoundAsInTheReference() {
		arp();
		List<TestNode.Sent> gather = this.b.takeSent();
		assertThat(gather).singleElement().satisfies((s) -> {
			assertThat(s.verb()).isEqualTo(Verb.MULTICAST_GATHER);
			assertThat(s.to()).isEqualTo(Fixture.CONTROLLER.address());
			assertThat(s.hex()).isEqualTo(Fixture.NETWORK + "01" + "ffffffffffff0a9314ef" + "00000021"
					+ Vectors.hex(Fixture.com(Fixture.B, Fixture.T).toByteArray()));
		});
		assertThat(this.b.leaked()).isPositive();
		gathered(Verb.MULTICAST_GATHER, "ffffffffffff0a9314ef", Fixture.A.address());
		List<TestNode.Sent> sent = this.b.takeSent();
		assertThat(sent.stream().map(TestNode.Sent::verb)).containsExactly(Verb.NETWORK_CREDENTIALS,
				Verb.MULTICAST_FRAME);
		assertThat(sent.get(1).hex())
			.isEqualTo(Fixture.NETWORK + "02" + "00000021" + "ffffffffffff0a9314ef" + "0806" + Vectors.hex(ARP));
		// Again: the member is known, no explicit gather within 60 s.
		arp();
		assertThat(this.b.takeSent()).singleElement()
			.satisfies((s) -> assertThat(s.hex())
				.isEqualTo(Fixture.NETWORK + "02" + "00000020" + "ffffffffffff0a9314ef" + "0806" + Vectors.hex(ARP)));
		// Nothing goes twice to the same.
		gathered(Verb.MULTICAST_FRAME, "ffffffffffff0a9314ef02", Fixture.A.address());
		assertThat(this.b.takeSent()).isEmpty();
		this.b.advance(10_000);
		assertThat(this.b.leaked()).isZero();
	}

	@Test
	void anUnansweredGatherIsRepeatedWhileAFrameWaits() {
		arp();
		assertThat(this.b.takeSent(Verb.MULTICAST_GATHER)).hasSize(1);
		this.b.advance(1_000);
		assertThat(this.b.takeSent(Verb.MULTICAST_GATHER)).hasSize(1);
		arp();
		assertThat(this.b.takeSent(Verb.MULTICAST_GATHER)).hasSize(1);
		this.b.advance(4_900);
		assertThat(this.b.takeSent(Verb.MULTICAST_GATHER)).hasSize(4);
		this.b.advance(10_000);
		assertThat(this.b.takeSent(Verb.MULTICAST_GATHER)).isEmpty();
		arp();
		gathered(Verb.MULTICAST_GATHER, "ffffffffffff0a9314ef", Fixture.A.address());
		this.b.takeSent();
		this.b.advance(4_000);
		assertThat(this.b.takeSent(Verb.MULTICAST_GATHER)).isEmpty();
	}

	@Test
	void aStrangersGatherResultsAreIgnored() {
		arp();
		this.b.takeSent();
		this.b.receive(Fixture.D, Verb.OK, Fixture.ok(Verb.MULTICAST_GATHER, 1,
				Vectors.bytes(Fixture.NETWORK + "ffffffffffff0a9314ef" + "00000001" + "0001" + Fixture.A.address())));
		assertThat(this.b.takeSent()).isEmpty();
		assertThat(this.b.networks.directory().size()).isZero();
		assertThat(this.b.networks.drops()).containsEntry("reply-not-allowed", 1L);
	}

	@Test
	void aFrameThatFindsNobodyIsGivenUpAfterFiveSeconds() {
		arp();
		this.b.advance(5_000);
		this.b.takeSent();
		gathered(Verb.MULTICAST_GATHER, "ffffffffffff0a9314ef", Fixture.A.address());
		assertThat(this.b.takeSent(Verb.MULTICAST_FRAME)).isEmpty();
		assertThat(this.b.networks.drops()).containsEntry("multicast-undelivered", 1L);
		assertThat(this.b.leaked()).isZero();
	}

	@Test
	void waitingFramesAreBounded() {
		for (int i = 0; i < 100; i++) {
			arp();
		}
		long used = this.b.leaked();
		for (int i = 0; i < 100; i++) {
			arp();
		}
		assertThat(this.b.leaked()).isEqualTo(used);
		this.b.takeSent();
		gathered(Verb.MULTICAST_GATHER, "ffffffffffff0a9314ef", Fixture.A.address());
		assertThat(this.b.takeSent(Verb.MULTICAST_FRAME)).hasSize(Multicaster.MAX_PENDING_PER_GROUP);
		for (int i = 0; i < 5_000; i++) {
			this.network.transmit(
					this.b.frame(new MacAddress(0x0100_5e00_0000L + i), this.network.mac(), 0x0800, new byte[2_000]));
		}
		assertThat(this.b.leaked()).isLessThan(2L * Multicaster.MAX_PENDING_BYTES);
		this.b.networks.stop();
		assertThat(this.b.leaked()).isZero();
	}

	@Test
	void aMessageOrLikeOfANewMemberReleasesWhatWaits() {
		this.network.transmit(this.b.frame(GROUP.mac(), this.network.mac(), 0x0800, DATA));
		this.b.takeSent();
		this.b.receive(Fixture.A, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.A, Fixture.T)));
		this.b.receive(Fixture.A, Verb.MULTICAST_LIKE, like(GROUP));
		assertThat(this.b.takeSent(Verb.MULTICAST_FRAME).stream().map(TestNode.Sent::to))
			.containsExactly(Fixture.A.address());
	}

	@Test
	void noMoreThanTheLimitGetsACopy() {
		long[] members = LongStream.rangeClosed(0x10_0000_0001L, 0x10_0000_0064L).toArray();
		for (long member : members) {
			this.b.networks.directory().like(Fixture.NETWORK.value(), GROUP.mac().value(), 0, member, this.b.now());
		}
		this.network.transmit(this.b.frame(GROUP.mac(), this.network.mac(), 0x0800, DATA));
		List<TestNode.Sent> copies = this.b.takeSent(Verb.MULTICAST_FRAME);
		assertThat(copies).hasSize(32);
		assertThat(copies.stream().map(TestNode.Sent::to).collect(Collectors.toSet())).hasSize(32);
		assertThat(copies).allMatch((s) -> s.hex().startsWith(Fixture.NETWORK + "02" + "00000001"));
		assertThat(this.b.leaked()).isZero();
	}

	@Test
	void broadcastOtherThanArpNeedsTheFlag() {
		Fixture.configure(this.b, Fixture.config(Fixture.B, Fixture.T + 1).flags(0).build());
		this.b.takeSent();
		this.network.transmit(this.b.frame(MacAddress.BROADCAST, this.network.mac(), 0x88b5, DATA));
		assertThat(this.b.takeSent()).isEmpty();
		arp();
		assertThat(this.b.takeSent(Verb.MULTICAST_GATHER)).hasSize(1);
		assertThat(this.b.networks.drops()).containsEntry("multicast-disabled", 1L);
	}

	@Test
	void aReplicatorGetsTheFrameAndHandsOutCopies() {
		List<Specialist> specialists = List
			.of(new Specialist(Fixture.D.address(), Specialist.MULTICAST_REPLICATOR | Specialist.ACTIVE_BRIDGE));
		Fixture.configure(this.b, Fixture.config(Fixture.B, Fixture.T + 1).specialists(specialists).build());
		assertThat(this.b.networks.contacts()).containsExactly(Fixture.D.address());
		this.b.takeSent();
		this.b.latencies.put(Fixture.D.address(), 20);
		this.network.transmit(this.b.frame(GROUP.mac(), this.network.mac(), 0x0800, DATA));
		TestNode.Sent handOver = this.b.takeSent().get(0);
		assertThat(handOver.to()).isEqualTo(Fixture.D.address());
		assertThat(handOver.hex())
			.isEqualTo(Fixture.NETWORK + "0c" + "ee1462dd6373" + "01005e00000100000000" + "0800" + Vectors.hex(DATA));

		TestNode.Port replicatorPort = new TestNode.Port();
		TestNode d = Fixture.member(Fixture.D, replicatorPort);
		Fixture.configure(d, Fixture.config(Fixture.D, Fixture.T + 1).specialists(specialists).build());
		d.receive(Fixture.B, Verb.NETWORK_CREDENTIALS, Fixture.credentials(Fixture.com(Fixture.B, Fixture.T)));
		for (Identity member : List.of(Fixture.A, Fixture.B)) {
			d.networks.directory()
				.like(Fixture.NETWORK.value(), GROUP.mac().value(), 0, member.address().value(), d.now());
		}
		d.takeSent();
		d.receive(Fixture.B, Verb.MULTICAST_FRAME, handOver.payload());
		assertThat(d.takeSent(Verb.MULTICAST_FRAME)).singleElement().satisfies((s) -> {
			assertThat(s.to()).isEqualTo(Fixture.A.address());
			assertThat(s.hex()).startsWith(Fixture.NETWORK + "06").contains("ee1462dd637301005e000001");
		});
		assertThat(replicatorPort.frames).hasSize(1);
	}

	@Test
	void anActiveBridgeAnnouncesWhatHostsBehindItSendTo() {
		Fixture.configure(this.b,
				Fixture.config(Fixture.B, Fixture.T + 1)
					.specialists(List.of(new Specialist(Fixture.B.address(), Specialist.ACTIVE_BRIDGE)))
					.build());
		this.b.takeSent();
		this.network.transmit(this.b.frame(GROUP.mac(), MacAddress.parse("02:aa:bb:cc:dd:ee"), 0x0800, DATA));
		assertThat(this.b.takeSent(Verb.MULTICAST_LIKE)).singleElement()
			.satisfies((s) -> assertThat(s.hex()).isEqualTo(Fixture.NETWORK + "01005e00000100000000"));
		gathered(Verb.MULTICAST_GATHER, "01005e00000100000000", Fixture.A.address());
		assertThat(this.b.takeSent(Verb.MULTICAST_FRAME)).singleElement()
			.satisfies((s) -> assertThat(s.hex()).isEqualTo(Fixture.NETWORK + "06" + "00000021" + "02aabbccddee"
					+ "01005e00000100000000" + "0800" + Vectors.hex(DATA)));
		this.b.advance(10_000);
		assertThat(this.b.leaked()).isZero();
	}

	@Test
	void aRootKeepsTheDirectoryOfNetworksItDidNotJoin() {
		TestNode root = new TestNode(Fixture.D, Fixture.T);
		root.networks.start();
		byte[] gather = ByteBufUtil.getBytes(
				Unpooled.wrappedBuffer(Vectors.bytes(Fixture.NETWORK + "00" + "01005e00000100000000" + "0000000a")));
		root.receive(Fixture.A, Verb.MULTICAST_LIKE, like(GROUP));
		root.receive(Fixture.B, Verb.MULTICAST_GATHER, gather);
		assertThat(root.takeSent()).isEmpty();
		root.upstream = true;
		root.receive(Fixture.A, Verb.MULTICAST_LIKE, like(GROUP));
		assertThat(root.receive(Fixture.B, Verb.MULTICAST_GATHER, gather, 0x77, false)).isEqualTo(Verdict.HANDLED);
		assertThat(root.takeSent()).singleElement()
			.satisfies((s) -> assertThat(s.hex()).isEqualTo("0d" + "0000000000000077" + Fixture.NETWORK
					+ "01005e00000100000000" + "00000001" + "0001" + Fixture.A.address()));
		// The asker is not told of itself.
		root.receive(Fixture.A, Verb.MULTICAST_GATHER, gather);
		assertThat(root.takeSent()).isEmpty();
		root.advance(GroupDirectory.LIFETIME + 60_000);
		root.receive(Fixture.B, Verb.MULTICAST_GATHER, gather);
		assertThat(root.takeSent()).isEmpty();
		assertThat(root.networks.directory().size()).isZero();
	}

	@Test
	void aControllerAnswersTheMembersItServed() {
		TestNode node = new TestNode(Fixture.CONTROLLER, Fixture.T);
		node.networks.start();
		Set<Address> served = Set.of(Fixture.A.address(), Fixture.B.address());
		node.networks.controller(new ControllerRole() {

			@Override
			public void requestLocally(NetworkId id, byte[] metadata, Reply reply) {
				throw new AssertionError("not joined");
			}

			@Override
			public boolean servedRecently(NetworkId id, Address member) {
				return id.equals(Fixture.NETWORK) && served.contains(member);
			}

		});
		byte[] gather = Vectors.bytes(Fixture.NETWORK + "00" + "01005e00000100000000" + "0000000a");
		node.receive(Fixture.A, Verb.MULTICAST_LIKE, like(GROUP));
		node.receive(Fixture.D, Verb.MULTICAST_LIKE, like(GROUP));
		node.receive(Fixture.D, Verb.MULTICAST_GATHER, gather);
		assertThat(node.takeSent()).isEmpty();
		node.receive(Fixture.B, Verb.MULTICAST_GATHER, gather);
		assertThat(node.takeSent()).singleElement()
			.satisfies((s) -> assertThat(s.hex()).endsWith("00000001" + "0001" + Fixture.A.address()));
	}

	@Test
	void theDirectoryIsBounded() {
		GroupDirectory directory = new GroupDirectory();
		for (int i = 0; i < GroupDirectory.MAX_PER_MEMBER + 10; i++) {
			assertThat(directory.like(1, i, 0, 5, 0)).isEqualTo(i < GroupDirectory.MAX_PER_MEMBER);
		}
		assertThat(directory.like(1, 0, 0, 5, 1)).isTrue();
		for (int member = 6; directory.size() < GroupDirectory.MAX_SUBSCRIPTIONS; member++) {
			for (int i = 0; i < GroupDirectory.MAX_PER_MEMBER; i++) {
				directory.like(1, i, 0, member, 0);
			}
		}
		assertThat(directory.like(1, 0, 0, 1_000_000, 0)).isFalse();
		assertThat(directory.pick(1, 0, 0, 5, new Random(3))).hasSize(5).doesNotHaveDuplicates();
		directory.sweep(GroupDirectory.LIFETIME);
		assertThat(directory.size()).isEqualTo(1);
		assertThat(directory.contains(1, 0, 0, 5)).isTrue();
		directory.remove(1, 0, 0, 5);
		assertThat(directory.size()).isZero();
		assertThat(directory.like(1, 0, 0, 1_000_000, 0)).isTrue();
	}

	private void arp() {
		this.network.transmit(this.b.frame(MacAddress.BROADCAST, this.network.mac(), 0x0806, ARP));
	}

	private void gathered(Verb inRe, String group, Address member) {
		ByteBuf rest = Unpooled.buffer()
			.writeBytes(Vectors.bytes(Fixture.NETWORK + group))
			.writeInt(1)
			.writeShort(1)
			.writeBytes(Vectors.bytes(member.toString()));
		Identity from = (inRe == Verb.MULTICAST_GATHER) ? Fixture.CONTROLLER : Fixture.A;
		this.b.receive(from, Verb.OK, Fixture.ok(inRe, 1, ByteBufUtil.getBytes(rest)));
	}

	private static byte[] like(MulticastGroup group) {
		ByteBuf out = Unpooled.buffer().writeLong(Fixture.NETWORK.value());
		group.write(out);
		return ByteBufUtil.getBytes(out);
	}

}
