package io.zt4j.test;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.PeerRole;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.store.MemoryStateStore;
import io.zt4j.node.world.SigningKeyPair;
import io.zt4j.node.world.World;
import io.zt4j.node.world.WorldBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Planet updates, moons, second roots, and what survives a restart.
 */
class WorldsAndStateTests {

	private final Overlay overlay = new Overlay(ThreadLocalRandom.current().nextLong());

	private final SimulatedInternet internet = this.overlay.internet;

	@Test
	void aNewerPlanetSpreadsFromTheRootAndTheNewRootIsUsed() {
		ZeroTierNode leaf = this.overlay.publicLeaves(1).get(0);
		SimulatedHost secondHost = this.internet.host("20.0.1.1");
		Identity second = ThrowawayIdentities.get(70);
		World newer = WorldBuilder.planet(this.overlay.planet.id())
			.timestamp(2)
			.root(this.overlay.rootIdentity, this.overlay.rootHost.endpoint(Overlay.PORT))
			.root(second, secondHost.endpoint(Overlay.PORT))
			.sign(this.overlay.signer);
		this.overlay.root.close();
		this.overlay.root = this.overlay
			.start(this.internet.node(this.overlay.rootHost, Overlay.PORT, this.overlay.rootIdentity).planet(newer));
		ZeroTierNode secondRoot = this.overlay
			.start(this.internet.node(secondHost, Overlay.PORT, second).planet(newer));
		assertThat(this.internet.runUntil(() -> leaf.status().planetTimestamp() == 2, Duration.ofSeconds(40))).isTrue();
		this.internet.run(Duration.ofSeconds(5));
		assertThat(this.overlay.events(leaf)).contains(new NodeEvent.WorldUpdated(newer.id(), 2));
		assertThat(Overlay.isDirect(leaf, secondRoot)).isTrue();
		assertThat(secondRoot.status().root()).isTrue();
		this.overlay.rootHost.connected(false);
		this.internet.run(Duration.ofMinutes(2));
		assertThat(leaf.isOnline()).as("by the second root").isTrue();
		ZeroTierNode other = this.overlay
			.start(this.internet.node(this.internet.host("20.9.0.1"), Overlay.PORT, ThrowawayIdentities.get(71))
				.planet(newer));
		this.overlay.online(other);
		assertThat(this.overlay.hears(leaf, other)).isTrue();
	}

	@Test
	void aPlanetSignedByAnotherKeyIsNotTaken() {
		ZeroTierNode leaf = this.overlay.publicLeaves(1).get(0);
		World forged = WorldBuilder.planet(this.overlay.planet.id())
			.timestamp(2)
			.root(this.overlay.rootIdentity, this.overlay.rootHost.endpoint(Overlay.PORT))
			.sign(SigningKeyPair.generate(new SeededRandom(9)));
		this.overlay.root.close();
		this.overlay.root = this.overlay
			.start(this.internet.node(this.overlay.rootHost, Overlay.PORT, this.overlay.rootIdentity).planet(forged));
		this.internet.run(Duration.ofMinutes(1));
		assertThat(leaf.status().planetTimestamp()).isEqualTo(1);
		assertThat(leaf.isOnline()).isTrue();
	}

	@Test
	void aMoonIsLearnedFromItsSeedAndSurvivesARestart() {
		SimulatedHost moonHost = this.internet.host("20.6.0.1");
		Identity moonIdentity = ThrowawayIdentities.get(72);
		World moon = WorldBuilder.moon(moonIdentity.address().value())
			.timestamp(5)
			.root(moonIdentity, moonHost.endpoint(Overlay.PORT))
			.sign(SigningKeyPair.generate(new SeededRandom(3)));
		MemoryStateStore moonStore = new MemoryStateStore();
		moonStore.write("moons.d/000000" + moonIdentity.address() + ".moon", moon.toBytes());
		ZeroTierNode moonRoot = this.overlay.start(this.internet.node(moonHost, Overlay.PORT, moonIdentity)
			.planet(this.overlay.planet)
			.storage(moonStore));
		assertThat(moonRoot.status().root()).isTrue();
		MemoryStateStore store = new MemoryStateStore();
		SimulatedHost host = this.internet.host("20.7.0.1");
		Identity identity = ThrowawayIdentities.get(73);
		ZeroTierNode leaf = this.overlay
			.start(this.internet.node(host, Overlay.PORT, identity).planet(this.overlay.planet).storage(store));
		this.overlay.online(leaf, moonRoot);
		leaf.orbit(moon.id(), moonIdentity.address());
		this.internet.run(Duration.ofSeconds(20));
		assertThat(this.overlay.events(leaf)).contains(new NodeEvent.WorldUpdated(moon.id(), 5));
		assertThat(Overlay.peer(leaf, moonIdentity.address()).role()).isEqualTo(PeerRole.MOON);
		assertThat(Overlay.isDirect(leaf, moonRoot)).isTrue();
		leaf.close();
		ZeroTierNode again = this.overlay
			.start(this.internet.node(host, Overlay.PORT, identity).planet(this.overlay.planet).storage(store));
		this.overlay.online(again);
		assertThat(Overlay.peer(again, moonIdentity.address()).role()).isEqualTo(PeerRole.MOON);
		again.deorbit(moon.id());
		assertThat(store.list("moons.d")).isEmpty();
		assertThat(Overlay.peer(again, moonIdentity.address()).role()).isEqualTo(PeerRole.LEAF);
	}

	@Test
	void aCachedPeerIsReachedWithoutItsRoot() {
		MemoryStateStore store = new MemoryStateStore();
		SimulatedHost host = this.internet.host("20.8.0.1");
		Identity identity = ThrowawayIdentities.get(74);
		ZeroTierNode alice = this.overlay
			.start(this.internet.node(host, Overlay.PORT, identity).planet(this.overlay.planet).storage(store));
		ZeroTierNode bob = this.overlay.leaf(this.internet.host("20.8.1.1"), Overlay.PORT);
		this.overlay.online(alice, bob);
		assertThat(this.overlay.becomeDirect(alice, bob, Duration.ofSeconds(10))).isTrue();
		alice.close();
		assertThat(store.list("peers.d")).contains(bob.address() + ".peer");
		this.overlay.rootHost.connected(false);
		ZeroTierNode again = this.overlay
			.start(this.internet.node(host, Overlay.PORT, identity).planet(this.overlay.planet).storage(store));
		assertThat(this.overlay.hears(again, bob)).isTrue();
	}

	@Test
	void identityAndPlanetAreKeptInTheStore() {
		MemoryStateStore store = new MemoryStateStore();
		store.write("identity.secret", ThrowawayIdentities.get(75).secretString().getBytes());
		SimulatedHost host = this.internet.host("20.8.0.1");
		try (ZeroTierNode first = this.internet.node(host, Overlay.PORT)
			.storage(store)
			.planet(this.overlay.planet)
			.build()) {
			assertThat(first.address()).isEqualTo(ThrowawayIdentities.get(75).address());
		}
		try (ZeroTierNode second = this.internet.node(host, Overlay.PORT).storage(store).build()) {
			assertThat(second.status().planetId()).isEqualTo(this.overlay.planet.id());
			assertThat(second.address()).isEqualTo(ThrowawayIdentities.get(75).address());
		}
	}

}
