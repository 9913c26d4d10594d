package io.zt4j.node.network;

import java.util.HashSet;
import java.util.Set;

import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Puts the chunks of a network's configuration together (VL2 4.2). Holds at most three
 * unfinished updates. Not thread-safe.
 */
public final class ConfigAssembler {

	private static final int SLOTS = 3;

	private static final int MAX_CHUNKS = 474;

	private final Slot[] slots = new Slot[SLOTS];

	private byte @Nullable [] complete;

	private long uses;

	/**
	 * Take a chunk of this network.
	 * @param chunk the chunk
	 * @param controller the controller's identity, or null if it is not known
	 * @param source who sent it; anybody may send a signed one
	 * @return what became of it
	 */
	public Outcome offer(ConfigChunk chunk, @Nullable Identity controller, Address source) {
		long total = chunk.totalLength();
		if (total == 0 || total >= Dictionary.NETWORK_CONFIG_CAPACITY || chunk.index() + chunk.data().length > total) {
			return Outcome.MALFORMED;
		}
		Slot slot = find(chunk.updateId());
		if (slot != null && slot.chunks.contains(chunk.chunkId())) {
			return Outcome.DUPLICATE;
		}
		if (chunk.isLegacy()) {
			if (!source.equals(chunk.network().controller())) {
				return Outcome.MALFORMED;
			}
		}
		else if (controller == null) {
			return Outcome.UNKNOWN_CONTROLLER;
		}
		else if (!chunk.verify(controller)) {
			return Outcome.FORGED;
		}
		if (slot == null) {
			slot = claim(chunk.updateId(), (int) total);
		}
		return store(slot, chunk);
	}

	private @Nullable Slot find(long updateId) {
		for (Slot slot : this.slots) {
			if (slot != null && slot.updateId == updateId) {
				return slot;
			}
		}
		return null;
	}

	/* the slot unused for longest gives way to a new update */
	private Slot claim(long updateId, int total) {
		int oldest = 0;
		for (int i = 0; i < SLOTS; i++) {
			if (this.slots[i] == null) {
				oldest = i;
				break;
			}
			if (this.slots[i].lastUse < this.slots[oldest].lastUse) {
				oldest = i;
			}
		}
		Slot slot = new Slot();
		slot.updateId = updateId;
		slot.bytes = new byte[total];
		this.slots[oldest] = slot;
		return slot;
	}

	private Outcome store(Slot slot, ConfigChunk chunk) {
		if (slot.bytes.length != chunk.totalLength() || slot.chunks.size() >= MAX_CHUNKS) {
			return Outcome.MALFORMED;
		}
		slot.lastUse = ++this.uses;
		slot.chunks.add(chunk.chunkId());
		System.arraycopy(chunk.data(), 0, slot.bytes, (int) chunk.index(), chunk.data().length);
		slot.received += chunk.data().length;
		if (slot.received != slot.bytes.length) {
			return Outcome.STORED;
		}
		// the slot stays, so that repeated chunks are known as duplicates; its bytes may
		// go
		this.complete = slot.bytes.clone();
		return Outcome.COMPLETE;
	}

	/**
	 * Return the dictionary the last chunk completed, once.
	 * @return the encoded dictionary
	 * @throws IllegalStateException if the last chunk completed none
	 */
	public byte[] takeComplete() {
		byte[] bytes = this.complete;
		if (bytes == null) {
			throw new IllegalStateException("No configuration is complete");
		}
		this.complete = null;
		return bytes;
	}

	/**
	 * What became of a chunk.
	 */
	public enum Outcome {

		/** Sizes contradict each other, or unsigned and not from the controller. */
		MALFORMED,

		/** Had before. */
		DUPLICATE,

		/** The controller's identity is not known. */
		UNKNOWN_CONTROLLER,

		/** The signature is not the controller's. */
		FORGED,

		/** Good, but others are missing. */
		STORED,

		/** Good, and the last one missing: see {@link #takeComplete()}. */
		COMPLETE

	}

	private static final class Slot {

		private long updateId;

		private byte[] bytes = new byte[0];

		private int received;

		private long lastUse;

		private final Set<Long> chunks = new HashSet<>();

	}

}
