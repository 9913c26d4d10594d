package io.zt4j.node.controller;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.ConfigAssembler;
import io.zt4j.node.network.ConfigChunk;
import io.zt4j.node.network.NetworkConfigRequest;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.RequestMetadata;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.InboundPacket;
import io.zt4j.node.peer.PacketSender;
import io.zt4j.node.store.StateStore;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A controller on a VL1 that records what is sent, in virtual time.
 */
final class TestController implements PacketSender {

	static final byte[] METADATA = RequestMetadata.of(12, 1, 14, 1, "linux/x86_64").toDictionary();

	final Identity identity;

	final MockTicker ticker = Ticker.newMockTicker();

	final ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(),
			this.ticker);

	final Deque<Sent> sent = new ArrayDeque<>();

	final List<ControllerEvent> events = new ArrayList<>();

	final NetworkController controller;

	long now;

	private long nextPacketId = 0x1000;

	TestController(Identity identity, long now, StateStore store, RandomGenerator random) {
		this.identity = identity;
		this.now = now;
		this.controller = new NetworkController(this, this.loop, store, random, Runnable::run);
		this.controller.addListener(this.events::add);
	}

	void run() {
		for (int i = 0; i < 10_000; i++) {
			if (this.loop.runNow() == 0) {
				return;
			}
		}
	}

	void advance(long millis) {
		this.now += millis;
		this.ticker.advance(millis, TimeUnit.MILLISECONDS);
		run();
	}

	<T> T get(CompletionStage<T> stage) {
		run();
		return stage.toCompletableFuture().join();
	}

	long request(Identity from, NetworkId network) {
		return request(from, network, METADATA);
	}

	long request(Identity from, NetworkId network, byte[] metadata) {
		ByteBuf payload = Unpooled.buffer();
		new NetworkConfigRequest(network, metadata, 0, 0).write(payload);
		long id = this.nextPacketId++;
		this.controller.handle(packet(from, id, payload));
		run();
		return id;
	}

	static InboundPacket packet(Identity from, long id, ByteBuf payload) {
		return new InboundPacket() {

			@Override
			public Verb verb() {
				return Verb.NETWORK_CONFIG_REQUEST;
			}

			@Override
			public Identity source() {
				return from;
			}

			@Override
			public long packetId() {
				return id;
			}

			@Override
			public int hops() {
				return 0;
			}

			@Override
			public boolean isRetry() {
				return false;
			}

			@Override
			public ByteBuf payload() {
				return payload;
			}

		};
	}

	List<Sent> takeSent() {
		List<Sent> all = List.copyOf(this.sent);
		this.sent.clear();
		return all;
	}

	/**
	 * The dictionary of the answers to a request, put together; null if it was refused.
	 */
	byte @Nullable [] dictionary(List<Sent> packets, long requestId) {
		ConfigAssembler assembler = new ConfigAssembler();
		byte[] dictionary = null;
		for (Sent packet : packets) {
			ByteBuf in = packet.buffer();
			if (packet.verb() == Verb.OK) {
				assertThat(in.readByte()).isEqualTo((byte) Verb.NETWORK_CONFIG_REQUEST.code());
				assertThat(in.readLong()).isEqualTo(requestId);
			}
			if (packet.verb() == Verb.OK || packet.verb() == Verb.NETWORK_CONFIG) {
				ConfigChunk chunk = ConfigChunk.read(in, 1);
				if (assembler.offer(chunk, this.identity,
						this.identity.address()) == ConfigAssembler.Outcome.COMPLETE) {
					dictionary = assembler.takeComplete();
				}
			}
		}
		return dictionary;
	}

	static @Nullable ErrorCode error(List<Sent> packets, long requestId) {
		for (Sent packet : packets) {
			if (packet.verb() == Verb.ERROR) {
				assertThat(packet.buffer().getLong(1)).isEqualTo(requestId);
				return ErrorCode.of(packet.buffer().getByte(9));
			}
		}
		return null;
	}

	@Override
	public Identity identity() {
		return this.identity;
	}

	@Override
	public long now() {
		return this.now;
	}

	@Override
	public @Nullable Identity identityOf(Address address) {
		return null;
	}

	@Override
	public void whois(Address address) {
	}

	@Override
	public ByteBuf newPacket(int payloadCapacity) {
		return Unpooled.buffer(28 + payloadCapacity).writeZero(28);
	}

	@Override
	public void send(Address destination, Verb verb, ByteBuf packet, boolean compress) {
		this.sent.add(new Sent(destination, verb,
				ByteBufUtil.getBytes(packet, packet.readerIndex() + 28, packet.readableBytes() - 28)));
		packet.release();
	}

	@Override
	public void replyOk(InboundPacket request, Verb inReVerb, Consumer<ByteBuf> payload) {
		throw new AssertionError("the packet is gone when the answer is ready");
	}

	@Override
	public void replyError(InboundPacket request, ErrorCode code, Consumer<ByteBuf> payload) {
		throw new AssertionError("the packet is gone when the answer is ready");
	}

	@Override
	public Collection<Address> upstreams() {
		return List.of();
	}

	@Override
	public @Nullable Address bestUpstream() {
		return null;
	}

	@Override
	public boolean isUpstream() {
		return false;
	}

	@Override
	public int latency(Address address) {
		return -1;
	}

	@Override
	public void flush() {
	}

	/** A packet as it left. */
	record Sent(Address to, Verb verb, byte[] payload) {

		ByteBuf buffer() {
			return Unpooled.wrappedBuffer(this.payload);
		}

	}

}
