package io.zt4j.stack.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IcmpError;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One protocol under test against a peer whose segments the test writes: words such as
 * {@code "SA seq=0 ack=1 len=100 win=65535 mss=1460 ws=7 sackOK sack=101-201"}. Sequence
 * numbers are relative to the initial ones of each side; what is left out follows from
 * what was exchanged before. A segment expected must have all the words given.
 */
final class Script {

	static final int PORT = 80;

	static final int PEER_PORT = 5000;

	private static final int PEER_ISS = 0xffff_f000;

	private static final int PEER_CLOCK = 7_000_000;

	final Wire wire = new Wire(1);

	final Wire.Host host = this.wire.left;

	final Application application = new Application(98);

	private final ArrayDeque<Sent> sent = new ArrayDeque<>();

	private int localPort = PORT;

	private int peerPort = PEER_PORT;

	private int localIss;

	private int peerNext;

	private int localNext;

	private int lastTimestamp;

	private long lastSentAt;

	boolean timestamps = true;

	TcpListener listener;

	Script() {
		this.wire.filter = (from, segment) -> {
			this.sent.add(new Sent(segment));
			return true;
		};
		this.application.keep = true;
		this.application.closeAtEnd = false;
	}

	Script inject(String text) {
		return inject(text, null);
	}

	Script inject(String text, byte[] payload) {
		ByteBuf out = build(text, payload);
		this.host.receive(out);
		return this;
	}

	/** Inject from another port. */
	Script inject(String text, byte[] payload, int port) {
		int before = this.peerPort;
		this.peerPort = port;
		inject(text, payload);
		this.peerPort = before;
		return this;
	}

	/** Inject several segments in one batch. */
	Script batch(String... texts) {
		for (String text : texts) {
			inject(text);
		}
		return done();
	}

	/** End the batch. */
	Script done() {
		this.host.tcp.batchComplete();
		this.wire.time.run();
		return this;
	}

	Script send(String text) {
		return inject(text).done();
	}

	private ByteBuf build(String text, byte[] given) {
		Map<String, String> words = new HashMap<>();
		for (String word : text.split(" ")) {
			int equals = word.indexOf('=');
			words.put((equals < 0) ? word : word.substring(0, equals), (equals < 0) ? "" : word.substring(equals + 1));
		}
		String letters = text.split(" ")[0];
		int flags = (letters.contains("S") ? Segment.SYN : 0) | (letters.contains("F") ? Segment.FIN : 0)
				| (letters.contains("R") ? Segment.RST : 0) | (letters.contains("A") ? Segment.ACK : 0);
		int sequence = Integer.parseInt(words.getOrDefault("seq", Integer.toString(this.peerNext)));
		int acknowledgment = Integer.parseInt(words.getOrDefault("ack", Integer.toString(this.localNext)));
		int length = Integer.parseInt(words.getOrDefault("len", "0"));
		byte[] payload = (given != null) ? given : pattern(sequence, length);
		ByteBuf options = Unpooled.buffer();
		options(words, options);
		ByteBuf out = Unpooled.buffer();
		out.writeShort(this.peerPort).writeShort(this.localPort);
		out.writeInt(PEER_ISS + sequence);
		out.writeInt(((flags & Segment.ACK) != 0) ? this.localIss + acknowledgment : 0);
		out.writeByte((20 + options.readableBytes()) / 4 << 4).writeByte(flags);
		out.writeShort(Integer.parseInt(words.getOrDefault("win", "65535")));
		out.writeInt(0).writeBytes(options).writeBytes(payload);
		out.setShort(16, Checksum.ofTransport(this.wire.right.address, this.wire.left.address, 6, out));
		int end = sequence + payload.length + (((flags & Segment.SYN) != 0) ? 1 : 0)
				+ (((flags & Segment.FIN) != 0) ? 1 : 0);
		this.peerNext = Math.max(this.peerNext, end);
		return out;
	}

