package io.zt4j.stack.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.Unpooled;
import io.zt4j.stack.testing.TwoHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PcapngWriterTests {

	private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000L, 123_456_789));

	@TempDir
	Path folder;

	@Test
	void captureOfAPingHoldsBothDirectionsWithTheirTime() throws IOException {
		Path file = this.folder.resolve("ping.pcapng");
		try (TwoHosts net = new TwoHosts(7); PcapngWriter writer = PcapngWriter.open(file, CLOCK, 1 << 20)) {
			net.await(net.a.ping(net.b4, 56, Duration.ofSeconds(1)), 1);
			net.a.capture(writer);
			net.await(net.a.ping(net.b4, 57, Duration.ofSeconds(1)), 1);
			net.a.capture(null);
			net.await(net.a.ping(net.b4, 58, Duration.ofSeconds(1)), 1);
		}
		List<ByteBuffer> blocks = blocks(Files.readAllBytes(file));
		assertThat(blocks).hasSize(4);
		assertThat(blocks.get(0).getInt(0)).isEqualTo(0x0A0D0D0A);
		assertThat(blocks.get(1).getInt(0)).isEqualTo(1);
		for (int i = 2; i < 4; i++) {
			ByteBuffer packet = blocks.get(i);
			assertThat(packet.getInt(0)).isEqualTo(6);
			long nanos = (packet.getInt(12) & 0xffff_ffffL) << 32 | packet.getInt(16) & 0xffff_ffffL;
			assertThat(nanos).isEqualTo(1_700_000_000_123_456_789L);
			assertThat(packet.getInt(20)).isEqualTo(14 + 20 + 8 + 57).isEqualTo(packet.getInt(24));
			int options = 28 + 100;
			assertThat(packet.getShort(options)).isEqualTo((short) 2);
			assertThat(packet.getInt(options + 4)).as("outbound, then inbound").isEqualTo((i == 2) ? 2 : 1);
			assertThat(packet.get(28 + 14 + 20)).as("request, then reply").isEqualTo((byte) ((i == 2) ? 8 : 0));
		}
	}

	@Test
	void captureEndsAtItsBound() throws IOException {
		Path file = this.folder.resolve("bounded.pcapng");
		try (PcapngWriter writer = PcapngWriter.open(file, CLOCK, 300)) {
			for (int i = 0; i < 10; i++) {
				writer.write(Unpooled.buffer().writeZero(61), true);
			}
			assertThat(writer.isOpen()).isFalse();
		}
		assertThat(Files.size(file)).isEqualTo(60 + 2 * (44 + 64));
	}

	@Test
	void longFramesAreCut() throws IOException {
		Path file = this.folder.resolve("cut.pcapng");
		try (PcapngWriter writer = new PcapngWriter(
				Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), CLOCK, 96, 1000)) {
			writer.write(Unpooled.buffer().writeZero(500), false);
		}
		ByteBuffer packet = blocks(Files.readAllBytes(file)).get(2);
		assertThat(packet.getInt(20)).isEqualTo(96);
		assertThat(packet.getInt(24)).isEqualTo(500);
	}

	@Test
	void brokenChannelEndsTheCaptureAndNothingElse() throws IOException {
		boolean[] broken = new boolean[1];
		WritableByteChannel channel = new WritableByteChannel() {

			@Override
			public int write(ByteBuffer source) throws IOException {
				if (broken[0]) {
					throw new IOException("disk full");
				}
				int length = source.remaining();
				source.position(source.limit());
				return length;
			}

			@Override
			public boolean isOpen() {
				return true;
			}

			@Override
			public void close() {
			}

		};
		PcapngWriter writer = new PcapngWriter(channel, CLOCK, 96, 1000);
		broken[0] = true;
		writer.write(Unpooled.buffer().writeZero(50), false);
		assertThat(writer.isOpen()).isFalse();
		writer.close();
	}

	private static List<ByteBuffer> blocks(byte[] file) {
		List<ByteBuffer> blocks = new ArrayList<>();
		ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
		while (all.hasRemaining()) {
			int length = all.getInt(all.position() + 4);
			assertThat(length % 4).isZero();
			assertThat(all.getInt(all.position() + length - 4)).isEqualTo(length);
			blocks.add(all.slice(all.position(), length).order(ByteOrder.LITTLE_ENDIAN));
			all.position(all.position() + length);
		}
		return blocks;
	}

}
