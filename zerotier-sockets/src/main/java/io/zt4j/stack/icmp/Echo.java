package io.zt4j.stack.icmp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.ethernet.DropReason;
import io.zt4j.stack.ethernet.Drops;
import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IpDatagram;
import io.zt4j.stack.ip.IpLayer;
import io.zt4j.stack.ip.IpProtocol;

/**
 * Echo (RFC 792, RFC 4443 4): answers requests, at most {@value #REPLIES_PER_SECOND} in a
 * second, and sends them. Confined to the event loop but for {@link #ping}.
 */
public final class Echo {

	static final int REPLIES_PER_SECOND = 10_000;

	/** Greatest number of requests waiting for their reply. */
	static final int MAXIMUM_WAITING = 4096;

	private static final int HOP_LIMIT = 64;

	private final Map<Integer, Waiting> waiting = new HashMap<>();

	private final IpLayer ip;

	private final EventLoop loop;

	private final Ticker ticker;

	private final Drops drops;

	private final TokenBucket limit;

	private final int identifier;

	private int sequence;

	private boolean closed;

	/**
	 * Make it.
	 * @param ip sends
	 * @param loop runs timers
	 * @param ticker the time
	 * @param random makes the identifier
	 * @param drops counts dropped messages
	 */
	public Echo(IpLayer ip, EventLoop loop, Ticker ticker, RandomGenerator random, Drops drops) {
		this.ip = ip;
		this.loop = loop;
		this.ticker = ticker;
		this.drops = drops;
		this.limit = new TokenBucket(ticker, REPLIES_PER_SECOND, 1000);
		this.identifier = random.nextInt(1 << 16);
	}

	/**
	 * Send a request. Any thread may call.
	 * @param destination whom to
	 * @param payloadLength bytes, 0..65000
	 * @param timeout how long to wait
	 * @return the round-trip time
	 */
	public CompletionStage<Duration> ping(InetAddress destination, int payloadLength, Duration timeout) {
		if (payloadLength < 0 || payloadLength > 65_000) {
			throw new IllegalArgumentException("Payload length of a ping must be 0..65000, not " + payloadLength);
		}
		CompletableFuture<Duration> result = new CompletableFuture<>();
		if (this.loop.inEventLoop()) {
			request(destination, payloadLength, timeout, result);
		}
		else {
			try {
				this.loop.execute(() -> request(destination, payloadLength, timeout, result));
			}
			catch (RejectedExecutionException ex) {
				result.completeExceptionally(ex);
			}
		}
		return result;
	}

	private void request(InetAddress destination, int payloadLength, Duration timeout,
			CompletableFuture<Duration> result) {
		InetAddress source = this.closed ? null : this.ip.sourceFor(destination);
		if (source == null) {
			result.completeExceptionally(new NoRouteToHostException("No route to " + destination.getHostAddress()));
			return;
		}
		if (this.waiting.size() >= MAXIMUM_WAITING) {
			result.completeExceptionally(
					new RejectedExecutionException("More than " + MAXIMUM_WAITING + " pings wait for replies"));
			return;
		}
		do {
			this.sequence = this.sequence + 1 & 0xffff;
		}
		while (this.waiting.containsKey(this.sequence));
		int number = this.sequence;
		boolean four = isVersion4(destination);
		ByteBuf message = this.ip.allocate(8 + payloadLength);
		message.writeByte(four ? 8 : 128).writeByte(0).writeShort(0).writeShort(this.identifier).writeShort(number);
		for (int i = 0; i < payloadLength; i++) {
			message.writeByte(i);
		}
		setChecksum(source, destination, message);
		Future<?> timer = this.loop.schedule(() -> {
			if (this.waiting.remove(number) != null) {
				result.completeExceptionally(
						new TimeoutException("No answer from " + destination.getHostAddress() + " in " + timeout));
			}
		}, timeout.toNanos(), TimeUnit.NANOSECONDS);
		this.waiting.put(number, new Waiting(destination, payloadLength, this.ticker.nanoTime(), timer, result));
		this.ip.send(source, destination, four ? IpProtocol.ICMP : IpProtocol.ICMPV6, 0, HOP_LIMIT, true, message);
	}

