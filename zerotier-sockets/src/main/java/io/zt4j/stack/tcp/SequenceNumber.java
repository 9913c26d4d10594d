package io.zt4j.stack.tcp;

/**
 * Sequence numbers (RFC 9293 3.4). Inside the stack a position in a stream is a long that
 * never wraps; only the low 32 bits travel.
 */
final class SequenceNumber {

	private SequenceNumber() {
	}

	/**
	 * Make the position of an initial sequence number: high enough that positions before
	 * it stay positive.
	 * @param wire the sequence number
	 * @return the position
	 */
	static long initial(int wire) {
		return (1L << 32) + (wire & 0xffff_ffffL);
	}

	/**
	 * Find the position nearest to a reference that has the given low 32 bits.
	 * @param wire the sequence number received
	 * @param reference a position less than 2^31 away
	 * @return the position
	 */
	static long unwrap(int wire, long reference) {
		return reference + (wire - (int) reference);
	}

}
