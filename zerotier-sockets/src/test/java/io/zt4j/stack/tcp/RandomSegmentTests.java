package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.ip.Checksum;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever arrives, nothing throws, memory stays bounded, and everything is released.
 */
class RandomSegmentTests {

	private static final int STEP = 24;

	/**
	 * Interpret bytes as what a hostile peer does to a living connection: each step picks
	 * flags, numbers near the right ones, options, payload, or lets time pass.
	 */
	private static void play(byte[] input) {
		Wire wire = new Wire(42);
		Application application = new Application(98, wire.allocator);
		application.checking = false;
		application.closeAtEnd = false;
		application.sending(20_000);
		Peer peer = new Peer(wire);
		try {
			wire.left.tcp.listen(new InetSocketAddress(wire.left.address, 80), 8,
					TcpOptions.DEFAULT.withBufferSizes(50_000, 50_000), application::startAccepted);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		peer.handshake();
		for (int i = 0; i + STEP <= input.length; i += STEP) {
			peer.step(Unpooled.wrappedBuffer(input, i, STEP));
			assertThat(wire.held()).isLessThan(2_000_000);
		}
		wire.left.tcp.batchComplete();
		wire.time.advance(10, TimeUnit.MINUTES);
		if (application.connection != null) {
			application.connection.abort();
		}
		wire.left.tcp.close();
		wire.time.advance(1, TimeUnit.MINUTES);
		assertThat(wire.left.tcp.connections()).isZero();
		assertThat(wire.held()).isZero();
	}

	@Property(tries = 300)
	void aHostilePeerOfALivingConnectionIsSurvived(@ForAll @Size(max = 2400) byte[] input) {
		play(input);
	}

	@Property(tries = 500)
	void anyBytesAreSurvived(@ForAll @Size(max = 100) byte[] input) {
		Wire wire = new Wire(1);
		ByteBuf segment = wire.allocator.buffer().writeBytes(input);
		if (input.length >= 20) {
			segment.setShort(16, 0);
			segment.setShort(16, Checksum.ofTransport(wire.right.address, wire.left.address, 6, segment));
		}
		wire.left.receive(segment);
		wire.left.tcp.batchComplete();
		wire.time.run();
		wire.left.tcp.close();
		assertThat(wire.held()).isEqualTo(0);
	}

	@Test
	void longRandomGamesAreSurvived() {
		long seed = Long.getLong("seed", System.nanoTime());
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		for (int game = 0; game < 30; game++) {
			byte[] input = new byte[STEP * 400];
			random.nextBytes(input);
			play(input);
		}
	}

	@FuzzTest(maxDuration = "1m")
	void fuzzedSegmentsAreSurvived(byte[] input) {
		play(input);
	}

	/** Knows the right numbers, so that wrong ones can be near them. */
	private static final class Peer {

		private final Wire wire;

		private @Nullable Segment last;

		private int next = 1000;

		private int acknowledgment;

		Peer(Wire wire) {
			this.wire = wire;
			wire.filter = (from, segment) -> {
				Segment sent = new Segment();
				if (sent.parse(Unpooled.copiedBuffer(segment)) && !sent.has(Segment.RST)) {
					this.last = sent;
					this.acknowledgment = sent.sequence + sent.length();
				}
				return true;
			};
		}

		void handshake() {
			send(Segment.SYN, this.next++, 0, 65_535,
					new byte[] { 2, 4, 4, 0, 1, 3, 3, 4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0 }, 0);
			this.wire.left.tcp.batchComplete();
			send(Segment.ACK, this.next, this.acknowledgment, 1000, timestamps(1), 0);
			this.wire.left.tcp.batchComplete();
			this.wire.time.run();
		}

		private byte[] timestamps(int value) {
			ByteBuf out = Unpooled.buffer(12).writeInt(0x0101080a).writeInt(value);
			out.writeInt((this.last != null) ? this.last.timestamp : 0);
			return out.array();
		}

		void step(ByteBuf in) {
			int what = in.readUnsignedByte();
			int flags = (what < 200) ? Segment.ACK | in.readByte() & Segment.PSH : in.readByte();
			int sequence = this.next + ((what % 2 == 0) ? 0 : in.readShort());
			int ack = this.acknowledgment + ((what % 3 == 0) ? in.readByte() * 300 : 0);
			int window = in.readUnsignedShort();
			int length = in.readUnsignedShort() % 3000;
			byte[] options = timestamps(2 + in.readUnsignedByte());
			if (what % 5 == 0) {
				options = new byte[20];
				in.getBytes(in.readerIndex(), options, 0, Math.min(20, in.readableBytes()));
			}
			else if (what % 7 == 0) {
				ByteBuf sack = Unpooled.buffer(24).writeBytes(timestamps(3)).writeInt(0x0101050a);
				sack.writeInt(this.acknowledgment - in.readUnsignedShort() % 5000).writeInt(this.acknowledgment);
				options = sack.array();
			}
			send(flags, sequence, ack, window, options, length);
			if (sequence == this.next) {
				this.next += length;
			}
			if (what % 4 == 0) {
				this.wire.left.tcp.batchComplete();
				this.wire.time.advance(1 << (what % 12), TimeUnit.MILLISECONDS);
			}
		}

		private void send(int flags, int sequence, int ack, int window, byte[] options, int length) {
			ByteBuf out = this.wire.allocator.buffer();
			out.writeShort(5000).writeShort(80).writeInt(sequence).writeInt(ack);
			out.writeByte((20 + options.length) / 4 << 4).writeByte(flags & 0x3f).writeShort(window).writeInt(0);
			out.writeBytes(options).writeZero(length);
			out.setShort(16, Checksum.ofTransport(this.wire.right.address, this.wire.left.address, 6, out));
			this.wire.left.receive(out);
		}

	}

}
