package io.zt4j.stack.tcp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.zt4j.stack.ip.IpAddresses;
import io.zt4j.stack.ip.IpDatagram;
import io.zt4j.stack.ip.IpOutput;
import io.zt4j.stack.testing.VirtualTime;
import org.jspecify.annotations.Nullable;

/**
 * Two hosts that speak TCP over a wire with seeded faults, under virtual time.
 */
final class Wire {

	final VirtualTime time = new VirtualTime();

	/** Counts what is not released. */
	final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

	final Random random;

	final long seed;

	final Host left;

	final Host right;

	/** One-way delay. */
	long delayNanos;

	/** Probabilities, 0..1. */
	double loss;

	double duplication;

	double corruption;

	double reordering;

	/** How much later a reordered segment arrives. */
	long reorderingNanos = 2_000_000;

	/** Bits per second in each direction, 0 for no bound. */
	long bandwidth;

	/** Packets of full size that may wait for the bandwidth. */
	int queueLimit = 1000;

	int mtu = 2800;

	/** Packets above this size vanish. */
	int blackHoleAbove = Integer.MAX_VALUE;

	/** Drops what it says. */
	@Nullable Filter filter;

	/** Whether segments come from the pool, for measurements; not counted then. */
	boolean pooled;

	int inFlight;

	long carried;

	Wire(long seed) {
		this(seed, address("10.1.0.1"), address("10.1.0.2"));
	}

	Wire(long seed, InetAddress left, InetAddress right) {
		this.seed = seed;
		this.random = new Random(seed);
		this.left = new Host(left);
		this.right = new Host(right);
		this.left.peer = this.right;
		this.right.peer = this.left;
	}

	static InetAddress address(String text) {
		try {
			return InetAddress.getByName(text);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	/** Bytes in buffers that were not released. */
	long held() {
		return this.allocator.metric().usedHeapMemory() + this.allocator.metric().usedDirectMemory();
	}

	/** Decides about single packets. */
	interface Filter {

		boolean drop(Host from, ByteBuf segment);

	}

	/** One end. */
	final class Host implements IpOutput {

		final InetAddress address;

		final TcpProtocol tcp;

		final IpDatagram datagram = new IpDatagram();

		final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>();

		@Nullable Host peer;

		boolean deliveryScheduled;

		long busyUntil;

		int flushes;

		Host(InetAddress address) {
			this.address = address;
			this.tcp = new TcpProtocol(Wire.this.time.loop(), Wire.this.time.ticker(), Wire.this.random, this,
					Wire.this.allocator);
		}

		@Override
		public ByteBuf allocate(int transportBytes) {
			return (Wire.this.pooled ? ByteBufAllocator.DEFAULT : Wire.this.allocator).buffer(64 + transportBytes)
				.setIndex(64, 64);
		}

		@Override
		public void send(InetAddress source, InetAddress destination, int protocol, int trafficClass, int hopLimit,
				ByteBuf segment) {
			Wire wire = Wire.this;
			Host peer = this.peer;
			if (wire.pooled && peer != null) {
				wire.inFlight++;
				peer.arrive(segment);
				return;
			}
			if (peer == null || !destination.equals(peer.address) || wire.random.nextDouble() < wire.loss
					|| segment.readableBytes() + 20 > wire.blackHoleAbove
					|| wire.filter != null && wire.filter.drop(this, segment)) {
				segment.release();
				return;
			}
			long delay = wire.delayNanos;
			if (wire.bandwidth > 0) {
				long now = wire.time.nanos();
				long each = (segment.readableBytes() + 20) * 8_000_000_000L / wire.bandwidth;
				long longest = wire.queueLimit * wire.mtu * 8_000_000_000L / wire.bandwidth;
				if (this.busyUntil - now > longest) {
					segment.release();
					return;
				}
				this.busyUntil = Math.max(now, this.busyUntil) + each;
				delay += this.busyUntil - now;
			}
			if (wire.random.nextDouble() < wire.reordering) {
				delay += wire.reorderingNanos;
			}
			if (wire.random.nextDouble() < wire.duplication) {
				deliver(peer,
						Wire.this.allocator.buffer()
							.writeBytes(segment, segment.readerIndex(), segment.readableBytes()),
						delay + wire.random.nextInt(1_000_000));
			}
			if (wire.random.nextDouble() < wire.corruption) {
				int bit = wire.random.nextInt(segment.readableBytes() * 8);
				int index = segment.readerIndex() + bit / 8;
				segment.setByte(index, segment.getByte(index) ^ 1 << bit % 8);
			}
			deliver(peer, segment, delay);
		}

		private void deliver(Host to, ByteBuf segment, long delay) {
			Wire wire = Wire.this;
			wire.inFlight++;
			wire.carried++;
			if (delay == 0) {
				to.arrive(segment);
			}
			else {
				wire.time.loop().schedule(() -> to.arrive(segment), delay, TimeUnit.NANOSECONDS);
			}
		}

		private void arrive(ByteBuf segment) {
			this.arrived.add(segment);
			if (!this.deliveryScheduled) {
				this.deliveryScheduled = true;
				Wire.this.time.loop().execute(this::receiveBatch);
			}
		}

		private void receiveBatch() {
			this.deliveryScheduled = false;
			for (ByteBuf segment = this.arrived.poll(); segment != null; segment = this.arrived.poll()) {
				Wire.this.inFlight--;
				receive(segment);
			}
			this.tcp.batchComplete();
		}

		void receive(ByteBuf segment) {
			InetAddress from = (this.peer != null) ? this.peer.address : this.address;
			this.datagram.set(IpAddresses.version(from), IpAddresses.high(from), IpAddresses.low(from),
					IpAddresses.high(this.address), IpAddresses.low(this.address), true, 6, 0, 64, -1, segment);
			this.tcp.receive(this.datagram);
			this.datagram.clear();
			segment.release();
		}

		@Override
		public @Nullable InetAddress sourceFor(InetAddress destination) {
			return (this.peer != null && destination.equals(this.peer.address)) ? this.address : null;
		}

		@Override
		public boolean isLocal(InetAddress address) {
			return address.equals(this.address);
		}

		@Override
		public int maximumPacket(InetAddress destination) {
			return Wire.this.mtu;
		}

		@Override
		public void confirmReachable(InetAddress destination) {
		}

		@Override
		public void flush() {
			this.flushes++;
		}

	}

}
