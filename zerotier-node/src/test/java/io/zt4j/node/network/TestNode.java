package io.zt4j.node.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.InboundPacket;
import io.zt4j.node.peer.PacketSender;
import io.zt4j.node.peer.VerbHandler;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.store.MemoryStateStore;
import io.zt4j.node.store.StateStore;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * VL2 of one node on a VL1 that records what is sent, in virtual time. Every buffer comes
 * from one allocator, so that a test can tell whether all were released.
 */
final class TestNode implements PacketSender {

	final Identity identity;

	final MockTicker ticker = Ticker.newMockTicker();

	final ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(),
			this.ticker);

	final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

	final Map<Address, Identity> known = new HashMap<>();

	final Map<Address, Integer> latencies = new HashMap<>();

	final Set<Address> upstreams = new LinkedHashSet<>();

	final List<NodeEvent> events = new ArrayList<>();

	final Deque<Sent> sent = new ArrayDeque<>();

	final List<Address> whois = new ArrayList<>();

	final Networks networks;

	final Map<Verb, VerbHandler> handlers;

	boolean upstream;

	boolean retryWanted;

	int flushes;

	private long nextPacketId = 0x1000;

	private long epoch;

	TestNode(Identity identity, long now) {
		this(identity, now, new MemoryStateStore());
	}

	TestNode(Identity identity, long now, StateStore store) {
		this.identity = identity;
		this.epoch = now;
		this.networks = new Networks(this, this.loop, store, new Random(1), this.events::add);
		this.handlers = this.networks.handlers();
	}

	void learn(Identity... identities) {
		for (Identity each : identities) {
			this.known.put(each.address(), each.withoutSecret());
		}
	}

	/** Let time pass; due tasks run on the way. */
	void advance(long millis) {
		for (long step = 0; step < millis; step += 100) {
			this.ticker.advance(Math.min(100, millis - step), TimeUnit.MILLISECONDS);
			this.loop.runNow();
		}
		this.loop.runNow();
	}

	Verdict receive(Identity from, Verb verb, byte[] payload) {
		return receive(from, verb, payload, this.nextPacketId++, false);
	}

	Verdict receive(Identity from, Verb verb, byte[] payload, long packetId, boolean retry) {
		ByteBuf buffer = this.allocator.heapBuffer(28 + payload.length).writeZero(28).writeBytes(payload);
		buffer.skipBytes(28);
		try {
			Verdict verdict = this.handlers.get(verb).handle(new Packet(verb, from, packetId, retry, buffer));
			if (verdict == Verdict.DEFERRED) {
				// It must be possible to offer the very same bytes again.
				assertThat(ByteBufUtil.getBytes(buffer)).isEqualTo(payload);
			}
			this.networks.receiveComplete();
			this.loop.runNow();
			return verdict;
		}
		finally {
			buffer.release();
		}
	}

	List<Sent> takeSent() {
		List<Sent> all = List.copyOf(this.sent);
		this.sent.clear();
		return all;
	}

	List<Sent> takeSent(Verb verb) {
		return takeSent().stream().filter((s) -> s.verb == verb).toList();
	}

	ByteBuf frame(MacAddress destination, MacAddress source, int etherType, byte[] payload) {
		ByteBuf frame = this.allocator.heapBuffer(VirtualNetwork.HEADROOM + 14 + payload.length);
		frame.writeZero(VirtualNetwork.HEADROOM).readerIndex(VirtualNetwork.HEADROOM);
		destination.write(frame);
		source.write(frame);
		return frame.writeShort(etherType).writeBytes(payload);
	}

	/** Bytes of buffers not released. */
	long leaked() {
		return this.allocator.metric().usedHeapMemory() + this.allocator.metric().usedDirectMemory();
	}

	@Override
	public Identity identity() {
		return this.identity;
	}

	@Override
	public long now() {
		return this.epoch + TimeUnit.NANOSECONDS.toMillis(this.ticker.nanoTime() - this.ticker.initialNanoTime());
	}

	@Override
	public @Nullable Identity identityOf(Address address) {
		return this.known.get(address);
	}

	@Override
	public void whois(Address address) {
		this.whois.add(address);
	}

	@Override
	public ByteBuf newPacket(int payloadCapacity) {
		return this.allocator.heapBuffer(28 + payloadCapacity).writeZero(28);
	}

	@Override
	public void send(Address destination, Verb verb, ByteBuf packet, boolean compress) {
		byte[] payload = ByteBufUtil.getBytes(packet, packet.readerIndex() + 28, packet.readableBytes() - 28);
		// As the real VL1 does, write the header in place: whoever kept the buffer would
		// see it.
		packet.setBytes(packet.readerIndex(), new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });
		assertThat(packet.refCnt()).isEqualTo(1);
		packet.release();
		if (!destination.equals(this.identity.address())) {
			this.sent.add(new Sent(destination, verb, this.nextPacketId++, payload, compress));
		}
	}

	@Override
	public void replyOk(InboundPacket request, Verb inReVerb, Consumer<ByteBuf> payload) {
		reply(request, Verb.OK, inReVerb.code(), payload);
	}

	@Override
	public void replyError(InboundPacket request, ErrorCode code, Consumer<ByteBuf> payload) {
		reply(request, Verb.ERROR, request.verb().code(), (out) -> payload.accept(out.writeByte(code.code())));
	}

	private void reply(InboundPacket request, Verb verb, int inReVerb, Consumer<ByteBuf> rest) {
		ByteBuf out = this.allocator.heapBuffer().writeByte(inReVerb).writeLong(request.packetId());
		rest.accept(out);
		this.sent
			.add(new Sent(request.source().address(), verb, this.nextPacketId++, ByteBufUtil.getBytes(out), false));
		out.release();
	}

	@Override
	public Collection<Address> upstreams() {
		return this.upstreams;
	}

	@Override
	public @Nullable Address bestUpstream() {
		return this.upstreams.isEmpty() ? null : this.upstreams.iterator().next();
	}

	@Override
	public boolean isUpstream() {
		return this.upstream;
	}

	@Override
	public int latency(Address address) {
		return this.latencies.getOrDefault(address, -1);
	}

	@Override
	public void retryDeferred() {
		this.retryWanted = true;
	}

	@Override
	public void flush() {
		this.flushes++;
	}

	/** A packet as it left, its payload copied. */
	record Sent(Address to, Verb verb, long packetId, byte[] payload, boolean compress) {

		String hex() {
			return ByteBufUtil.hexDump(this.payload);
		}

	}

	/** Takes frames and keeps copies of them. */
	static final class Port implements EthernetPort {

		final List<byte[]> frames = new ArrayList<>();

		final List<NetworkStatus> statuses = new ArrayList<>();

		@Nullable NetworkConfig config;

		int batches;

		boolean closed;

		@Override
		public void receive(ByteBuf frame) {
			this.frames.add(ByteBufUtil.getBytes(frame));
			frame.release();
		}

		@Override
		public void receiveComplete() {
			this.batches++;
		}

		@Override
		public void configured(NetworkStatus status, @Nullable NetworkConfig config) {
			this.statuses.add(status);
			this.config = config;
		}

		@Override
		public void closed() {
			this.closed = true;
		}

	}

	record Packet(Verb verb, Identity source, long packetId, boolean isRetry,
			ByteBuf payload) implements InboundPacket {

		@Override
		public int hops() {
			return 0;
		}

	}

}
