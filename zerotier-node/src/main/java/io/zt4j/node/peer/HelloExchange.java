package io.zt4j.node.peer;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.ErrorHeader;
import io.zt4j.node.packet.Hello;
import io.zt4j.node.packet.HelloOk;
import io.zt4j.node.packet.PacketCipher;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.transport.PhysicalTransport.LocalSocket;
import io.zt4j.node.world.World;
import org.jspecify.annotations.Nullable;

/**
 * HELLO and OK(HELLO): who a peer is, what it speaks, how far it is, how it sees us (VL1
 * 8.2).
 */
final class HelloExchange {

	private static final int MOON_RECORD = 17;

	/** Copies of a HELLO kept while its identity is checked: one per socket (13.2). */
	private static final int COPIES = 4;

	private final Vl1 vl1;

	private final long incarnation;

	private final long started;

	private final PrefixGate gate = new PrefixGate(500, 32);

	// bounds key agreements for unknown senders: 0.1 ms each
	private final TokenBucket agreements = new TokenBucket(500, 500);

	private final Map<Address, List<Pending>> pending = new HashMap<>();

	HelloExchange(Vl1 vl1, long incarnation) {
		this.vl1 = vl1;
		this.incarnation = incarnation;
		this.started = vl1.now();
	}

	// Send HELLO over a path, known or to be confirmed.
	void send(Peer peer, Path path) {
		long now = this.vl1.now();
		path.lastOut = now;
		path.probed(now);
		send(peer, path.socket, path.endpoint);
	}

	// Send HELLO to an endpoint.
	// socket: from which socket, null for all
	void send(Peer peer, @Nullable LocalSocket socket, InetSocketAddress endpoint) {
		ByteBuf packet = this.vl1.newPacket(192);
		int tail = write(packet, endpoint);
		this.vl1.outbound.sendTo(peer, socket, endpoint, Verb.HELLO, packet, tail);
	}

	// Send HELLO through an upstream, for want of any endpoint (11.3).
	void sendRelayed(Peer peer, Path relay) {
		send(peer, relay.socket, relay.endpoint);
	}

	private int write(ByteBuf packet, InetSocketAddress endpoint) {
		Upstreams upstreams = this.vl1.upstreams;
		World planet = upstreams.planet();
		Hello hello = new Hello(Protocol.VERSION, Protocol.MAJOR, Protocol.MINOR, Protocol.REVISION, this.vl1.now(),
				this.vl1.identity(), endpoint, planet.id(), planet.timestamp(), upstreams.moonTimestamps());
		int tail = hello.write(packet);
		int count = packet.readerIndex() + tail;
		packet.setShort(count, packet.getUnsignedShort(count) + 1);
		packet.writeByte(Incarnation.RECORD_TYPE);
		packet.writeLong(this.incarnation);
		packet.writeLong(this.started);
		return tail;
	}

	// Take a HELLO in clear text that is not authenticated yet; keeps no ownership.
	void receive(Path path, ByteBuf packet) {
		if (Hello.protocol(packet) < Protocol.MINIMUM_VERSION) {
			this.vl1.counters.drop(DropReason.HELLO_OLD);
			return;
		}
		Identity identity = Hello.identity(packet);
		Address address = identity.address();
		if (address.value() != PacketHeader.sourceValue(packet)) {
			this.vl1.counters.drop(DropReason.HELLO_MISMATCH);
			return;
		}
		Peer peer = this.vl1.peer(address.value());
		if (peer == null) {
			receiveUnknown(path, packet, identity);
		}
		else if (!peer.identity.equals(identity)) {
			collision(path, packet, identity);
		}
		else if (!peer.cipher.dearmor(packet)) {
			this.vl1.counters.drop(DropReason.BAD_MAC);
		}
		else {
			this.vl1.inbound.helloAccepted(peer, this.vl1.paths.intern(path), packet);
		}
	}

	private void receiveUnknown(Path path, ByteBuf packet, Identity identity) {
		List<Pending> copies = this.pending.get(identity.address());
		if (copies != null) {
			if (copies.size() < COPIES) {
				copies.add(new Pending(path, packet.retain()));
			}
			else {
				this.vl1.counters.drop(DropReason.IDENTITY_RATE);
			}
			return;
		}
		byte[] key = authenticate(path, packet, identity);
		if (key == null) {
			return;
		}
		if (this.vl1.registry.isFull()) {
			this.vl1.counters.drop(DropReason.PEERS_FULL);
			return;
		}
		boolean started = this.vl1.validator.validate(identity, (valid) -> validated(identity, key, valid));
		if (!started) {
			this.vl1.counters.drop(DropReason.IDENTITY_RATE);
			return;
		}
		List<Pending> first = new ArrayList<>(COPIES);
		first.add(new Pending(path, packet.retain()));
		this.pending.put(identity.address(), first);
	}

	private byte @Nullable [] authenticate(Path path, ByteBuf packet, Identity identity) {
		long now = this.vl1.now();
		if (!this.gate.pass(path.ip(), now) || !this.agreements.pass(now)) {
			this.vl1.counters.drop(DropReason.IDENTITY_RATE);
			return null;
		}
		byte[] key = this.vl1.identity().agree(identity);
		if (!new PacketCipher(key).dearmor(packet)) {
			this.vl1.counters.drop(DropReason.BAD_MAC);
			return null;
		}
		return key;
	}

