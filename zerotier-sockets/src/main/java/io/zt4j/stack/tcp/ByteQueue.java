package io.zt4j.stack.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a stream, as a ring of reference-counted parts addressed by stream position.
 * Large parts are kept as they are, without copying; small ones are copied together, so
 * that many small parts neither cost an entry each nor pin large buffers. Not for more
 * than one thread.
 */
final class ByteQueue {

	/** Shorter parts are copied. */
	static final int COPY_BELOW = 1024;

	private static final int SMALL_CHUNK = 512;

	private static final int LARGE_CHUNK = 16 * 1024;

	/** A part may pin at most this many times its length. */
	private static final int MAX_PINNED_FACTOR = 8;

	private final ByteBufAllocator allocator;

	private @Nullable ByteBuf[] parts = new ByteBuf[8];

	/** Stream position of the first byte of each part. */
	private long[] starts = new long[8];

	/** Index in the part's buffer less the stream position. */
	private long[] offsets = new long[8];

	private int head;

	private int count;

	private long start;

	private long end;

	/** Whether the last part is a chunk of ours with room at its end. */
	private boolean open;

	/** Where the last lookup hit, counted from the head. */
	private int hint;

	/**
	 * Create an empty queue.
	 * @param allocator makes the chunks that small parts are copied to
	 * @param position where the stream begins
	 */
	ByteQueue(ByteBufAllocator allocator, long position) {
		this.allocator = allocator;
		this.start = position;
		this.end = position;
	}

	/**
	 * Return the position of the first byte.
	 * @return the stream position
	 */
	long start() {
		return this.start;
	}

	/**
	 * Return the position after the last byte.
	 * @return the stream position
	 */
	long end() {
		return this.end;
	}

	int length() {
		return (int) (this.end - this.start);
	}

	/**
	 * Append bytes, keeping a reference or a copy.
	 * @param in the buffer, which the caller still owns; its indexes do not move
	 * @param index where the bytes begin
	 * @param length how many, at least 1
	 */
	void append(ByteBuf in, int index, int length) {
		if (length >= COPY_BELOW && capacityPinnedBy(in) / MAX_PINNED_FACTOR <= length) {
			add(in.retainedSlice(index, length), 0, length);
			this.open = false;
		}
		else {
			copy(in, index, length);
		}
	}

	/**
	 * Append bytes without copying.
	 * @param part the bytes, ownership passes to the queue
	 */
	void append(ByteBuf part) {
		add(part, part.readerIndex(), part.readableBytes());
		this.open = false;
	}

	private void copy(ByteBuf in, int index, int length) {
		if (this.open) {
			ByteBuf tail = last();
			int room = Math.min(tail.maxWritableBytes(), length);
			tail.writeBytes(in, index, room);
			this.end += room;
			if (room == length) {
				return;
			}
			index += room;
			length -= room;
		}
		// a lone small write gets a small chunk, a run of them a large one
		int capacity = Math.max(length, this.open ? LARGE_CHUNK : SMALL_CHUNK);
		ByteBuf chunk = this.allocator.buffer(capacity, capacity);
		chunk.writeBytes(in, index, length);
		add(chunk, 0, length);
		this.open = true;
	}

	private static int capacityPinnedBy(ByteBuf buffer) {
		ByteBuf root = buffer;
		for (ByteBuf under = root.unwrap(); under != null; under = root.unwrap()) {
			root = under;
		}
		return root.capacity();
	}

	private ByteBuf last() {
		return part(this.count - 1);
	}

	private ByteBuf part(int ordinal) {
		ByteBuf part = this.parts[(this.head + ordinal) & (this.parts.length - 1)];
		assert part != null;
		return part;
	}

	private void add(ByteBuf part, int index, int length) {
		if (this.count == this.parts.length) {
			grow();
		}
		int slot = (this.head + this.count) & (this.parts.length - 1);
		this.parts[slot] = part;
		this.starts[slot] = this.end;
		this.offsets[slot] = index - this.end;
		this.count++;
		this.end += length;
	}

