package io.zt4j.node.network;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.Verb;
import org.jspecify.annotations.Nullable;

/**
 * Distributes the multicast frames of one network to the members that subscribed, those
 * known now and those that become known within 5 s (VL2 11.3).
 */
final class Multicaster {

	static final long GATHER_INTERVAL = 60_000;

	static final long PENDING_LIFETIME = 5_000;

	/** Nobody answered a gather: asked again, as long as a frame waits. */
	static final long REPEATED_GATHER = 1_000;

	static final int MAX_PENDING_PER_GROUP = 32;

	static final int MAX_PENDING_BYTES = 1 << 22;

	private static final int MAX_GATHER_TARGETS = 16;

	private static final int HAS_GATHER_LIMIT = 0x02;

	private static final int HAS_SOURCE = 0x04;

	private static final int REPLICATE = 0x08;

	private static final int ETHERNET_HEADER = 14;

	private static final int ETHERTYPE_ARP = 0x0806;

	private static final int ARP_LENGTH = 28;

	private final NodeContext context;

	private final VirtualNetwork network;

	private final long id;

	private final Map<MulticastGroup, Pending> pending = new HashMap<>();

	private int pendingBytes;

	Multicaster(NodeContext context, VirtualNetwork network) {
		this.context = context;
		this.network = network;
		this.id = network.id().value();
	}

	/**
	 * Send a multicast frame from the port (VL2 11.3).
	 * @param frame the frame; stays with the caller
	 * @param source its source MAC address
	 * @param destination its destination MAC address, a multicast one
	 * @param config the configuration in force
	 */
	void transmit(ByteBuf frame, long source, long destination, NetworkConfig config) {
		int payload = frame.readerIndex() + ETHERNET_HEADER;
		int length = frame.readableBytes() - ETHERNET_HEADER;
		int etherType = frame.getUnsignedShort(payload - 2);
		int adi = 0;
		if (destination == MacAddress.BROADCAST.value()) {
			if (isArpRequest(frame, payload, length, etherType)) {
				adi = frame.getInt(payload + 24);
			}
			else if (!config.hasFlag(NetworkConfig.BROADCAST)) {
				this.context.drop(DropReason.MULTICAST_DISABLED);
				return;
			}
		}
		if (config.hasFlag(NetworkConfig.NDP_EMULATION)) {
			ByteBuf answer = NdpEmulation.answer(frame, this.network.id(), this.context.self, config.staticAddresses());
			if (answer != null) {
				this.network.deliverLater(answer);
				return;
			}
		}
		if (config.multicastLimit() == 0) {
			this.context.drop(DropReason.MULTICAST_DISABLED);
			return;
		}
		MulticastGroup group = new MulticastGroup(new MacAddress(destination), adi);
		boolean foreign = source != this.network.macValue();
		if (foreign) {
			this.network.ownGroups().foundBehind(group);
		}
		if (!this.network.filter().outbound(null, source, destination, etherType, frame, payload, length, true)) {
			return;
		}
		if (!this.network.isActiveBridge() && !this.network.isReplicator()) {
			Address replicator = replicator(config);
			if (replicator != null) {
				ByteBuf packet = packet(HAS_SOURCE | REPLICATE, 0, source, group, etherType, frame, payload, length);
				this.context.sender.send(replicator, Verb.MULTICAST_FRAME, packet,
						!config.hasFlag(NetworkConfig.NO_COMPRESSION));
				return;
			}
		}
		distribute(group, foreign ? source : 0, source, etherType, frame, payload, length, null, config);
	}

	private static boolean isArpRequest(ByteBuf frame, int payload, int length, int etherType) {
		return etherType == ETHERTYPE_ARP && length >= ARP_LENGTH && frame.getUnsignedShort(payload + 2) == 0x0800
				&& frame.getUnsignedByte(payload + 4) == 6 && frame.getUnsignedByte(payload + 5) == 4
				&& frame.getUnsignedByte(payload + 7) == 1;
	}

	private @Nullable Address replicator(NetworkConfig config) {
		Address best = null;
		int bestLatency = Integer.MAX_VALUE;
		for (Specialist specialist : config.specialists()) {
			if (specialist.isMulticastReplicator() && !specialist.address().equals(this.context.self)) {
				int latency = this.context.sender.latency(specialist.address());
				if (latency >= 0 && latency < bestLatency) {
					bestLatency = latency;
					best = specialist.address();
				}
			}
		}
		return best;
	}

