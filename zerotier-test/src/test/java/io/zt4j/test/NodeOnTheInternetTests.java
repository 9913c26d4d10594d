package io.zt4j.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.PeerRole;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.identity.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Roots and leaves under virtual time: going online, direct paths, restarts, partitions.
 */
class NodeOnTheInternetTests {

	private final Overlay overlay = new Overlay(ThreadLocalRandom.current().nextLong());

	private final SimulatedInternet internet = this.overlay.internet;

	@Test
	void aLeafIsOnlineAfterOneRoundTripPerCheckedIdentity() {
		ZeroTierNode leaf = this.overlay.leaf(this.internet.host("20.1.0.1"), Overlay.PORT);
		this.overlay.online(leaf);
		assertThat(this.internet.time().elapsed()).isLessThan(Duration.ofMillis(50));
		this.internet.run(Duration.ofSeconds(1));
		assertThat(this.overlay.events(leaf)).startsWith(new NodeEvent.Started(leaf.address()))
			.contains(new NodeEvent.Online(leaf.address()));
		assertThat(Overlay.peer(leaf, this.overlay.root.address()).role()).isEqualTo(PeerRole.PLANET);
		assertThat(Overlay.peer(leaf, this.overlay.root.address()).latency()).isBetween(10, 60);
		assertThat(Overlay.isDirect(this.overlay.root, leaf)).isTrue();
		assertThat(leaf.status().surfaceAddresses()).containsExactly(Overlay.endpoint("20.1.0.1", Overlay.PORT));
	}

	@Test
	void nothingIsSentBeforeStart() {
		List<SimulatedDatagram> seen = new ArrayList<>();
		this.internet.run(Duration.ofSeconds(1));
		this.internet.tap(seen::add);
		ZeroTierNode leaf = this.internet.node(this.internet.host("20.1.0.1"), Overlay.PORT, ThrowawayIdentities.get(1))
			.planet(this.overlay.planet)
			.build();
		this.internet.run(Overlay.MINUTE);
		assertThat(seen).isEmpty();
		leaf.close();
	}

	@Test
	void theFirstMessageIsRelayedAndLaterOnesAreDirect() {
		List<ZeroTierNode> leaves = this.overlay.publicLeaves(2);
		ZeroTierNode alice = leaves.get(0);
		ZeroTierNode bob = leaves.get(1);
		this.internet.run(Duration.ofSeconds(1));
		assertThat(this.overlay.hears(alice, bob)).isTrue();
		assertThat(this.overlay.root.statistics().packetsRelayed()).isPositive();
		assertThat(this.overlay.becomeDirect(alice, bob, Duration.ofSeconds(5))).isTrue();
		long relayed = this.overlay.root.statistics().packetsRelayed();
		assertThat(this.overlay.hears(alice, bob)).isTrue();
		assertThat(this.overlay.hears(bob, alice)).isTrue();
		assertThat(this.overlay.root.statistics().packetsRelayed()).isEqualTo(relayed);
		assertThat(this.overlay.events(alice))
			.contains(new NodeEvent.PeerDirect(bob.address(), Overlay.endpoint("20.1.1.1", Overlay.PORT)));
	}

	@ParameterizedTest(name = "{0} and {1}: direct {2}")
	@CsvSource({ "FULL_CONE,FULL_CONE,true", "FULL_CONE,ADDRESS_RESTRICTED,true", "FULL_CONE,PORT_RESTRICTED,true",
			"FULL_CONE,SYMMETRIC,true", "ADDRESS_RESTRICTED,ADDRESS_RESTRICTED,true",
			"ADDRESS_RESTRICTED,PORT_RESTRICTED,true", "ADDRESS_RESTRICTED,SYMMETRIC,true",
			"PORT_RESTRICTED,PORT_RESTRICTED,true", "PORT_RESTRICTED,SYMMETRIC,false", "SYMMETRIC,SYMMETRIC,false" })
	void natsAreCrossedWhereThatIsPossible(NatType first, NatType second, boolean direct) {
		ZeroTierNode alice = this.overlay.leaf(this.internet.nat(first, "60.0.0.1").host("192.168.1.2"), Overlay.PORT);
		ZeroTierNode bob = this.overlay.leaf(this.internet.nat(second, "70.0.0.1").host("192.168.1.3"), Overlay.PORT);
		this.overlay.online(alice, bob);
		this.internet.run(Duration.ofSeconds(2));
		assertThat(this.overlay.becomeDirect(alice, bob, Duration.ofSeconds(direct ? 10 : 120))).isEqualTo(direct);
		assertThat(this.overlay.hears(alice, bob)).as("alice to bob").isTrue();
		assertThat(this.overlay.hears(bob, alice)).as("bob to alice").isTrue();
	}

