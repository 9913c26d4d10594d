package io.zt4j.stack.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.EthernetLink;
import io.zt4j.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * A switch in memory. Each host plugs into a {@link Port}; what a port sends may be lost,
 * delayed, reordered, duplicated and throttled, decided by the seed. Works under
 * {@link VirtualTime} and on real event loops; a port is confined to its stack's loop,
 * and hosts on different loops may share one switch.
 */
public final class VirtualEthernet {

	private final Ticker ticker;

	private final long seed;

	private final AtomicInteger count = new AtomicInteger();

	private final Map<Long, Port> ports = new ConcurrentHashMap<>();

	private final List<Consumer<ByteBuf>> taps = new CopyOnWriteArrayList<>();

	/**
	 * Make a switch.
	 * @param ticker the time the event loops of the hosts run by
	 * @param seed seed of all chances
	 */
	public VirtualEthernet(Ticker ticker, long seed) {
		this.ticker = ticker;
		this.seed = seed;
	}

	/**
	 * Make a port with an address of its own.
	 * @param mtu greatest IP packet
	 * @return the port, ideal until told otherwise
	 */
	public Port port(int mtu) {
		int number = this.count.incrementAndGet();
		Port port = new Port(new EthernetAddress(0x3200_0000_0000L | number), mtu,
				new SplittableRandom(this.seed + number));
		this.ports.put(port.address().value(), port);
		return port;
	}

	/**
	 * Watch every frame that enters the switch, also those lost later.
	 * @param tap sees the frame during the call, on the sender's loop
	 */
	public void tap(Consumer<ByteBuf> tap) {
		this.taps.add(tap);
	}

	/**
	 * What happens to the frames a port sends.
	 *
	 * @param loss probability of loss, 0..1
	 * @param duplication probability of being delivered twice, 0..1
	 * @param delayNanos least time a frame takes
	 * @param jitterNanos greatest additional time, evenly distributed; frames overtake
	 * each other
	 * @param bytesPerSecond throttle, 0 for none
	 * @param queueBytes what waits for the throttle at most; more is lost
	 */
	public record Conditions(double loss, double duplication, long delayNanos, long jitterNanos, long bytesPerSecond,
			long queueBytes) {

		/** Nothing is lost and frames arrive without time passing. */
		public static final Conditions IDEAL = new Conditions(0, 0, 0, 0, 0, Long.MAX_VALUE);

		/**
		 * Lose and delay frames in order.
		 * @param loss probability of loss
		 * @param delayMillis time a frame takes
		 * @return the conditions
		 */
		public static Conditions of(double loss, long delayMillis) {
			return new Conditions(loss, 0, TimeUnit.MILLISECONDS.toNanos(delayMillis), 0, 0, Long.MAX_VALUE);
		}

		/**
		 * Return a copy with jitter, which reorders.
		 * @param millis greatest additional delay
		 * @return the copy
		 */
		public Conditions withJitter(long millis) {
			return new Conditions(this.loss, this.duplication, this.delayNanos, TimeUnit.MILLISECONDS.toNanos(millis),
					this.bytesPerSecond, this.queueBytes);
		}

		/**
		 * Return a copy that duplicates.
		 * @param probability 0..1
		 * @return the copy
		 */
		public Conditions withDuplication(double probability) {
			return new Conditions(this.loss, probability, this.delayNanos, this.jitterNanos, this.bytesPerSecond,
					this.queueBytes);
		}

		/**
		 * Return a copy with a throttle.
		 * @param rate bytes per second
		 * @param queue bytes that wait at most
		 * @return the copy
		 */
		public Conditions withRate(long rate, long queue) {
			return new Conditions(this.loss, this.duplication, this.delayNanos, this.jitterNanos, rate, queue);
		}

	}

	/**
	 * One host's end.
	 */
	public final class Port implements EthernetLink {

		private final EthernetAddress address;

		private final SplittableRandom random;

		private final Set<Long> groups = ConcurrentHashMap.newKeySet();

		private List<ByteBuf> pending = new ArrayList<>();

		private volatile int mtu;

		private volatile Conditions conditions = Conditions.IDEAL;

		private volatile Predicate<ByteBuf> filter = (frame) -> true;

		private volatile boolean plugged = true;

		private volatile @Nullable NetworkStack stack;

		private long busyUntil;

		private volatile long lost;

		Port(EthernetAddress address, int mtu, SplittableRandom random) {
			this.address = address;
			this.mtu = mtu;
			this.random = random;
		}

		/**
		 * Set who receives.
		 * @param stack the stack made with this port
		 * @param <S> the stack's type
		 * @return the stack
		 */
		public <S extends NetworkStack> S attach(S stack) {
			this.stack = stack;
			return stack;
		}

		/**
		 * Set what happens to frames sent from here.
		 * @param conditions the conditions
		 */
		public void conditions(Conditions conditions) {
			this.conditions = conditions;
		}

		/**
		 * Let through only some of the frames sent from here.
		 * @param filter decides; sees the frame during the call
		 */
		public void filter(Predicate<ByteBuf> filter) {
			this.filter = filter;
		}

		/**
		 * Pull or plug the cable.
		 * @param plugged false to lose everything in both directions
		 */
		public void plugged(boolean plugged) {
			this.plugged = plugged;
		}

