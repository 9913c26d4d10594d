package io.zt4j.jna;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.EthernetLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a stack on the wire of a {@link TapDevice}: the kernel's network code is the
 * stack's only neighbour. Frames are read on a thread of its own that sleeps in
 * {@code poll(2)}, and handed to the event loop in batches; when the loop falls behind,
 * reading pauses and the kernel's queue fills up.
 */
public final class TapLink implements EthernetLink, Closeable {

	private static final Logger logger = LoggerFactory.getLogger(TapLink.class);

	private static final int BATCH = 64;

	/** Greatest number of frames handed to the loop and not yet taken. */
	private static final int MAXIMUM_IN_FLIGHT = 1024;

	private final Semaphore credit = new Semaphore(MAXIMUM_IN_FLIGHT);

	private final ArrayDeque<ByteBuf> pending = new ArrayDeque<>();

	private final TapDevice device;

	private final EthernetAddress address;

	private final int mtu;

	private volatile boolean closed;

	private volatile long dropped;

	/**
	 * Make the link.
	 * @param device the device, closed by {@link #close()}
	 * @param address hardware address of the stack's end, another than the kernel's
	 * @param mtu greatest IP packet, at least 1280; the device's MTU should be the same
	 */
	public TapLink(TapDevice device, EthernetAddress address, int mtu) {
		if (mtu < 1280 || mtu > 65_521) {
			throw new IllegalArgumentException("MTU must be 1280..65521, not " + mtu);
		}
		this.device = device;
		this.address = address;
		this.mtu = mtu;
	}

	/**
	 * Begin to read.
	 * @param loop where the receiver is called
	 * @param receiver takes the frames, in practice a stack
	 */
	public void start(EventLoop loop, Receiver receiver) {
		Thread reader = new Thread(() -> read(loop, receiver), "tap-" + this.device.name());
		reader.setDaemon(true);
		reader.start();
	}

	private void read(EventLoop loop, Receiver receiver) {
		List<ByteBuf> batch = new ArrayList<>();
		try {
			while (this.device.await()) {
				ByteBuf frame;
				do {
					frame = ByteBufAllocator.DEFAULT.buffer(this.mtu + 32);
					batch.add(frame);
				}
				while (this.device.read(frame) > 0 && batch.size() < BATCH);
				if (!frame.isReadable()) {
					batch.remove(batch.size() - 1).release();
				}
				if (!batch.isEmpty()) {
					this.credit.acquire(batch.size());
					List<ByteBuf> handed = batch;
					batch = new ArrayList<>();
					hand(loop, receiver, handed);
				}
			}
		}
		catch (IOException ex) {
			if (!this.closed) {
				logger.error("Device {} failed, nothing more is received", this.device.name(), ex);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			batch.forEach(ByteBuf::release);
		}
	}

	private void hand(EventLoop loop, Receiver receiver, List<ByteBuf> batch) {
		try {
			loop.execute(() -> {
				this.credit.release(batch.size());
				for (ByteBuf frame : batch) {
					receiver.receive(frame);
				}
				receiver.receiveComplete();
			});
		}
		catch (RejectedExecutionException ex) {
			this.credit.release(batch.size());
			batch.forEach(ByteBuf::release);
		}
	}

	@Override
	public EthernetAddress address() {
		return this.address;
	}

	@Override
	public int mtu() {
		return this.mtu;
	}

	@Override
	public int headroom() {
		return 0;
	}

	@Override
	public void transmit(ByteBuf frame) {
		this.pending.add(frame);
	}

	@Override
	public void flush() {
		for (ByteBuf frame = this.pending.poll(); frame != null; frame = this.pending.poll()) {
			try {
				if (!this.device.write(frame)) {
					this.dropped = this.dropped + 1;
				}
			}
			catch (IOException ex) {
				this.dropped = this.dropped + 1;
				logger.warn("Cannot send a frame", ex);
			}
			finally {
				frame.release();
			}
		}
	}

	/**
	 * Do nothing: the device passes all frames.
	 * @param group the multicast MAC address
	 */
	@Override
	public void join(EthernetAddress group) {
	}

	/**
	 * Do nothing: the device passes all frames.
	 * @param group the multicast MAC address
	 */
	@Override
	public void leave(EthernetAddress group) {
	}

	/**
	 * Return the frames the kernel did not take.
	 * @return since the beginning
	 */
	public long dropped() {
		return this.dropped;
	}

	/**
	 * Stop reading and close the device. Any thread may call.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.device.close();
	}

	/**
	 * Takes frames, as {@link io.zt4j.stack.NetworkStack} does.
	 */
	public interface Receiver {

		/**
		 * Take one frame.
		 * @param frame the frame, owned by the receiver
		 */
		void receive(ByteBuf frame);

		/**
		 * The batch is over.
		 */
		void receiveComplete();

	}

}
