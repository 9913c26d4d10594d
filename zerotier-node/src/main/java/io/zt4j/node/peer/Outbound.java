package io.zt4j.node.peer;

import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.CipherSuite;
import io.zt4j.node.packet.Fragmenter;
import io.zt4j.node.packet.Lz4;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.transport.PhysicalTransport;
import io.zt4j.node.transport.PhysicalTransport.LocalSocket;
import org.jspecify.annotations.Nullable;

/**
 * Sends: header, compression, choice of path, armor, fragments (VL1 7.3).
 */
final class Outbound {

	private final Vl1 vl1;

	private final Identity identity;

	private final PhysicalTransport transport;

	private final PacketIds ids;

	private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;

	final ExpectedReplies expected = new ExpectedReplies();

	Outbound(Vl1 vl1, PhysicalTransport transport, PacketIds ids) {
		this.vl1 = vl1;
		this.identity = vl1.identity();
		this.transport = transport;
		this.ids = ids;
	}

	ByteBuf newPacket(int payloadCapacity) {
		ByteBuf packet = this.allocator.buffer(PacketHeader.PAYLOAD + payloadCapacity, PacketHeader.MAXIMUM_LENGTH);
		return packet.writerIndex(PacketHeader.PAYLOAD);
	}

	// Send by the best path; takes ownership.
	void send(Address destination, Verb verb, ByteBuf packet, boolean compress) {
		if (destination.equals(this.identity.address()) || !this.vl1.isRunning()) {
			packet.release();
			return;
		}
		header(destination, verb, packet);
		if (compress) {
			Lz4.compress(packet);
		}
		if (packet.readableBytes() > Fragmenter.maximumPacket(Fragmenter.DEFAULT_MTU)) {
			this.vl1.counters.drop(DropReason.SEND_TOO_LONG);
			packet.release();
			return;
		}
		Peer peer = this.vl1.peer(destination.value());
		if (peer == null || !transmit(peer, verb, packet)) {
			this.vl1.waiting.queueOutbound(destination, verb, packet);
		}
	}

	// Send a packet whose header is complete, by the best path.
	// returns false if there is no path: the packet then still belongs to the caller
	boolean transmit(Peer peer, Verb verb, ByteBuf packet) {
		long now = this.vl1.now();
		Path path = route(peer, now);
		if (path == null) {
			return false;
		}
		emit(peer, path, verb, packet, now);
		return true;
	}

	// Direct path, else the best upstream, else what there is (7.3).
	private @Nullable Path route(Peer peer, long now) {
		Path direct = peer.bestPath(now);
		if (direct != null) {
			if (now - direct.lastIn > Timing.SILENCE && now - direct.lastProbe > Timing.PROBE) {
				this.vl1.finder.probe(peer, direct);
			}
			return direct;
		}
		Peer upstream = this.vl1.upstreams.best(now, peer);
		if (upstream != null) {
			Path path = upstream.bestPath(now);
			path = (path != null) ? path : upstream.lastResort();
			if (path != null) {
				return path;
			}
		}
		return peer.lastResort();
	}

	// Send over a given path, whether or not it is confirmed; takes ownership.
	void sendDirect(Peer peer, Path path, Verb verb, ByteBuf packet) {
		header(peer.address, verb, packet);
		emit(peer, path, verb, packet, this.vl1.now());
	}

	private void header(Address destination, Verb verb, ByteBuf packet) {
		PacketHeader.set(packet, this.ids.next(), destination, this.identity.address(), verb);
	}

	private void emit(Peer peer, Path path, Verb verb, ByteBuf packet, long now) {
		path.lastOut = now;
		CipherSuite suite = (verb == Verb.HELLO) ? CipherSuite.C25519_POLY1305_NONE : peer.suite();
		armor(peer, suite, verb, packet, path.endpoint, now);
		datagrams(path.socket, path.endpoint, packet);
	}

	// the ID to expect is the one after armoring (3.3)
	private void armor(Peer peer, CipherSuite suite, Verb verb, ByteBuf packet, InetSocketAddress endpoint, long now) {
		PacketHeader.setFragmented(packet, packet.readableBytes() > Fragmenter.DEFAULT_MTU);
		peer.cipher.armor(packet, suite);
		switch (verb) {
			// nobody answers these; they would push out the IDs that matter
			case OK, ERROR, FRAME, EXT_FRAME, NOP, RENDEZVOUS, PUSH_DIRECT_PATHS -> {
			}
			default -> this.expected.register(PacketHeader.packetId(packet), Path.fingerprint(endpoint), now);
		}
	}

	// Send a packet to an endpoint that need not be a path, from one socket or all
	// (13.2); takes ownership.
	// tailOffset: where the tail of a HELLO begins, else -1
	void sendTo(Peer peer, @Nullable LocalSocket socket, InetSocketAddress endpoint, Verb verb, ByteBuf packet,
			int tailOffset) {
		header(peer.address, verb, packet);
		if (tailOffset >= 0) {
			peer.cipher.cipherHelloTail(packet, tailOffset);
		}
		CipherSuite suite = (verb == Verb.HELLO) ? CipherSuite.C25519_POLY1305_NONE : peer.suite();
		armor(peer, suite, verb, packet, endpoint, this.vl1.now());
		datagrams(socket, endpoint, packet);
	}

	// Hand a datagram or armored packet to the transport as it is; takes ownership.
	void forward(Path path, ByteBuf datagram) {
		path.lastOut = this.vl1.now();
		this.vl1.counters.sent(datagram.readableBytes());
		this.transport.send(path.socket, path.endpoint, datagram);
	}

	private void datagrams(@Nullable LocalSocket socket, InetSocketAddress endpoint, ByteBuf packet) {
		if (packet.readableBytes() <= Fragmenter.DEFAULT_MTU) {
			this.vl1.counters.sent(packet.readableBytes());
			this.transport.send(socket, endpoint, packet);
			return;
		}
		if (packet.readableBytes() > Fragmenter.maximumPacket(Fragmenter.DEFAULT_MTU)) {
			this.vl1.counters.drop(DropReason.SEND_TOO_LONG);
			packet.release();
			return;
		}
		Fragmenter.fragment(packet, Fragmenter.DEFAULT_MTU, this.allocator, (datagram) -> {
			this.vl1.counters.sent(datagram.readableBytes());
			this.transport.send(socket, endpoint, datagram);
		});
	}

	// Open a NAT without reaching the peer (8.6).
	void junk(LocalSocket socket, InetSocketAddress endpoint) {
		ByteBuf junk = this.allocator.buffer(4).writeInt((int) this.ids.next());
		this.vl1.counters.sent(4);
		this.transport.sendWithTtl(socket, endpoint, junk, 2);
	}

}