	private void validated(Identity identity, byte[] key, boolean valid) {
		List<Pending> copies = this.pending.remove(identity.address());
		if (copies == null) {
			return;
		}
		if (!valid) {
			this.vl1.counters.drop(DropReason.IDENTITY_INVALID, copies.size());
		}
		else if (this.vl1.isRunning()) {
			if (this.vl1.peer(identity.address().value()) == null) {
				this.vl1.addPeer(identity, key);
			}
			for (Pending copy : copies) {
				// the copies after the first are not authenticated yet
				this.vl1.inbound.decode(copy.path, copy.packet.retain());
			}
		}
		copies.forEach((copy) -> copy.packet.release());
		this.vl1.flush();
	}

	// the reply is armored with the colliding key, so that the collider can read it
	private void collision(Path path, ByteBuf packet, Identity identity) {
		byte[] key = authenticate(path, packet, identity);
		if (key == null) {
			return;
		}
		this.vl1.counters.drop(DropReason.IDENTITY_COLLISION);
		Peer collider = new Peer(identity, new PacketCipher(key), this.vl1.now());
		collisionReply(collider, path, PacketHeader.packetId(packet));
	}

	void collisionReply(Peer peer, Path path, long packetId) {
		ByteBuf reply = this.vl1.newPacket(ErrorHeader.LENGTH);
		ErrorHeader.write(reply, Verb.HELLO, packetId, ErrorCode.IDENTITY_COLLISION);
		this.vl1.outbound.sendDirect(peer, path, Verb.ERROR, reply);
	}

	// Handle an authenticated HELLO.
	Verdict handle(InboundView view) {
		ByteBuf packet = view.packet;
		packet.readerIndex(packet.readerIndex() - PacketHeader.PAYLOAD);
		Peer peer = view.peer;
		if (Hello.protocol(packet) < Protocol.MINIMUM_VERSION) {
			this.vl1.counters.drop(DropReason.HELLO_OLD);
			return Verdict.IGNORED;
		}
		if (!Hello.identity(packet).equals(peer.identity)) {
			this.vl1.counters.drop(DropReason.HELLO_MISMATCH);
			return Verdict.IGNORED;
		}
		int tail = Hello.tailOffset(packet);
		if (tail < packet.readableBytes()) {
			peer.cipher.cipherHelloTail(packet, tail);
		}
		Hello hello = Hello.read(packet);
		InetSocketAddress seenAs = hello.endpoint();
		if (view.hops() == 0 && seenAs != null) {
			this.vl1.awareness.report(peer, view.path, seenAs);
		}
		reply(view, hello);
		peer.version(hello.protocol(), hello.major(), hello.minor(), hello.revision());
		incarnation(view, packet, tail, hello.timestamp());
		return Verdict.HANDLED;
	}

	private void reply(InboundView view, Hello hello) {
		InetSocketAddress from = view.path.endpoint;
		if (hello.protocol() < 5) {
			from = new InetSocketAddress(from.getAddress(), 0);
		}
		HelloOk ok = new HelloOk(hello.timestamp(), Protocol.VERSION, Protocol.MAJOR, Protocol.MINOR, Protocol.REVISION,
				from, this.vl1.upstreams.updatesFor(hello));
		ByteBuf packet = this.vl1.replies.newOk(view, Verb.HELLO);
		ok.write(packet);
		this.vl1.replies.send(view, Verb.OK, packet);
	}

	private void incarnation(InboundView view, ByteBuf packet, int tail, long timestamp) {
		int length = packet.readableBytes();
		if (tail + 2 > length) {
			return;
		}
		int count = packet.getUnsignedShort(packet.readerIndex() + tail);
		for (int i = 0, offset = tail + 2; i < count && offset + MOON_RECORD <= length; i++, offset += MOON_RECORD) {
			int index = packet.readerIndex() + offset;
			if (packet.getUnsignedByte(index) == Incarnation.RECORD_TYPE) {
				Incarnation.Verdict verdict = view.peer.incarnation.hello(packet.getLong(index + 1), timestamp,
						this.vl1.now());
				if (verdict != Incarnation.Verdict.SAME) {
					this.vl1.finder.restarted(view.peer, view.path);
				}
				if (verdict == Incarnation.Verdict.TWIN) {
					this.vl1.collisions.twin(view.peer, view.path, view.packetId());
				}
				return;
			}
		}
	}

	// Handle an OK(HELLO) that was expected; the reader index is at packet offset 37.
	Verdict handleOk(InboundView view, ByteBuf payload) {
		Peer peer = view.peer;
		long timestamp = payload.getLong(payload.readerIndex());
		if (payload.getUnsignedByte(payload.readerIndex() + 8) < Protocol.MINIMUM_VERSION) {
			this.vl1.counters.drop(DropReason.HELLO_OLD);
			return Verdict.IGNORED;
		}
		boolean trusted = this.vl1.upstreams.isTrustedSource(peer.address);
		HelloOk ok = HelloOk.read(payload);
		if (view.hops() == 0 && view.confirmed) {
			view.path.measured(this.vl1.now() - timestamp);
		}
		peer.version(ok.protocol(), ok.major(), ok.minor(), ok.revision());
		InetSocketAddress seenAs = ok.endpoint();
		if (view.hops() == 0 && seenAs != null) {
			this.vl1.awareness.report(peer, view.path, seenAs);
		}
		if (trusted) {
			ok.worlds().forEach((world) -> this.vl1.upstreams.offer(world, peer.address));
		}
		return Verdict.HANDLED;
	}

	void clear() {
		this.pending.values().forEach((copies) -> copies.forEach((copy) -> copy.packet.release()));
		this.pending.clear();
	}

	private record Pending(Path path, ByteBuf packet) {
	}

}
