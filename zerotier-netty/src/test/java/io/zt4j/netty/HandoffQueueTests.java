package io.zt4j.netty;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandoffQueue}.
 */
class HandoffQueueTests {

	@Test
	void refusesWhatItHasNoRoomFor() {
		HandoffQueue<String> queue = new HandoffQueue<>(2);
		assertThat(queue.isEmpty()).isTrue();
		assertThat(queue.poll()).isNull();
		assertThat(queue.offer("a")).isTrue();
		assertThat(queue.offer("b")).isTrue();
		assertThat(queue.isFull()).isTrue();
		assertThat(queue.offer("c")).isFalse();
		assertThat(queue.poll()).isEqualTo("a");
		assertThat(queue.offer("c")).isTrue();
		assertThat(queue.poll()).isEqualTo("b");
		assertThat(queue.poll()).isEqualTo("c");
		assertThat(queue.isEmpty()).isTrue();
	}

	@Test
	@Timeout(value = 20, unit = TimeUnit.SECONDS)
	void keepsTheOrderBetweenTwoThreads() throws InterruptedException {
		HandoffQueue<Integer> queue = new HandoffQueue<>(64);
		int count = 200_000;
		Thread producer = new Thread(() -> {
			for (int i = 0; i < count; i++) {
				while (!queue.offer(i)) {
					Thread.onSpinWait();
				}
			}
		});
		producer.start();
		for (int i = 0; i < count; i++) {
			Integer next = queue.poll();
			while (next == null) {
				Thread.onSpinWait();
				next = queue.poll();
			}
			if (next != i) {
				assertThat(next).isEqualTo(i);
			}
		}
		producer.join();
	}

}
