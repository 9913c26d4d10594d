package io.zt4j.node.network.rule;

import io.zt4j.node.identity.Address;

/**
 * What the rules made of a frame (VL2 9.5). Mutable, to be reused for every frame; not
 * thread-safe.
 */
public final class FilterResult {

	private static final int MAX_COPIES = 2;

	/** Where an action may send a copy: the EXT_FRAME flags, outbound and inbound. */
	private static final int[] TEE = { 0x02, 0x08 };

	private static final int[] WATCH = { 0x16, 0x1c };

	private static final int[] REDIRECT = { 0x04, 0x0a };

	private final Address[] targets = new Address[MAX_COPIES];

	private final int[] lengths = new int[MAX_COPIES];

	private final int[] flags = new int[MAX_COPIES];

	private int copies;

	private Address redirectTarget = new Address(0);

	private int redirectFlags;

	private Verdict verdict = Verdict.DROP;

	FilterResult reset() {
		this.copies = 0;
		this.redirectFlags = 0;
		this.verdict = Verdict.DROP;
		return this;
	}

	/**
	 * What to do with a frame.
	 */
	public enum Verdict {

		/** Drop it. No copies are sent. */
		DROP,

		/** Let it pass. */
		ACCEPT,

		/** Inbound: deliver it although it may not be addressed to this node. */
		SUPER_ACCEPT,

		/** Send it to {@link #redirectTarget()} instead. */
		REDIRECT

	}

	/*
	 * The pass of one rule set: copies are put at an index, a later one replaces an
	 * earlier one of the same set.
	 */
	void copy(int index, Address target, int length, boolean watch, boolean inbound) {
		this.targets[index] = target;
		this.lengths[index] = length;
		this.flags[index] = (watch ? WATCH : TEE)[inbound ? 1 : 0];
		this.copies = index + 1;
	}

	int copyCount() {
		return this.copies;
	}

	void truncate(int copies) {
		this.copies = copies;
	}

	void redirect(Address target, boolean inbound) {
		this.redirectTarget = target;
		this.redirectFlags = REDIRECT[inbound ? 1 : 0];
	}

	FilterResult verdict(Verdict verdict) {
		this.verdict = verdict;
		if (verdict == Verdict.DROP) {
			this.copies = 0;
		}
		return this;
	}

	/**
	 * Return what to do with the frame.
	 * @return the verdict
	 */
	public Verdict verdict() {
		return this.verdict;
	}

	/**
	 * Whether the frame passes, or would if it was not redirected.
	 * @return false for DROP
	 */
	public boolean isAccepted() {
		return this.verdict != Verdict.DROP;
	}

	/**
	 * Return how many copies rules want sent.
	 * @return 0..2
	 */
	public int copies() {
		return this.copies;
	}

	/**
	 * Return who gets a copy.
	 * @param index 0..{@link #copies()} - 1
	 * @return the member
	 */
	public Address copyTarget(int index) {
		return this.targets[index];
	}

	/**
	 * Return how much of the payload a copy holds.
	 * @param index 0..{@link #copies()} - 1
	 * @return bytes, at most the length of the payload
	 */
	public int copyLength(int index) {
		return this.lengths[index];
	}

	/**
	 * Return the EXT_FRAME flags of a copy (VL2 10.3).
	 * @param index 0..{@link #copies()} - 1
	 * @return the flags
	 */
	public int copyFlags(int index) {
		return this.flags[index];
	}

	/**
	 * Return who gets the frame instead.
	 * @return the member; meaningful with {@link Verdict#REDIRECT} only
	 */
	public Address redirectTarget() {
		return this.redirectTarget;
	}

	/**
	 * Return the EXT_FRAME flags of the redirected frame.
	 * @return the flags
	 */
	public int redirectFlags() {
		return this.redirectFlags;
	}

}
