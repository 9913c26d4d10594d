package io.zt4j.spring.boot.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NodeEventPublisher}.
 */
class NodeEventPublisherTests {

	private static final NodeEvent ONLINE = new NodeEvent.Online(new Address(1));

	private static final NodeEvent JOINED = new NodeEvent.NetworkJoined(new NetworkId(2));

	private static final NodeEvent DISCOVERED = new NodeEvent.PeerDiscovered(new Address(3));

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Listeners.class);

	private final NodeEventPublisher publisher = new NodeEventPublisher(this.context);

	private final Listeners listeners = this.context.getBean(Listeners.class);

	@BeforeEach
	void register() {
		this.context.addApplicationListener(this.publisher);
	}

	@AfterEach
	void close() {
		this.publisher.close();
		this.context.close();
	}

	@Test
	void eventsWaitUntilTheApplicationIsReady() {
		give(ONLINE);
		give(JOINED);
		assertThat(this.listeners.all).isEmpty();
		ready();
		assertThat(this.listeners.all).containsExactly(ONLINE, JOINED);
		give(DISCOVERED);
		assertThat(this.listeners.all).containsExactly(ONLINE, JOINED, DISCOVERED);
	}

	@Test
	void listenersChooseFamilies() {
		ready();
		give(ONLINE);
		give(JOINED);
		give(DISCOVERED);
		assertThat(this.listeners.networks).containsExactly(new NetworkId(2));
		assertThat(this.listeners.peers).containsExactly(new Address(3));
	}

	@Test
	void listenersChooseOneKindByItsRecord() {
		ready();
		give(ONLINE);
		give(JOINED);
		assertThat(this.listeners.online).isEqualTo(1);
	}

	@Test
	void publishingRunsOnItsOwnThread() {
		ready();
		give(ONLINE);
		assertThat(this.listeners.thread).isEqualTo("zerotier-events");
	}

	@Test
	void failingListenerDoesNotStopTheOthers() {
		ready();
		this.listeners.fail = true;
		give(ONLINE);
		this.listeners.fail = false;
		give(JOINED);
		assertThat(this.listeners.all).contains(JOINED);
	}

	@Test
	void oldestEventsAreDroppedBeyondTheLimit() {
		for (int i = 0; i < NodeEventPublisher.LIMIT + 10; i++) {
			give(new NodeEvent.Online(new Address(i)));
		}
		ready();
		assertThat(this.listeners.all).hasSize(NodeEventPublisher.LIMIT)
			.startsWith(new NodeEvent.Online(new Address(10)));
	}

	@Test
	void readinessOfAnotherContextDoesNotCount() {
		give(ONLINE);
		try (AnnotationConfigApplicationContext other = new AnnotationConfigApplicationContext()) {
			other.setParent(this.context);
			other.refresh();
			other.publishEvent(new ApplicationReadyEvent(new SpringApplication(Object.class), new String[0], other,
					Duration.ZERO));
		}
		this.publisher.drain();
		assertThat(this.listeners.all).isEmpty();
	}

	private void give(NodeEvent event) {
		this.publisher.executor().execute(() -> this.publisher.accept(event));
		this.publisher.drain();
	}

	private void ready() {
		this.context.publishEvent(new ApplicationReadyEvent(new SpringApplication(Object.class), new String[0],
				this.context, Duration.ZERO));
		this.publisher.drain();
	}

	static class Listeners {

		final List<NodeEvent> all = new ArrayList<>();

		final List<NetworkId> networks = new ArrayList<>();

		final List<Address> peers = new ArrayList<>();

		int online;

		String thread = "";

		boolean fail;

		@EventListener
		void any(ZeroTierNodeEvent<?> event) {
			this.thread = Thread.currentThread().getName();
			if (this.fail) {
				throw new IllegalStateException("on purpose");
			}
			this.all.add(event.getPayload());
		}

		@EventListener
		void network(ZeroTierNetworkEvent<?> event) {
			this.networks.add(event.getNetwork());
		}

		@EventListener
		void peer(ZeroTierPeerEvent<?> event) {
			this.peers.add(event.getPeer());
		}

		@EventListener
		void online(NodeEvent.Online event) {
			this.online++;
		}

	}

}
