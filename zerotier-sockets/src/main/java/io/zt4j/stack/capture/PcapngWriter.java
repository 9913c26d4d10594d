package io.zt4j.stack.capture;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;

import io.netty.buffer.ByteBuf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Ethernet frames as a pcapng capture that Wireshark and tcpdump read: one
 * section, one interface, enhanced packet blocks with nanoseconds and direction. Ends by
 * itself when the bound is reached or writing fails. Any thread may call.
 */
public final class PcapngWriter implements Closeable {

	private static final Logger logger = LoggerFactory.getLogger(PcapngWriter.class);

	private static final int SECTION_HEADER = 0x0A0D0D0A;

	private static final int INTERFACE_DESCRIPTION = 1;

	private static final int ENHANCED_PACKET = 6;

	private static final int LINK_TYPE_ETHERNET = 1;

	private final WritableByteChannel channel;

	private final InstantSource clock;

	private final int snapLength;

	private final ByteBuffer buffer;

	private long remaining;

	private boolean ended;

	/**
	 * Begin a capture.
	 * @param channel takes the capture; closed by {@link #close()}
	 * @param clock time stamps
	 * @param snapLength bytes kept of each frame, 14..65,536
	 * @param maximumBytes greatest length of the capture
	 * @throws IOException if the header cannot be written
	 */
	public PcapngWriter(WritableByteChannel channel, InstantSource clock, int snapLength, long maximumBytes)
			throws IOException {
		if (snapLength < 14 || snapLength > 65_536) {
			throw new IllegalArgumentException("Snap length must be 14..65536, not " + snapLength);
		}
		this.channel = channel;
		this.clock = clock;
		this.snapLength = snapLength;
		this.remaining = maximumBytes;
		this.buffer = ByteBuffer.allocate(snapLength + 64).order(ByteOrder.LITTLE_ENDIAN);
		this.buffer.putInt(SECTION_HEADER).putInt(28).putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0);
		this.buffer.putLong(-1).putInt(28);
		this.buffer.putInt(INTERFACE_DESCRIPTION).putInt(32).putShort((short) LINK_TYPE_ETHERNET).putShort((short) 0);
		// option if_tsresol: 10^-9 seconds; then end of options
		this.buffer.putInt(snapLength).putShort((short) 9).putShort((short) 1).putInt(9).putInt(0).putInt(32);
		drain();
	}

	/**
	 * Begin a capture into a new file.
	 * @param file the file, which must not exist
	 * @param clock time stamps
	 * @param maximumBytes greatest length of the file
	 * @return the writer, which keeps whole frames
	 * @throws IOException if the file cannot be written
	 */
	public static PcapngWriter open(Path file, InstantSource clock, long maximumBytes) throws IOException {
		return new PcapngWriter(Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
				clock, 65_536, maximumBytes);
	}

	/**
	 * Write one frame; does nothing once the capture has ended.
	 * @param frame the frame from reader to writer index; left as it is
	 * @param outbound whether this host sent it
	 */
	public synchronized void write(ByteBuf frame, boolean outbound) {
		if (this.ended) {
			return;
		}
		int captured = Math.min(frame.readableBytes(), this.snapLength);
		int padded = (captured + 3) & ~3;
		int length = 32 + padded + 12;
		if (length > this.remaining) {
			this.ended = true;
			logger.info("Capture has reached its greatest length and ends");
			return;
		}
		Instant now = this.clock.instant();
		long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
		this.buffer.clear();
		this.buffer.putInt(ENHANCED_PACKET).putInt(length).putInt(0);
		this.buffer.putInt((int) (nanos >>> 32)).putInt((int) nanos).putInt(captured).putInt(frame.readableBytes());
		int end = this.buffer.position() + captured;
		this.buffer.limit(end);
		frame.getBytes(frame.readerIndex(), this.buffer);
		this.buffer.limit(this.buffer.capacity());
		while (this.buffer.position() < end - captured + padded) {
			this.buffer.put((byte) 0);
		}
		// option epb_flags: 1 inbound, 2 outbound; then end of options
		this.buffer.putShort((short) 2).putShort((short) 4).putInt(outbound ? 2 : 1).putInt(0).putInt(length);
		try {
			drain();
		}
		catch (IOException ex) {
			this.ended = true;
			logger.warn("Capture ends as it cannot be written", ex);
		}
	}

	/**
	 * Whether the capture still takes frames.
	 * @return false once the bound was reached, writing failed or it was closed
	 */
	public synchronized boolean isOpen() {
		return !this.ended;
	}

	@Override
	public synchronized void close() throws IOException {
		this.ended = true;
		this.channel.close();
	}

	private void drain() throws IOException {
		this.buffer.flip();
		this.remaining -= this.buffer.remaining();
		while (this.buffer.hasRemaining()) {
			this.channel.write(this.buffer);
		}
	}

}
