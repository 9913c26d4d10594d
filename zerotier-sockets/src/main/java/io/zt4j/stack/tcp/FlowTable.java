package io.zt4j.stack.tcp;

import org.jspecify.annotations.Nullable;

/**
 * Flows by addresses and ports: open addressing with linear probing, so that a lookup
 * allocates nothing. The hash is keyed, so that a peer cannot choose collisions.
 */
final class FlowTable {

	private static final int INITIAL_CAPACITY = 64;

	private final long key;

	private @Nullable Flow[] slots = new Flow[INITIAL_CAPACITY];

	private int size;

	FlowTable(long key) {
		this.key = key;
	}

	int size() {
		return this.size;
	}

	@Nullable Flow find(int version, long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow,
			int remotePort) {
		int mask = this.slots.length - 1;
		int index = hash(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort) & mask;
		while (true) {
			Flow flow = this.slots[index];
			if (flow == null || flow.is(version, localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort)) {
				return flow;
			}
			index = (index + 1) & mask;
		}
	}

	@Nullable Flow find(Flow like) {
		return find(like.version, like.localHigh, like.localLow, like.localPort, like.remoteHigh, like.remoteLow,
				like.remotePort);
	}

	/**
	 * Add a flow.
	 * @param flow the flow
	 * @throws IllegalStateException if there is one with its addresses and ports
	 */
	void add(Flow flow) {
		if (this.size * 2 >= this.slots.length) {
			resize(this.slots.length * 2);
		}
		int index = slotOf(flow);
		if (this.slots[index] != null) {
			throw new IllegalStateException("There is a flow " + flow + " already");
		}
		this.slots[index] = flow;
		this.size++;
	}

	/**
	 * Put a flow in the place of one with the same addresses and ports.
	 * @param old the flow in the table
	 * @param replacement the flow to put there
	 */
	void replace(Flow old, Flow replacement) {
		int index = slotOf(old);
		if (this.slots[index] != old) {
			throw new IllegalStateException("There is no flow " + old);
		}
		this.slots[index] = replacement;
	}

	/**
	 * Remove a flow.
	 * @param flow the flow
	 * @return false if this very flow was not in the table
	 */
	boolean remove(Flow flow) {
		int mask = this.slots.length - 1;
		int hole = slotOf(flow);
		if (this.slots[hole] != flow) {
			return false;
		}
		this.slots[hole] = null;
		this.size--;
		// close the gap, so that no tomb stones are needed
		int index = hole;
		while (true) {
			index = (index + 1) & mask;
			Flow moved = this.slots[index];
			if (moved == null) {
				break;
			}
			int home = hash(moved) & mask;
			if (((index - home) & mask) >= ((index - hole) & mask)) {
				this.slots[hole] = moved;
				this.slots[index] = null;
				hole = index;
			}
		}
		if (this.slots.length > INITIAL_CAPACITY && this.size * 8 < this.slots.length) {
			resize(this.slots.length / 2);
		}
		return true;
	}

	/**
	 * Return all flows.
	 * @return a copy
	 */
	Flow[] toArray() {
		Flow[] flows = new Flow[this.size];
		int i = 0;
		for (Flow flow : this.slots) {
			if (flow != null) {
				flows[i++] = flow;
			}
		}
		return flows;
	}

	private int slotOf(Flow flow) {
		int mask = this.slots.length - 1;
		int index = hash(flow) & mask;
		Flow there = this.slots[index];
		while (there != null && there != flow && !there.is(flow.version, flow.localHigh, flow.localLow, flow.localPort,
				flow.remoteHigh, flow.remoteLow, flow.remotePort)) {
			index = (index + 1) & mask;
			there = this.slots[index];
		}
		return index;
	}

	private void resize(int capacity) {
		@Nullable Flow[] old = this.slots;
		this.slots = new Flow[capacity];
		for (Flow flow : old) {
			if (flow != null) {
				this.slots[slotOf(flow)] = flow;
			}
		}
	}

	private int hash(Flow flow) {
		return hash(flow.localHigh, flow.localLow, flow.localPort, flow.remoteHigh, flow.remoteLow, flow.remotePort);
	}

	private int hash(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
		long h = this.key ^ remoteLow;
		h = (h ^ (h >>> 32)) * 0x9e37_79b9_7f4a_7c15L;
		h ^= remoteHigh + ((long) localPort << 16 | remotePort);
		h = (h ^ (h >>> 29)) * 0xbf58_476d_1ce4_e5b9L;
		h ^= localLow + Long.rotateLeft(localHigh, 17);
		h = (h ^ (h >>> 32)) * 0x94d0_49bb_1331_11ebL;
		return (int) (h ^ (h >>> 32));
	}

}
