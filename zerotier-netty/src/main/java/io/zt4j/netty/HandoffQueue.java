package io.zt4j.netty;

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * A bounded queue from one thread to one other. Each side touches its own index only; an
 * element's slot itself says whether it is full.
 *
 * @param <E> what is handed over
 */
final class HandoffQueue<E> {

	private final AtomicReferenceArray<@Nullable E> slots;

	private final int mask;

	private int head;

	private int tail;

	/**
	 * Create a queue.
	 * @param capacity greatest number of elements, a power of two
	 */
	HandoffQueue(int capacity) {
		this.slots = new AtomicReferenceArray<>(capacity);
		this.mask = capacity - 1;
	}

	/**
	 * Whether {@link #offer} would refuse. Producer only.
	 * @return true if full
	 */
	boolean isFull() {
		return this.slots.get(this.tail & this.mask) != null;
	}

	/**
	 * Append an element. Producer only.
	 * @param element the element
	 * @return false if the queue is full
	 */
	boolean offer(E element) {
		if (isFull()) {
			return false;
		}
		this.slots.set(this.tail++ & this.mask, element);
		return true;
	}

	/**
	 * Whether {@link #poll} would return nothing. Consumer only.
	 * @return true if empty
	 */
	boolean isEmpty() {
		return this.slots.get(this.head & this.mask) == null;
	}

	/**
	 * Take the oldest element. Consumer only.
	 * @return the element, or null if the queue is empty
	 */
	@Nullable E poll() {
		int index = this.head & this.mask;
		E element = this.slots.get(index);
		if (element != null) {
			this.slots.lazySet(index, null);
			this.head++;
		}
		return element;
	}

}