		/**
		 * Change the MTU and tell the stack; on its loop.
		 * @param mtu bytes
		 */
		public void mtu(int mtu) {
			this.mtu = mtu;
			NetworkStack receiver = this.stack;
			if (receiver != null) {
				receiver.mtuChanged();
			}
		}

		/**
		 * Return the frames lost on the way out.
		 * @return how many
		 */
		public long lost() {
			return this.lost;
		}

		/**
		 * Put a frame into this port's host, as if it came off the wire.
		 * @param frame the frame, owned by the stack from now on
		 */
		public void inject(ByteBuf frame) {
			deliver(List.of(frame), 0);
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
			return 64;
		}

		@Override
		public void transmit(ByteBuf frame) {
			try {
				if (frame.readableBytes() > this.mtu + 14) {
					throw new AssertionError("frame of " + frame.readableBytes() + " bytes exceeds MTU " + this.mtu);
				}
				if (frame.readerIndex() < headroom()) {
					throw new AssertionError("only " + frame.readerIndex() + " bytes of head-room");
				}
				// what the sender does with its memory afterwards must not matter
				this.pending.add(copy(frame));
			}
			finally {
				frame.release();
			}
		}

		@Override
		public void flush() {
			List<ByteBuf> batch = this.pending;
			if (batch.isEmpty()) {
				return;
			}
			this.pending = new ArrayList<>();
			Map<Port, List<ByteBuf>> together = new LinkedHashMap<>();
			Conditions now = this.conditions;
			boolean apart = now.jitterNanos() > 0 || now.bytesPerSecond() > 0;
			for (ByteBuf frame : batch) {
				VirtualEthernet.this.taps.forEach((tap) -> tap.accept(frame));
				if (!this.plugged || !this.filter.test(frame) || this.random.nextDouble() < now.loss()) {
					lose(frame);
					continue;
				}
				long delay = now.delayNanos() + queueing(frame, now);
				if (delay < 0) {
					lose(frame);
					continue;
				}
				int copies = (this.random.nextDouble() < now.duplication()) ? 2 : 1;
				for (int i = 0; i < copies; i++) {
					long jitter = (now.jitterNanos() > 0) ? this.random.nextLong(now.jitterNanos()) : 0;
					for (Port target : targets(frame)) {
						ByteBuf copy = copy(frame);
						if (apart) {
							target.deliver(List.of(copy), delay + jitter);
						}
						else {
							together.computeIfAbsent(target, (key) -> new ArrayList<>()).add(copy);
						}
					}
				}
				frame.release();
			}
			together.forEach((target, frames) -> target.deliver(frames, now.delayNanos()));
		}

		@Override
		public void join(EthernetAddress group) {
			this.groups.add(group.value());
		}

		@Override
		public void leave(EthernetAddress group) {
			this.groups.remove(group.value());
		}

		/**
		 * Return the multicast groups joined.
		 * @return a living view
		 */
		public Set<Long> groups() {
			return this.groups;
		}

		private void lose(ByteBuf frame) {
			frame.release();
			this.lost = this.lost + 1;
		}

		private long queueing(ByteBuf frame, Conditions now) {
			if (now.bytesPerSecond() == 0) {
				return 0;
			}
			long time = VirtualEthernet.this.ticker.nanoTime();
			long wait = Math.max(0, this.busyUntil - time);
			double waiting = wait * (double) now.bytesPerSecond() / 1e9;
			if (waiting + frame.readableBytes() > now.queueBytes()) {
				return Long.MIN_VALUE;
			}
			wait += frame.readableBytes() * 1_000_000_000L / now.bytesPerSecond();
			this.busyUntil = time + wait;
			return wait;
		}

		private List<Port> targets(ByteBuf frame) {
			EthernetAddress destination = EthernetAddress.get(frame, frame.readerIndex());
			if (!destination.isMulticast()) {
				Port target = VirtualEthernet.this.ports.get(destination.value());
				return (target == null || target == this) ? List.of() : List.of(target);
			}
			boolean broadcast = destination.equals(EthernetAddress.BROADCAST);
			return VirtualEthernet.this.ports.values()
				.stream()
				.filter((port) -> port != this && (broadcast || port.groups.contains(destination.value())))
				.sorted((a, b) -> Long.compare(a.address.value(), b.address.value()))
				.toList();
		}

		private void deliver(List<ByteBuf> frames, long delay) {
			NetworkStack receiver = this.stack;
			if (receiver == null) {
				frames.forEach(ByteBuf::release);
				return;
			}
			Runnable delivery = () -> {
				for (ByteBuf frame : frames) {
					if (this.plugged) {
						receiver.receive(frame);
					}
					else {
						frame.release();
					}
				}
				receiver.receiveComplete();
			};
			if (delay <= 0) {
				receiver.eventLoop().execute(delivery);
			}
			else {
				receiver.eventLoop().schedule(delivery, delay, TimeUnit.NANOSECONDS);
			}
		}

		private static ByteBuf copy(ByteBuf frame) {
			int length = frame.readableBytes();
			return ByteBufAllocator.DEFAULT.buffer(length).writeBytes(frame, frame.readerIndex(), length);
		}

	}

}