	/**
	 * Answer a request.
	 * @param datagram its packet, checksum verified, at least 8 bytes
	 */
	void answer(IpDatagram datagram) {
		InetAddress to = datagram.source();
		boolean four = datagram.version() == 4;
		// RFC 1122 3.2.2.6 leaves requests to groups to us; an amplifier helps nobody
		InetAddress from = datagram.isUnicast() ? datagram.destination() : four ? null : this.ip.sourceFor(to);
		if (from == null) {
			this.drops.count(DropReason.ICMP_UNEXPECTED);
			return;
		}
		if (!this.limit.take()) {
			this.drops.count(DropReason.ICMP_RATE_LIMITED);
			return;
		}
		ByteBuf request = datagram.payload();
		ByteBuf reply = this.ip.allocate(request.readableBytes());
		reply.writeBytes(request, request.readerIndex(), request.readableBytes());
		reply.setShort(reply.readerIndex(), four ? 0 : 129 << 8);
		reply.setShort(reply.readerIndex() + 2, 0);
		setChecksum(from, to, reply);
		this.ip.send(from, to, four ? IpProtocol.ICMP : IpProtocol.ICMPV6, datagram.trafficClass(), HOP_LIMIT, reply);
	}

	/**
	 * Take a reply.
	 * @param datagram its packet, checksum verified, at least 8 bytes
	 */
	void replied(IpDatagram datagram) {
		ByteBuf reply = datagram.payload();
		int index = reply.readerIndex();
		int number = reply.getUnsignedShort(index + 6);
		Waiting request = (reply.getUnsignedShort(index + 4) == this.identifier) ? this.waiting.get(number) : null;
		if (request == null || request.payloadLength != reply.readableBytes() - 8
				|| !request.destination.equals(datagram.source()) && !request.destination.isMulticastAddress()) {
			this.drops.count(DropReason.ICMP_UNEXPECTED);
			return;
		}
		this.waiting.remove(number);
		request.timer.cancel(false);
		request.result.complete(Duration.ofNanos(this.ticker.nanoTime() - request.sentAt));
	}

	/**
	 * A request could not be delivered.
	 * @param remote where it had been sent
	 * @param quoted its ICMP header
	 */
	void failed(InetAddress remote, ByteBuf quoted) {
		int index = quoted.readerIndex();
		if (quoted.readableBytes() < 8 || quoted.getUnsignedByte(index) != (isVersion4(remote) ? 8 : 128)
				|| quoted.getUnsignedShort(index + 4) != this.identifier) {
			return;
		}
		int number = quoted.getUnsignedShort(index + 6);
		Waiting request = this.waiting.get(number);
		if (request != null && request.destination.equals(remote)) {
			this.waiting.remove(number);
			request.timer.cancel(false);
			request.result.completeExceptionally(
					new NoRouteToHostException("Host " + remote.getHostAddress() + " is unreachable"));
		}
	}

	/**
	 * Fail what waits.
	 */
	public void close() {
		this.closed = true;
		List<Waiting> all = new ArrayList<>(this.waiting.values());
		this.waiting.clear();
		for (Waiting request : all) {
			request.timer.cancel(false);
			request.result.completeExceptionally(new NoRouteToHostException("The stack was closed"));
		}
	}

	private static void setChecksum(InetAddress source, InetAddress destination, ByteBuf message) {
		int index = message.readerIndex();
		int checksum = isVersion4(destination) ? Checksum.fold(Checksum.add(0, message, index, message.readableBytes()))
				: Checksum.ofTransport(source, destination, IpProtocol.ICMPV6, message);
		message.setShort(index + 2, checksum);
	}

	private static boolean isVersion4(InetAddress address) {
		return address instanceof Inet4Address;
	}

	private record Waiting(InetAddress destination, int payloadLength, long sentAt, Future<?> timer,
			CompletableFuture<Duration> result) {
	}

}