	private void options(Map<String, String> words, ByteBuf options) {
		if (words.containsKey("mss")) {
			options.writeByte(2).writeByte(4).writeShort(Integer.parseInt(words.get("mss")));
		}
		if (words.containsKey("sackOK")) {
			options.writeByte(4).writeByte(2);
		}
		if (this.timestamps && !words.containsKey("nots")) {
			int value = words.containsKey("tsval") ? Integer.parseInt(words.get("tsval"))
					: (int) (this.wire.time.nanos() / 1_000_000);
			options.writeByte(8).writeByte(10).writeInt(PEER_CLOCK + value);
			options.writeInt(words.containsKey("tsecr") ? Integer.parseInt(words.get("tsecr")) : this.lastTimestamp);
		}
		if (words.containsKey("ws")) {
			options.writeByte(3).writeByte(3).writeByte(Integer.parseInt(words.get("ws")));
		}
		if (words.containsKey("sack")) {
			String[] blocks = words.get("sack").split(",");
			options.writeByte(5).writeByte(2 + 8 * blocks.length);
			for (String block : blocks) {
				String[] edges = block.split("-");
				options.writeInt(this.localIss + Integer.parseInt(edges[0]));
				options.writeInt(this.localIss + Integer.parseInt(edges[1]));
			}
		}
		while (options.readableBytes() % 4 != 0) {
			options.writeByte(1);
		}
	}