	private void grow() {
		int capacity = this.parts.length * 2;
		@Nullable ByteBuf[] newParts = new ByteBuf[capacity];
		long[] newStarts = new long[capacity];
		long[] newOffsets = new long[capacity];
		for (int i = 0; i < this.count; i++) {
			int slot = (this.head + i) & (this.parts.length - 1);
			newParts[i] = this.parts[slot];
			newStarts[i] = this.starts[slot];
			newOffsets[i] = this.offsets[slot];
		}
		this.parts = newParts;
		this.starts = newStarts;
		this.offsets = newOffsets;
		this.head = 0;
	}

	/**
	 * Copy bytes out.
	 * @param position where to begin, not before {@link #start()}
	 * @param length how many, not beyond {@link #end()}
	 * @param out where to write them
	 */
	void copyTo(long position, int length, ByteBuf out) {
		int ordinal = find(position);
		int left = length;
		while (left > 0) {
			int slot = (this.head + ordinal) & (this.parts.length - 1);
			int size = (int) Math.min(left, endOf(ordinal) - position);
			out.writeBytes(part(ordinal), (int) (this.offsets[slot] + position), size);
			position += size;
			left -= size;
			this.hint = ordinal++;
		}
	}

	private long endOf(int ordinal) {
		return (ordinal == this.count - 1) ? this.end
				: this.starts[(this.head + ordinal + 1) & (this.parts.length - 1)];
	}

	private int find(long position) {
		int mask = this.parts.length - 1;
		// sending goes on where it left off, or in the part after
		for (int ordinal = this.hint; ordinal < Math.min(this.count, this.hint + 2); ordinal++) {
			if (this.starts[(this.head + ordinal) & mask] <= position && position < endOf(ordinal)) {
				return ordinal;
			}
		}
		int low = 0;
		int high = this.count - 1;
		while (low < high) {
			int middle = (low + high + 1) >>> 1;
			if (this.starts[(this.head + middle) & mask] <= position) {
				low = middle;
			}
			else {
				high = middle - 1;
			}
		}
		return low;
	}

	/**
	 * Discard bytes from the beginning.
	 * @param position the new start, not beyond {@link #end()}
	 */
	void releaseTo(long position) {
		while (this.count > 0 && endOf(0) <= position) {
			removeFirst().release();
		}
		this.start = Math.max(this.start, position);
	}

	private ByteBuf removeFirst() {
		ByteBuf part = part(0);
		this.start = endOf(0);
		this.parts[this.head] = null;
		this.head = (this.head + 1) & (this.parts.length - 1);
		this.count--;
		this.hint = Math.max(0, this.hint - 1);
		if (this.count == 0) {
			this.open = false;
			this.hint = 0;
		}
		return part;
	}

	/**
	 * Take bytes from the beginning.
	 * @param limit greatest number wanted, at least 1
	 * @return the bytes, owned by the caller; null if there are none
	 */
	@Nullable ByteBuf take(int limit) {
		int length = Math.min(limit, length());
		if (length == 0) {
			return null;
		}
		ByteBuf first = takeFirst(length);
		if (first.readableBytes() == length) {
			return first;
		}
		int left = length - first.readableBytes();
		CompositeByteBuf all = this.allocator.compositeBuffer(Integer.MAX_VALUE);
		all.addFlattenedComponents(true, first);
		while (left > 0) {
			ByteBuf next = takeFirst(left);
			left -= next.readableBytes();
			all.addFlattenedComponents(true, next);
		}
		return all;
	}

	private ByteBuf takeFirst(int limit) {
		int index = (int) (this.offsets[this.head] + this.start);
		int length = (int) (endOf(0) - this.start);
		if (length > limit) {
			ByteBuf slice = part(0).retainedSlice(index, limit);
			this.start += limit;
			return slice;
		}
		ByteBuf part = removeFirst();
		return part.setIndex(index, index + length);
	}

	/**
	 * Release everything.
	 */
	void clear() {
		while (this.count > 0) {
			removeFirst().release();
		}
		this.start = this.end;
	}

}
