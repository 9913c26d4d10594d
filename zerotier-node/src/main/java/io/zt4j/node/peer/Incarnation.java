package io.zt4j.node.peer;

/**
 * Which run of a peer sends its HELLOs. Nodes of this implementation add a record to the
 * moon list of every HELLO (VL1 8.2; of a type others skip) with a number drawn at start.
 * A new number means the peer restarted. Two numbers that take turns, each with growing
 * timestamps, mean that two processes use the same identity; replayed HELLOs do not grow.
 */
final class Incarnation {

	/** Type of the record: neither a world type nor null. */
	static final int RECORD_TYPE = 0x49;

	/** Turns within {@link #WINDOW} that prove two living processes. */
	private static final int PROOF = 3;

	private static final long WINDOW = 300_000;

	private long current;

	private long currentTimestamp;

	private long other;

	private long otherTimestamp;

	private int turns;

	private long firstTurn;

	/**
	 * Take the number of an authentic HELLO.
	 * @param number the number
	 * @param timestamp timestamp of the HELLO, by the peer's clock
	 * @param now milliseconds since the Unix epoch
	 * @return what it means
	 */
	Verdict hello(long number, long timestamp, long now) {
		if (this.current == 0 || number == this.current) {
			this.current = number;
			this.currentTimestamp = Math.max(this.currentTimestamp, timestamp);
			return Verdict.SAME;
		}
		if (number == this.other && timestamp <= this.otherTimestamp) {
			return Verdict.SAME;
		}
		boolean known = number == this.other;
		this.other = this.current;
		this.otherTimestamp = this.currentTimestamp;
		this.current = number;
		this.currentTimestamp = timestamp;
		if (this.turns == 0 || now - this.firstTurn > WINDOW) {
			this.turns = 0;
			this.firstTurn = now;
		}
		this.turns++;
		return (known && this.turns >= PROOF) ? Verdict.TWIN : Verdict.RESTARTED;
	}

	enum Verdict {

		SAME, RESTARTED, TWIN

	}

}
