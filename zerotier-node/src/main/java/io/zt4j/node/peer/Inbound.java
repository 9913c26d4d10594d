package io.zt4j.node.peer;

import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.zt4j.node.packet.CipherSuite;
import io.zt4j.node.packet.FragmentAssembler;
import io.zt4j.node.packet.Lz4;
import io.zt4j.node.packet.MalformedPacketException;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.transport.PhysicalTransport.LocalSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives: classification, reassembly, authentication, dispatch (VL1 7.1, 7.2). Nothing
 * a datagram contains makes it throw.
 */
final class Inbound {

	private static final Logger logger = LoggerFactory.getLogger(Inbound.class);

	private static final int REASSEMBLIES = 512;

	private static final int REASSEMBLIES_PER_SOURCE = 64;

	private final Vl1 vl1;

	private final long self;

	private final FragmentAssembler<Path> assembler;

	private final InboundView view = new InboundView();

	private long fragmentsLost;

	private final Vl1Verbs verbs;

	Inbound(Vl1 vl1, Vl1Verbs verbs) {
		this.vl1 = vl1;
		this.verbs = verbs;
		this.self = vl1.identity().address().value();
		this.assembler = new FragmentAssembler<>(REASSEMBLIES, REASSEMBLIES_PER_SOURCE, this::decode);
	}

	// Take one datagram and its ownership.
	void receive(LocalSocket socket, InetSocketAddress source, ByteBuf datagram) {
		Counters counters = this.vl1.counters;
		counters.datagramsReceived++;
		int length = datagram.readableBytes();
		counters.bytesReceived += length;
		if (length <= 16) {
			drop(datagram, DropReason.TOO_SHORT);
			return;
		}
		if (length > PacketHeader.MAXIMUM_LENGTH) {
			drop(datagram, DropReason.TOO_LONG);
			return;
		}
		Path path = this.vl1.paths.find(socket, source);
		boolean fragment = FragmentAssembler.isFragment(datagram);
		if (!fragment && length < PacketHeader.MINIMUM_LENGTH) {
			drop(datagram, DropReason.TOO_SHORT);
		}
		else if (!fragment && PacketHeader.sourceValue(datagram) == this.self) {
			drop(datagram, DropReason.OWN_SOURCE);
		}
		else if (PacketHeader.destinationValue(datagram) != this.self) {
			this.vl1.relay.forward(path, datagram, fragment);
		}
		else if (fragment || PacketHeader.isFragmented(datagram)) {
			reassemble(path, datagram);
		}
		else {
			decode(path, datagram);
		}
	}

	private void reassemble(Path path, ByteBuf datagram) {
		FragmentAssembler.Rejection rejection = this.assembler.accept(path, datagram, this.vl1.now());
		if (rejection != null) {
			DropReason reason = switch (rejection) {
				case MALFORMED -> DropReason.FRAGMENT_MALFORMED;
				case DUPLICATE -> DropReason.FRAGMENT_DUPLICATE;
				case TOO_LONG -> DropReason.TOO_LONG;
			};
			this.vl1.counters.drop(reason);
		}
	}

	// Authenticate and dispatch a whole packet; takes ownership (7.2).
	void decode(Path path, ByteBuf packet) {
		CipherSuite suite = PacketHeader.cipherSuite(packet);
		if (suite == null || suite == CipherSuite.NONE) {
			drop(packet, DropReason.CIPHER_REFUSED);
			return;
		}
		if (suite == CipherSuite.C25519_POLY1305_NONE && PacketHeader.verb(packet) == Verb.HELLO) {
			hello(path, packet);
			return;
		}
		Peer peer = this.vl1.peer(PacketHeader.sourceValue(packet));
		if (peer == null) {
			this.vl1.waiting.hold(path, packet);
			return;
		}
		if (!peer.cipher.dearmor(packet)) {
			drop(packet, DropReason.BAD_MAC);
			return;
		}
		ByteBuf plain;
		try {
			plain = Lz4.decompress(packet, ByteBufAllocator.DEFAULT);
		}
		catch (MalformedPacketException ex) {
			drop(packet, DropReason.BAD_COMPRESSION);
			return;
		}
		dispatch(peer, this.vl1.paths.intern(path), plain, 0);
	}

	private void hello(Path path, ByteBuf packet) {
		try {
			this.vl1.hello.receive(path, packet);
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			this.vl1.counters.drop(DropReason.MALFORMED);
		}
		finally {
			packet.release();
		}
	}

	// A HELLO was authenticated: what every packet goes through after its handler.
	void helloAccepted(Peer peer, Path path, ByteBuf packet) {
		this.vl1.counters.packetsReceived++;
		dispatch(peer, path, packet.retain(), 0);
	}

	// Offer a deferred packet again; takes ownership.
	void retry(Peer peer, Path path, ByteBuf packet, long since) {
		dispatch(peer, path, packet, since);
	}

	private void dispatch(Peer peer, Path path, ByteBuf packet, long deferredSince) {
		Counters counters = this.vl1.counters;
		Verb verb = PacketHeader.verb(packet);
		int hops = PacketHeader.hops(packet);
		if (deferredSince == 0 && verb != Verb.HELLO) {
			counters.packetsReceived++;
		}
		boolean kept = false;
		int start = packet.readerIndex();
		InboundView view = this.view;
		try {
			if (verb == null) {
				this.vl1.finder.received(peer, path, hops, null, false, Verdict.HANDLED);
				return;
			}
			ByteBuf payload = packet.readerIndex(start + PacketHeader.PAYLOAD);
			view.set(peer, path, packet, payload, verb, packetId(packet, start), hops, deferredSince != 0);
			Verdict verdict = this.verbs.handle(view);
			switch (verdict) {
				case HANDLED, TRUSTED -> this.vl1.finder.received(peer, path, hops, verb, view.confirmed, verdict);
				case IGNORED -> {
				}
				case DEFERRED -> {
					packet.readerIndex(start);
					kept = true;
					this.vl1.waiting.defer(peer, path, packet, (deferredSince != 0) ? deferredSince : this.vl1.now());
				}
			}
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			counters.drop(DropReason.MALFORMED);
		}
		catch (RuntimeException ex) {
			counters.drop(DropReason.FAILED);
			logger.warn("Handling {} of {} failed", verb, peer, ex);
		}
		finally {
			if (!kept) {
				packet.release();
			}
		}
	}

	private static long packetId(ByteBuf packet, int start) {
		return packet.getLong(start + PacketHeader.PACKET_ID);
	}

	void drop(@Nullable ByteBuf packet, DropReason reason) {
		this.vl1.counters.drop(reason);
		if (packet != null) {
			packet.release();
		}
	}

	void expireFragments(long now) {
		this.assembler.expire(now);
		long lost = this.assembler.lost();
		this.vl1.counters.drop(DropReason.FRAGMENT_INCOMPLETE, (int) (lost - this.fragmentsLost));
		this.fragmentsLost = lost;
	}

	void clear() {
		this.assembler.clear();
	}

}