	@Test
	void idlePathsExpireAndTheNextMessageIsRelayedAgain() {
		List<ZeroTierNode> leaves = this.overlay.publicLeaves(2);
		ZeroTierNode alice = leaves.get(0);
		ZeroTierNode bob = leaves.get(1);
		assertThat(this.overlay.becomeDirect(alice, bob, Duration.ofSeconds(10))).isTrue();
		this.internet.run(Duration.ofSeconds(260));
		assertThat(Overlay.isDirect(alice, bob)).isFalse();
		assertThat(this.overlay.events(alice)).contains(new NodeEvent.PeerRelayed(bob.address()));
		assertThat(this.overlay.hears(alice, bob)).isTrue();
		assertThat(this.overlay.becomeDirect(alice, bob, Duration.ofSeconds(40))).isTrue();
		this.internet.run(Duration.ofSeconds(800));
		assertThat(this.overlay.events(alice)).contains(new NodeEvent.PeerExpired(bob.address()));
		assertThat(alice.isOnline()).isTrue();
	}

	@Test
	void aRestartedRootIsFoundAgain() {
		List<ZeroTierNode> leaves = this.overlay.publicLeaves(2);
		this.internet.run(Duration.ofSeconds(20));
		this.overlay.root.close();
		this.internet.run(Duration.ofSeconds(5));
		this.overlay.root = this.overlay
			.start(this.internet.node(this.overlay.rootHost, Overlay.PORT, this.overlay.rootIdentity)
				.planet(this.overlay.planet));
		this.internet.run(Duration.ofSeconds(20));
		assertThat(leaves).allMatch(ZeroTierNode::isOnline);
		assertThat(this.overlay.hears(leaves.get(0), leaves.get(1))).isTrue();
	}

	@Test
	void aSilentRootMakesALeafOfflineUntilItReturns() {
		ZeroTierNode leaf = this.overlay.publicLeaves(1).get(0);
		this.overlay.rootHost.connected(false);
		this.internet.run(Duration.ofSeconds(70));
		assertThat(leaf.isOnline()).isFalse();
		this.overlay.rootHost.connected(true);
		assertThat(this.internet.runUntil(leaf::isOnline, Duration.ofSeconds(6))).isTrue();
		this.internet.run(Duration.ofMillis(1));
		assertThat(this.overlay.events(leaf)).containsSubsequence(new NodeEvent.Online(leaf.address()),
				new NodeEvent.Offline(leaf.address()), new NodeEvent.Online(leaf.address()));
	}

	@ParameterizedTest(name = "port {0}")
	@CsvSource({ "9993", "9994" })
	void aRestartedLeafIsReachedWithinSeconds(int port) {
		SimulatedHost host = this.internet.host("20.1.7.1");
		Identity identity = ThrowawayIdentities.get(50);
		ZeroTierNode bob = this.overlay.leaf(host, Overlay.PORT, identity);
		ZeroTierNode alice = this.overlay.leaf(this.internet.host("20.1.8.1"), Overlay.PORT);
		this.overlay.online(alice, bob);
		assertThat(this.overlay.becomeDirect(alice, bob, Duration.ofSeconds(10))).isTrue();
		bob.close();
		this.internet.run(Duration.ofMillis(500));
		ZeroTierNode again = this.overlay.leaf(host, port, identity);
		this.overlay.online(again);
		Optional<Duration> outage = this.overlay.sayUntilHeard(alice, again, Duration.ofSeconds(30));
		System.out.println("outage after restart on port " + port + ": " + outage);
		assertThat(outage).hasValueSatisfying((it) -> assertThat(it).isLessThan(Duration.ofSeconds(7)));
		assertThat(this.overlay.hears(again, alice)).isTrue();
		assertThat(this.overlay.becomeDirect(alice, again, Duration.ofSeconds(30))).isTrue();
	}