	/**
	 * Send copies to the members of a group, now and as they become known (VL2 11.3, 6
	 * and 7).
	 * @param group the group
	 * @param explicitSource the source MAC address to put into the copies, or 0
	 * @param source the source MAC address for the rules
	 * @param etherType the frame's type
	 * @param frame holds the payload; stays with the caller
	 * @param payload where the payload begins
	 * @param length its length
	 * @param origin who gets no copy: the sender when replicating, else null
	 * @param config the configuration in force
	 */
	void distribute(MulticastGroup group, long explicitSource, long source, int etherType, ByteBuf frame, int payload,
			int length, @Nullable Address origin, NetworkConfig config) {
		long now = this.context.sender.now();
		long mac = group.mac().value();
		int limit = config.multicastLimit();
		int known = this.context.groups.count(this.id, mac, group.adi());
		boolean enough = known >= limit;
		Frame copy = new Frame(group, explicitSource, source, etherType, frame.retainedSlice(payload, length),
				now + PENDING_LIFETIME, enough ? 1 : limit - known + 1, limit);
		try {
			copy.sentTo.add(this.context.self);
			if (origin != null) {
				copy.sentTo.add(origin);
			}
			if (!enough) {
				gatherIfDue(group, copy.gatherLimit, known == 0, now);
			}
			for (Specialist specialist : config.specialists()) {
				if (specialist.isActiveBridge()) {
					send(copy, specialist.address(), config, now);
				}
			}
			// Some of those picked may be bridges that have their copy.
			int wanted = enough ? limit + copy.sentTo.size() : limit;
			for (long member : this.context.groups.pick(this.id, mac, group.adi(), wanted, this.context.random)) {
				send(copy, new Address(member), config, now);
			}
			if (!enough) {
				enqueue(copy);
			}
		}
		finally {
			copy.payload.release();
		}
	}

	private void send(Frame frame, Address recipient, NetworkConfig config, long now) {
		if (frame.copies >= frame.limit || !frame.sentTo.add(recipient)) {
			return;
		}
		Member member = this.network.membership().recipient(recipient.value(), now);
		int payload = frame.payload.readerIndex();
		int length = frame.payload.readableBytes();
		if (!this.network.filter()
			.outbound(member, frame.source, frame.group.mac().value(), frame.etherType, frame.payload, payload, length,
					false)) {
			return;
		}
		frame.copies++;
		this.network.membership().pushIfNeeded(member, now);
		int flags = HAS_GATHER_LIMIT | ((frame.explicitSource != 0) ? HAS_SOURCE : 0);
		ByteBuf packet = packet(flags, frame.gatherLimit, frame.explicitSource, frame.group, frame.etherType,
				frame.payload, payload, length);
		this.context.sender.send(recipient, Verb.MULTICAST_FRAME, packet,
				!config.hasFlag(NetworkConfig.NO_COMPRESSION));
	}

	/* the layout of 11.4 */
	private ByteBuf packet(int flags, int gatherLimit, long source, MulticastGroup group, int etherType, ByteBuf frame,
			int payload, int length) {
		ByteBuf packet = this.context.sender.newPacket(31 + length);
		packet.writeLong(this.id).writeByte(flags);
		if ((flags & HAS_GATHER_LIMIT) != 0) {
			packet.writeInt(gatherLimit);
		}
		if ((flags & HAS_SOURCE) != 0) {
			packet.writeShort((int) (source >>> 32)).writeInt((int) source);
		}
		group.write(packet);
		return packet.writeShort(etherType).writeBytes(frame, payload, length);
	}

	private void gatherIfDue(MulticastGroup group, int limit, boolean nobodyKnown, long now) {
		Pending pending = this.pending.computeIfAbsent(group, (g) -> new Pending());
		if (!nobodyKnown && now - pending.lastGather < GATHER_INTERVAL) {
			return;
		}
		pending.lastGather = now;
		gather(group, limit);
		if (!pending.repeating) {
			pending.repeating = true;
			repeatLater(group, pending, limit);
		}
	}

	/* the question or the answer may be lost, or a member be announced just now */
	private void repeatLater(MulticastGroup group, Pending pending, int limit) {
		this.context.loop.schedule(() -> {
			boolean waits = this.pending.get(group) == pending && !pending.frames.isEmpty()
					&& this.context.sender.now() < pending.frames.peekLast().expires;
			if (waits && this.context.groups.count(this.id, group.mac().value(), group.adi()) == 0) {
				gather(group, limit);
				this.context.sender.flush();
				repeatLater(group, pending, limit);
			}
			else {
				pending.repeating = false;
			}
		}, REPEATED_GATHER, TimeUnit.MILLISECONDS);
	}

	private void gather(MulticastGroup group, int limit) {
		Set<Address> targets = new LinkedHashSet<>();
		Address upstream = this.context.sender.bestUpstream();
		if (upstream != null) {
			targets.add(upstream);
		}
		if (!this.network.id().isAdHoc()) {
			targets.add(this.network.id().controller());
		}
		NetworkConfig config = this.network.config();
		if (config != null) {
			for (Specialist specialist : config.specialists()) {
				if (specialist.isAnchor() || specialist.isMulticastReplicator()) {
					targets.add(specialist.address());
				}
			}
		}
		targets.remove(this.context.self);
		targets.stream().limit(MAX_GATHER_TARGETS).forEach((target) -> sendGather(target, group, limit, config));
	}

