package io.zt4j.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.identity.Identity;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two processes with one identity.
 */
class CollisionTests {

	private final Overlay overlay = new Overlay(ThreadLocalRandom.current().nextLong());

	private final SimulatedInternet internet = this.overlay.internet;

	@Test
	void twinsAreToldByTheirRoot() {
		Identity identity = ThrowawayIdentities.get(60);
		ZeroTierNode one = this.overlay.leaf(this.internet.host("20.4.0.1"), Overlay.PORT, identity);
		this.internet.run(Duration.ofSeconds(7));
		this.overlay.leaf(this.internet.host("20.5.0.1"), Overlay.PORT, identity);
		assertThat(this.internet.runUntil(() -> collisions(one).size() >= 2, Duration.ofMinutes(3))).isTrue();
		System.out.println("noticed after " + this.internet.time().elapsed() + ": " + collisions(one));
		assertThat(collisions(one)).allMatch((event) -> event.evidence().contains("root"));
	}

	@Test
	void aRestartIsNoCollision() {
		Identity identity = ThrowawayIdentities.get(60);
		SimulatedHost host = this.internet.host("20.4.0.1");
		ZeroTierNode node = this.overlay.leaf(host, Overlay.PORT, identity);
		for (int i = 0; i < 5; i++) {
			this.internet.run(Duration.ofSeconds(20));
			node.close();
			node = this.overlay.leaf(host, Overlay.PORT + i, identity);
		}
		this.internet.run(Duration.ofMinutes(2));
		assertThat(collisions(node)).isEmpty();
		assertThat(node.isOnline()).isTrue();
	}

	private List<NodeEvent.IdentityCollision> collisions(ZeroTierNode node) {
		return this.overlay.events(node)
			.stream()
			.filter(NodeEvent.IdentityCollision.class::isInstance)
			.map(NodeEvent.IdentityCollision.class::cast)
			.toList();
	}

}
