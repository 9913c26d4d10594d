package io.zt4j.stack.ip;

import java.util.Arrays;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChecksumTests {

	@Test
	void exampleOfRfc1071() {
		ByteBuf bytes = Unpooled
			.wrappedBuffer(new byte[] { 0, 1, (byte) 0xf2, 3, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7 });
		assertThat(Checksum.fold(Checksum.add(0, bytes, 0, 8))).isEqualTo(~0xddf2 & 0xffff);
	}

	@Test
	void equalsTheSumTakenTwoBytesAtATimeForEveryLengthAndAlignment() {
		long seed = new Random().nextLong();
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		for (int length = 0; length < 200; length++) {
			byte[] bytes = new byte[length + 8];
			random.nextBytes(bytes);
			if (length % 3 == 0) {
				Arrays.fill(bytes, (byte) 0xff);
			}
			for (int index = 0; index < 8; index++) {
				int start = random.nextInt();
				long initial = start & 0xffff_ffffL;
				assertThat(Checksum.fold(Checksum.add(initial, Unpooled.wrappedBuffer(bytes), index, length)))
					.isEqualTo(slow(initial, bytes, index, length));
			}
		}
	}

	@Test
	void largestPacketOfOnesDoesNotOverflow() {
		byte[] bytes = new byte[65_535];
		Arrays.fill(bytes, (byte) 0xff);
		long sum = Checksum.pseudoHeader(-1, -1, -1, -1, 255, 65_535);
		assertThat(Checksum.fold(Checksum.add(sum, Unpooled.wrappedBuffer(bytes), 0, bytes.length)))
			.isEqualTo(slow(255 + 65_535 + 16 * 0xffffL, bytes, 0, bytes.length));
	}

	@Test
	void segmentWithItsChecksumVerifies() {
		ByteBuf segment = Unpooled.buffer()
			.writeInt(0x1234_5678)
			.writeShort(11)
			.writeShort(0)
			.writeBytes(new byte[] { 1, 2, 3 });
		long sum = Checksum.pseudoHeader(0, 0x0a00_0001L, 0, 0x0a00_0002L, IpProtocol.UDP, 11);
		segment.setShort(6, Checksum.fold(Checksum.add(sum, segment, 0, 11)));
		IpDatagram datagram = new IpDatagram().set(4, 0, 0x0a00_0001L, 0, 0x0a00_0002L, true, IpProtocol.UDP, 0, 64, -1,
				segment);
		assertThat(Checksum.isValid(datagram)).isTrue();
		segment.setByte(9, 7);
		assertThat(Checksum.isValid(datagram)).isFalse();
	}

	private static int slow(long initial, byte[] bytes, int index, int length) {
		long sum = initial;
		for (int i = 0; i < length; i += 2) {
			int low = (i + 1 < length) ? bytes[index + i + 1] & 0xff : 0;
			sum += (bytes[index + i] & 0xff) << 8 | low;
		}
		while (sum >>> 16 != 0) {
			sum = (sum & 0xffff) + (sum >>> 16);
		}
		return (int) ~sum & 0xffff;
	}

}
