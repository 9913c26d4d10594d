package io.zt4j.stack.ip;

import java.util.ArrayDeque;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;

/**
 * Carries packets to ourselves, never within the call that sends them and at most
 * {@value #BATCH} in a row. Bounded; what is too much is lost, as on a wire.
 */
final class Loopback {

	static final int BATCH = 64;

	static final int MAXIMUM_BYTES = 8 << 20;

	private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();

	private final EventLoop loop;

	private final Drops drops;

	private final Consumer<ByteBuf> receiver;

	private final Runnable batchComplete;

	private final Runnable task = this::deliver;

	private int bytes;

	private boolean scheduled;

	Loopback(EventLoop loop, Drops drops, Consumer<ByteBuf> receiver, Runnable batchComplete) {
		this.loop = loop;
		this.drops = drops;
		this.receiver = receiver;
		this.batchComplete = batchComplete;
	}

	void send(ByteBuf packet) {
		if (this.bytes + packet.readableBytes() > MAXIMUM_BYTES) {
			this.drops.count(DropReason.LOOPBACK_QUEUE_FULL);
			packet.release();
			return;
		}
		this.bytes += packet.readableBytes();
		this.queue.add(packet);
		schedule();
	}

	void close() {
		this.queue.forEach(ByteBuf::release);
		this.queue.clear();
		this.bytes = 0;
	}

	private void schedule() {
		if (!this.scheduled) {
			this.scheduled = true;
			this.loop.execute(this.task);
		}
	}

	private void deliver() {
		this.scheduled = false;
		for (int i = 0; i < BATCH; i++) {
			ByteBuf packet = this.queue.poll();
			if (packet == null) {
				break;
			}
			this.bytes -= packet.readableBytes();
			this.receiver.accept(packet);
		}
		if (!this.queue.isEmpty()) {
			schedule();
		}
		this.batchComplete.run();
	}

}