	static byte[] pattern(int start, int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) (start + i);
		}
		return bytes;
	}

	Sent next() {
		Sent next = this.sent.poll();
		if (next == null) {
			throw new AssertionError("nothing was sent");
		}
		return next;
	}

	Sent expect(String text) {
		Sent next = next();
		assertThat(next.words).as("%s should have %s; after it %s", next, text, this.sent)
			.containsAll(Arrays.asList(text.split(" ")));
		return next;
	}

	/** Expect a segment after some time, and none before. */
	Sent expectAfter(long millis, String text) {
		advance(millis - 1);
		expectNothing();
		advance(2);
		return expect(text);
	}

	Script expectNothing() {
		assertThat(this.sent).isEmpty();
		return this;
	}

	/** Forget what was sent so far. */
	List<String> drain() {
		List<String> all = this.sent.stream().map(Sent::toString).toList();
		this.sent.clear();
		return all;
	}

	Script advance(long millis) {
		this.wire.time.advance(millis, TimeUnit.MILLISECONDS);
		return this;
	}

	Script listen(TcpOptions options) {
		try {
			this.listener = this.host.tcp.listen(new InetSocketAddress(this.host.address, PORT), 4, options,
					this.application::startAccepted);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		return this;
	}

	/** Passive open up to ESTABLISHED. */
	static Script accepted(TcpOptions options) {
		Script script = new Script().listen(options);
		script.send("S seq=0 mss=1012 ws=0 sackOK");
		script.expect("SA ack=1");
		return script.send("A");
	}

	static Script accepted() {
		return accepted(TcpOptions.DEFAULT);
	}

	/** Passive open with a peer that knows no options but MSS. */
	static Script acceptedPlain(TcpOptions options) {
		Script script = new Script().listen(options);
		script.timestamps = false;
		script.send("S seq=0 mss=1000");
		script.expect("SA ack=1 nots nows nosackOK");
		return script.send("A");
	}

	/** Active open, in SYN-SENT. */
	static Script connecting(TcpOptions options) {
		Script script = new Script();
		script.peerPort = PORT;
		try {
			script.application.start(script.host.tcp.connect(null,
					new InetSocketAddress(script.wire.right.address, PORT), options, script.application));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		script.wire.time.run();
		return script;
	}

	static Script connecting() {
		return connecting(TcpOptions.DEFAULT);
	}

	/** Write and flush. */
	Script write(int length) {
		return write(length, true);
	}

	Script write(int length, boolean flush) {
		try {
			ByteBuf data = Unpooled.buffer().writeBytes(pattern(0, length));
			assertThat(this.application.connection().write(data)).isEqualTo(length);
			data.release();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		if (flush) {
			this.application.connection().flush();
		}
		this.wire.time.run();
		return this;
	}

	/** Do something to the connection and let it work. */
	Script run(Action action) {
		try {
			action.run();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		this.wire.time.run();
		return this;
	}

	Script icmp(IcmpError error, int sequence) {
		ByteBuf quoted = Unpooled.buffer();
		quoted.writeShort(this.localPort).writeShort(this.peerPort).writeInt(this.localIss + sequence);
		this.host.tcp.error(this.host.address, this.wire.right.address, error, quoted);
		this.wire.time.run();
		return this;
	}

	/** Our timestamp at a time, as the peer would echo it. */
	String timestampAt(long millis) {
		return Integer.toString(this.lastTimestamp - (int) (this.wire.time.nanos() / 1_000_000 - millis)
				+ (int) (this.wire.time.nanos() - this.lastSentAt) / 1_000_000);
	}

	/** What a test does. */
	interface Action {

		void run() throws IOException;

	}

	/** A segment the protocol sent. */
	final class Sent {

		final Segment segment = new Segment();

		final List<String> words = new ArrayList<>();

		final byte[] payload;

		final long at = Script.this.wire.time.nanos();

		Sent(ByteBuf buffer) {
			ByteBuf copy = Unpooled.copiedBuffer(buffer);
			assertThat(this.segment.parse(copy)).isTrue();
			assertThat(Checksum.ofTransport(Script.this.wire.left.address, Script.this.wire.right.address, 6, copy))
				.as("checksum")
				.isZero();
			this.payload = ByteBufUtil.getBytes(copy, this.segment.payloadIndex, this.segment.payloadLength);
			Segment s = this.segment;
			if (s.has(Segment.SYN)) {
				Script.this.localIss = s.sequence;
				Script.this.localPort = s.sourcePort;
			}
			StringBuilder flags = new StringBuilder();
			flags.append(s.has(Segment.SYN) ? "S" : "").append(s.has(Segment.FIN) ? "F" : "");
			flags.append(s.has(Segment.RST) ? "R" : "").append(s.has(Segment.ACK) ? "A" : "");
			this.words.add(flags.toString());
			this.words.add("seq=" + (s.sequence - Script.this.localIss));
			this.words.add("len=" + s.payloadLength);
			this.words.add("win=" + s.window);
			if (s.has(Segment.ACK)) {
				this.words.add("ack=" + (s.acknowledgment - PEER_ISS));
			}
			if (s.has(Segment.PSH)) {
				this.words.add("P");
			}
			this.words.add(s.hasTimestamps ? "ts" : "nots");
			if (s.hasTimestamps) {
				Script.this.lastTimestamp = s.timestamp;
				Script.this.lastSentAt = this.at;
				this.words.add("tsecr=" + (s.has(Segment.ACK) ? s.timestampEcho - PEER_CLOCK : s.timestampEcho));
			}
			this.words.add((s.maximumSegmentSize > 0) ? "mss=" + s.maximumSegmentSize : "nomss");
			this.words.add((s.windowScale >= 0) ? "ws=" + s.windowScale : "nows");
			this.words.add(s.sackPermitted ? "sackOK" : "nosackOK");
			List<String> blocks = new ArrayList<>();
			for (int i = 0; i < s.sackBlocks; i++) {
				blocks.add((s.sackLeft[i] - PEER_ISS) + "-" + (s.sackRight[i] - PEER_ISS));
			}
			this.words.add(blocks.isEmpty() ? "nosack" : "sack=" + String.join(",", blocks));
			int end = s.sequence - Script.this.localIss + s.length();
			Script.this.localNext = Math.max(Script.this.localNext, end);
		}

		@Override
		public String toString() {
			return String.join(" ", this.words);
		}

	}

}