	private void sendGather(Address target, MulticastGroup group, int limit, @Nullable NetworkConfig config) {
		ByteBuf packet = this.context.sender.newPacket(512);
		boolean certified = config != null && config.membership() != null;
		packet.writeLong(this.id).writeByte(certified ? 1 : 0);
		group.write(packet);
		packet.writeInt(limit);
		if (certified) {
			config.membership().write(packet);
		}
		this.context.sender.send(target, Verb.MULTICAST_GATHER, packet, false);
	}

	// Frames that wait for members

	private void enqueue(Frame frame) {
		int length = frame.payload.readableBytes();
		if (frame.copies >= frame.limit) {
			return;
		}
		if (this.pendingBytes + length > MAX_PENDING_BYTES) {
			this.context.drop(DropReason.MULTICAST_UNDELIVERED);
			return;
		}
		Pending pending = this.pending.computeIfAbsent(frame.group, (g) -> new Pending());
		if (pending.frames.size() >= MAX_PENDING_PER_GROUP) {
			discard(pending.frames.removeFirst());
		}
		// A copy of its own: the frame's buffer goes back to its pool meanwhile.
		Frame kept = frame.withPayload(frame.payload.copy());
		this.pendingBytes += length;
		pending.frames.addLast(kept);
	}

	/**
	 * A member of a group became known: frames that wait for the group go to it.
	 * @param group the group
	 * @param member the member
	 * @param now epoch milliseconds
	 */
	void memberKnown(MulticastGroup group, Address member, long now) {
		Pending pending = this.pending.get(group);
		NetworkConfig config = this.network.config();
		if (pending == null || config == null) {
			return;
		}
		Iterator<Frame> frames = pending.frames.iterator();
		while (frames.hasNext()) {
			Frame frame = frames.next();
			if (now < frame.expires) {
				send(frame, member, config, now);
			}
			if (now >= frame.expires || frame.copies >= frame.limit) {
				frames.remove();
				discard(frame);
			}
		}
	}

	/**
	 * Forget frames that waited too long; called every few seconds.
	 * @param now epoch milliseconds
	 */
	void sweep(long now) {
		Iterator<Pending> all = this.pending.values().iterator();
		while (all.hasNext()) {
			Pending pending = all.next();
			while (!pending.frames.isEmpty() && now >= pending.frames.peekFirst().expires) {
				discard(pending.frames.removeFirst());
			}
			if (pending.frames.isEmpty() && now - pending.lastGather >= GATHER_INTERVAL) {
				all.remove();
			}
		}
	}

	private void discard(Frame frame) {
		this.pendingBytes -= frame.payload.readableBytes();
		frame.payload.release();
		if (frame.copies == 0) {
			this.context.drop(DropReason.MULTICAST_UNDELIVERED);
		}
	}

	/** Release what waits: the network is left or the node stops. */
	void close() {
		this.pending.values().forEach((pending) -> pending.frames.forEach((frame) -> frame.payload.release()));
		this.pending.clear();
		this.pendingBytes = 0;
	}

	private static final class Pending {

		private final ArrayDeque<Frame> frames = new ArrayDeque<>(2);

		private long lastGather = Long.MIN_VALUE / 2;

		private boolean repeating;

	}

	private static final class Frame {

		private final MulticastGroup group;

		private final long explicitSource;

		private final long source;

		private final int etherType;

		private final ByteBuf payload;

		private final long expires;

		private final int gatherLimit;

		private final int limit;

		private final Set<Address> sentTo;

		private int copies;

		private Frame(MulticastGroup group, long explicitSource, long source, int etherType, ByteBuf payload,
				long expires, int gatherLimit, int limit) {
			this(group, explicitSource, source, etherType, payload, expires, gatherLimit, limit, new HashSet<>(), 0);
		}

		private Frame(MulticastGroup group, long explicitSource, long source, int etherType, ByteBuf payload,
				long expires, int gatherLimit, int limit, Set<Address> sentTo, int copies) {
			this.group = group;
			this.explicitSource = explicitSource;
			this.source = source;
			this.etherType = etherType;
			this.payload = payload;
			this.expires = expires;
			this.gatherLimit = gatherLimit;
			this.limit = limit;
			this.sentTo = sentTo;
			this.copies = copies;
		}

		private Frame withPayload(ByteBuf copy) {
			return new Frame(this.group, this.explicitSource, this.source, this.etherType, copy, this.expires,
					this.gatherLimit, this.limit, this.sentTo, this.copies);
		}

	}

}
