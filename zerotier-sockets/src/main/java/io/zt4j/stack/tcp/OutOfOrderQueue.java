package io.zt4j.stack.tcp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Received data with holes before it, as runs of adjacent parts in the order of the
 * stream. Bounded in runs and in parts. Not for more than one thread.
 */
final class OutOfOrderQueue {

	private static final int MAX_RUNS = 1024;

	/** What a part costs beside its bytes. */
	private static final int PART_OVERHEAD = 256;

	private final ByteBufAllocator allocator;

	private final List<Run> runs = new ArrayList<>(4);

	private long age;

	private int bytes;

	private int parts;

	OutOfOrderQueue(ByteBufAllocator allocator) {
		this.allocator = allocator;
	}

	boolean isEmpty() {
		return this.runs.isEmpty();
	}

	/**
	 * Return the memory held.
	 * @return bytes, with an estimate of the overhead
	 */
	long cost() {
		return this.bytes + (long) this.parts * PART_OVERHEAD;
	}

	/**
	 * Add data. What is there already stays; only what fills holes is kept.
	 * @param start stream position of the first byte
	 * @param in the buffer, still owned by the caller
	 * @param index where the bytes begin
	 * @param length how many, at least 1
	 * @param maxCost memory that may be held
	 * @return false if a bound was met and something was not kept
	 */
	boolean add(long start, ByteBuf in, int index, int length, long maxCost) {
		long end = start + length;
		// data mostly arrives at the end of the last run
		int i = this.runs.size();
		while (i > 0 && this.runs.get(i - 1).end >= start) {
			i--;
		}
		long position = start;
		while (position < end) {
			Run run = (i < this.runs.size()) ? this.runs.get(i) : null;
			if (run != null && run.start <= position && run.end > position) {
				run.age = ++this.age;
				position = run.end;
				continue;
			}
			boolean extend = run != null && run.end == position;
			Run after = run;
			if (extend) {
				after = (i + 1 < this.runs.size()) ? this.runs.get(i + 1) : null;
			}
			long pieceEnd = (after != null) ? Math.min(end, after.start) : end;
			int size = (int) (pieceEnd - position);
			if (cost() + PART_OVERHEAD + size > maxCost || !extend && this.runs.size() >= MAX_RUNS) {
				return false;
			}
			if (run == null || !extend) {
				run = new Run(position);
				this.runs.add(i, run);
			}
			run.append(keep(in, index + (int) (position - start), size));
			run.age = ++this.age;
			this.bytes += size;
			this.parts++;
			position = run.end;
			if (after != null && run.end == after.start) {
				run.join(after);
				this.runs.remove(i + 1);
			}
		}
		return true;
	}

	private ByteBuf keep(ByteBuf in, int index, int length) {
		if (length >= ByteQueue.COPY_BELOW) {
			return in.retainedSlice(index, length);
		}
		ByteBuf copy = this.allocator.buffer(length, length);
		return copy.writeBytes(in, index, length);
	}

	/**
	 * Whether data is here.
	 * @param start stream position
	 * @param end stream position after the data
	 * @return true if all of it is
	 */
	boolean contains(long start, long end) {
		for (int i = this.runs.size() - 1; i >= 0; i--) {
			Run run = this.runs.get(i);
			if (run.start <= start) {
				return end <= run.end;
			}
		}
		return false;
	}

	/**
	 * Move what has no hole before it any more to the queue of data in order.
	 * @param queue the queue, its end is the next byte expected
	 */
	void drainTo(ByteQueue queue) {
		while (!this.runs.isEmpty() && this.runs.get(0).start <= queue.end()) {
			Run run = this.runs.remove(0);
			long position = run.start;
			for (ByteBuf part : run.parts) {
				int length = part.readableBytes();
				this.bytes -= length;
				this.parts--;
				int skip = (int) Math.min(length, queue.end() - position);
				position += length;
				if (skip == length) {
					part.release();
				}
				else if (length - skip >= ByteQueue.COPY_BELOW) {
					queue.append(part.skipBytes(skip));
				}
				else {
					queue.append(part, part.readerIndex() + skip, length - skip);
					part.release();
				}
			}
		}
	}

	/**
	 * Return the runs to report, the one that changed last first (RFC 2018 4).
	 * @param out takes start and end positions, in pairs
	 * @param offset pairs in it already
	 * @param max greatest number of runs
	 * @return how many were added
	 */
	int report(long[] out, int offset, int max) {
		int n = 0;
		long before = Long.MAX_VALUE;
		while (n < max) {
			Run best = null;
			for (Run run : this.runs) {
				if (run.age < before && (best == null || run.age > best.age)) {
					best = run;
				}
			}
			if (best == null) {
				break;
			}
			before = best.age;
			out[2 * (offset + n)] = best.start;
			out[2 * (offset + n) + 1] = best.end;
			n++;
		}
		return n;
	}

	void clear() {
		for (Run run : this.runs) {
			run.parts.forEach(ByteBuf::release);
		}
		this.runs.clear();
		this.bytes = 0;
		this.parts = 0;
	}

	private static final class Run {

		final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(4);

		final long start;

		long end;

		long age;

		Run(long start) {
			this.start = start;
			this.end = start;
		}

		void append(ByteBuf part) {
			this.parts.add(part);
			this.end += part.readableBytes();
		}

		void join(Run next) {
			this.parts.addAll(next.parts);
			this.end = next.end;
		}

	}

}