	@Test
	void aPartitionHeals() {
		List<ZeroTierNode> leaves = new ArrayList<>();
		List<SimulatedHost> hosts = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			hosts.add(this.internet.host("20.2." + i + ".1"));
			leaves.add(this.overlay.leaf(hosts.get(i), Overlay.PORT));
		}
		this.overlay.online(leaves.toArray(ZeroTierNode[]::new));
		assertThat(this.overlay.becomeDirect(leaves.get(0), leaves.get(1), Duration.ofSeconds(10))).isTrue();
		assertThat(this.overlay.becomeDirect(leaves.get(0), leaves.get(2), Duration.ofSeconds(10))).isTrue();
		this.internet.partition(List.of(hosts.get(0), hosts.get(1)));
		this.internet.run(Duration.ofSeconds(60));
		assertThat(leaves.get(0).isOnline()).isFalse();
		assertThat(leaves.get(2).isOnline()).isTrue();
		assertThat(this.overlay.hears(leaves.get(0), leaves.get(1))).as("direct path inside the island").isTrue();
		assertThat(this.overlay.hears(leaves.get(0), leaves.get(2))).isFalse();
		this.internet.heal();
		assertThat(
				this.internet.runUntil(() -> leaves.stream().allMatch(ZeroTierNode::isOnline), Duration.ofSeconds(6)))
			.isTrue();
		assertThat(this.overlay.sayUntilHeard(leaves.get(0), leaves.get(2), Duration.ofSeconds(5))).isPresent();
	}

	@Test
	void aBrokenDirectPathIsRelayedAround() {
		SimulatedNat nat = this.internet.nat(NatType.PORT_RESTRICTED, "60.0.0.1");
		ZeroTierNode alice = this.overlay.leaf(nat.host("192.168.1.2"), Overlay.PORT);
		ZeroTierNode bob = this.overlay.leaf(this.internet.host("20.3.0.1"), Overlay.PORT);
		this.overlay.online(alice, bob);
		assertThat(this.overlay.becomeDirect(alice, bob, Duration.ofSeconds(10))).isTrue();
		nat.reset();
		Optional<Duration> outage = this.overlay.sayUntilHeard(bob, alice, Duration.ofSeconds(60));
		System.out.println("outage after the NAT forgot: " + outage);
		assertThat(outage).hasValueSatisfying((it) -> assertThat(it).isLessThan(Duration.ofSeconds(20)));
	}

	@Test
	void aNewExternalAddressIsNoticed() {
		SimulatedNat nat = this.internet.nat(NatType.FULL_CONE, "60.0.0.1");
		ZeroTierNode alice = this.overlay.leaf(nat.host("192.168.1.2"), Overlay.PORT);
		ZeroTierNode bob = this.overlay.leaf(this.internet.host("20.3.0.1"), Overlay.PORT);
		this.overlay.online(alice, bob);
		assertThat(this.overlay.becomeDirect(alice, bob, Duration.ofSeconds(10))).isTrue();
		nat.renumber("60.0.0.2");
		this.internet.run(Duration.ofSeconds(20));
		assertThat(alice.status().surfaceAddresses())
			.anyMatch((surface) -> surface.getAddress().getHostAddress().equals("60.0.0.2"));
		assertThat(this.overlay.hears(alice, bob)).isTrue();
		assertThat(this.overlay.becomeDirect(alice, bob, Duration.ofSeconds(30))).isTrue();
	}

	@Test
	void tenPercentLossDelaysAndDoesNotPrevent() {
		this.internet.defaultConditions(LinkConditions.ofDelay(Duration.ofMillis(20))
			.withJitter(Duration.ofMillis(10))
			.withLoss(0.05)
			.withDuplication(0.02)
			.withReordering(0.05));
		List<ZeroTierNode> leaves = this.overlay.publicLeaves(3);
		assertThat(this.internet.time().elapsed()).isLessThan(Duration.ofSeconds(5));
		assertThat(this.overlay.becomeDirect(leaves.get(0), leaves.get(1), Duration.ofSeconds(60))).isTrue();
		int heard = 0;
		for (int i = 0; i < 100; i++) {
			String text = "lossy " + i;
			this.overlay.say(leaves.get(0), leaves.get(2).address(), text);
			this.internet.run(Duration.ofMillis(500));
			heard += this.overlay.messages.contains(leaves.get(2).address() + " " + text) ? 1 : 0;
		}
		assertThat(heard).isBetween(60, 100);
		assertThat(leaves).allMatch(ZeroTierNode::isOnline);
		assertThat(leaves).allMatch((leaf) -> Overlay.drops(leaf, "failed") == 0);
	}

	@Test
	void aHundredLeavesGoOnlineAndEachReachesItsNeighbour() {
		List<ZeroTierNode> leaves = this.overlay.publicLeaves(100);
		assertThat(this.internet.time().elapsed()).isLessThan(Duration.ofSeconds(2));
		for (int i = 0; i < leaves.size(); i++) {
			ZeroTierNode to = leaves.get((i + 1) % leaves.size());
			this.overlay.say(leaves.get(i), to.address(), "to " + i);
		}
		this.internet.run(Duration.ofSeconds(6));
		for (int i = 0; i < leaves.size(); i++) {
			ZeroTierNode to = leaves.get((i + 1) % leaves.size());
			assertThat(this.overlay.messages).contains(to.address() + " to " + i);
		}
		assertThat(this.overlay.root.peers()).hasSize(100);
		assertThat(leaves).allMatch((leaf) -> Overlay.drops(leaf, "failed") == 0);
	}

	@Test
	void thirtyLeavesBehindOneNatStartTogether() {
		SimulatedNat nat = this.internet.nat(NatType.PORT_RESTRICTED, "60.0.0.1");
		ZeroTierNode[] leaves = new ZeroTierNode[30];
		for (int i = 0; i < leaves.length; i++) {
			leaves[i] = this.overlay.leaf(nat.host("192.168.1." + (10 + i)), Overlay.PORT);
		}
		this.overlay.online(leaves);
		assertThat(this.internet.time().elapsed()).isLessThan(Duration.ofSeconds(1));
	}

}
