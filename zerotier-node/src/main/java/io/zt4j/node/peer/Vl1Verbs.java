package io.zt4j.node.peer;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.PushDirectPaths;
import io.zt4j.node.packet.Rendezvous;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.packet.Whois;
import io.zt4j.node.peer.VerbHandler.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of VL1 but HELLO (VL1 8), and the way to the handlers of the others.
 */
final class Vl1Verbs {

	private static final long ECHO_GATE = 166;

	private static final long WHOIS_GATE = 100;

	private static final long PUSH_WINDOW = 30_000;

	private static final int PUSH_LIMIT = 8;

	/** Identities in one OK(WHOIS): as many as fit one datagram. */
	private static final int WHOIS_ANSWERS = 16;

	private final Vl1 vl1;

	private final @Nullable VerbHandler[] handlers = new VerbHandler[32];

	private final LongObjectHashMap<Boolean> validating = new LongObjectHashMap<>();

	Vl1Verbs(Vl1 vl1) {
		this.vl1 = vl1;
	}

	void register(Verb verb, VerbHandler handler) {
		this.handlers[verb.code()] = handler;
	}

	Verdict handle(InboundView packet) {
		return switch (packet.verb()) {
			case NOP, ACK -> Verdict.HANDLED;
			case HELLO -> this.vl1.hello.handle(packet);
			case ERROR -> error(packet);
			case OK -> ok(packet);
			case WHOIS -> whois(packet);
			case RENDEZVOUS -> rendezvous(packet);
			case ECHO -> echo(packet);
			case PUSH_DIRECT_PATHS -> push(packet);
			// without a bond these do not even count (8.10)
			case QOS_MEASUREMENT, PATH_NEGOTIATION_REQUEST -> Verdict.IGNORED;
			default -> external(packet);
		};
	}

	private Verdict external(InboundView packet) {
		VerbHandler handler = this.handlers[packet.verb().code()];
		if (handler == null) {
			return Verdict.HANDLED;
		}
		Verdict verdict = handler.handle(packet);
		if (verdict == Verdict.IGNORED) {
			this.vl1.counters.drop(DropReason.REFUSED);
		}
		return verdict;
	}

	private Verdict error(InboundView packet) {
		ByteBuf payload = packet.payload();
		if (payload.getUnsignedByte(payload.readerIndex() + 9) == ErrorCode.IDENTITY_COLLISION.code()) {
			if (this.vl1.upstreams.isUpstream(packet.peer.address)) {
				this.vl1.collisions.reportedBy(packet.peer);
			}
			return Verdict.HANDLED;
		}
		return external(packet);
	}

	private Verdict ok(InboundView packet) {
		ByteBuf payload = packet.payload();
		int start = payload.readerIndex();
		Verb inRe = Verb.of(payload.getUnsignedByte(start));
		long packetId = payload.getLong(start + 1);
		int sentTo = this.vl1.outbound.expected.find(packetId, this.vl1.now());
		if (sentTo == ExpectedReplies.UNEXPECTED) {
			this.vl1.counters.drop(DropReason.OK_UNEXPECTED);
			this.vl1.collisions.unexpectedOk(packet.peer, packetId);
			return Verdict.IGNORED;
		}
		packet.confirmed = sentTo == Path.fingerprint(packet.path.endpoint);
		if (inRe == Verb.HELLO) {
			return this.vl1.hello.handleOk(packet, payload.readerIndex(start + 9));
		}
		if (inRe == Verb.WHOIS) {
			return whoisOk(packet, payload.readerIndex(start + 9));
		}
		if (inRe == Verb.ECHO) {
			return echoOk(packet, payload.readerIndex(start + 9));
		}
		return external(packet);
	}

	private Verdict whois(InboundView packet) {
		Peer peer = packet.peer;
		long now = this.vl1.now();
		if (!this.vl1.isUpstream()) {
			if (now - peer.lastWhoisAnswered < WHOIS_GATE) {
				this.vl1.counters.drop(DropReason.WHOIS_RATE);
				return Verdict.IGNORED;
			}
			peer.lastWhoisAnswered = now;
		}
		ByteBuf answer = null;
		int found = 0;
		for (Address address : Whois.read(packet.payload()).addresses()) {
			Identity identity = this.vl1.identityOf(address);
			if (identity == null) {
				this.vl1.waiting.whois(address);
			}
			else if (found++ < WHOIS_ANSWERS) {
				answer = (answer != null) ? answer : this.vl1.replies.newOk(packet, Verb.WHOIS);
				identity.write(answer);
			}
		}
		if (answer != null) {
			this.vl1.replies.send(packet, Verb.OK, answer);
		}
		return Verdict.HANDLED;
	}

	// the memory-hard check delays first contact by tens of milliseconds, and is worth it
	private Verdict whoisOk(InboundView packet, ByteBuf payload) {
		if (!this.vl1.upstreams.isUpstream(packet.peer.address)) {
			return Verdict.HANDLED;
		}
		for (Identity identity : Whois.readOk(payload)) {
			long address = identity.address().value();
			if (this.vl1.waiting.wasAsked(identity.address()) && this.vl1.peer(address) == null
					&& this.validating.put(address, Boolean.TRUE) == null) {
				boolean started = this.vl1.validator.validate(identity, (valid) -> {
					this.validating.remove(address);
					if (!valid) {
						this.vl1.counters.drop(DropReason.IDENTITY_INVALID);
					}
					else if (this.vl1.peer(address) == null) {
						this.vl1.addPeer(identity);
					}
				});
				if (!started) {
					this.validating.remove(address);
					this.vl1.counters.drop(DropReason.IDENTITY_RATE);
				}
			}
		}
		return Verdict.HANDLED;
	}

	private Verdict rendezvous(InboundView packet) {
		if (!this.vl1.upstreams.isUpstream(packet.peer.address)) {
			return Verdict.HANDLED;
		}
		Rendezvous rendezvous = Rendezvous.read(packet.payload());
		Peer peer = this.vl1.peer(rendezvous.peer().value());
		if (peer != null && this.vl1.rules.usable(peer.address, rendezvous.endpoint())) {
			this.vl1.finder.rendezvous(peer, packet.path.socket, rendezvous.endpoint());
		}
		return Verdict.HANDLED;
	}

	private Verdict echo(InboundView packet) {
		long now = this.vl1.now();
		if (now - packet.path.lastEchoAnswered < ECHO_GATE) {
			this.vl1.counters.drop(DropReason.ECHO_RATE);
			return Verdict.IGNORED;
		}
		packet.path.lastEchoAnswered = now;
		ByteBuf payload = packet.payload();
		ByteBuf answer = this.vl1.replies.newOk(packet, Verb.ECHO);
		answer.writeBytes(payload, payload.readerIndex(), Math.min(payload.readableBytes(), answer.maxWritableBytes()));
		this.vl1.replies.send(packet, Verb.OK, answer);
		return Verdict.HANDLED;
	}

	private Verdict echoOk(InboundView packet, ByteBuf payload) {
		// our own ECHOs carry the time they were sent
		if (packet.hops() == 0 && packet.confirmed && payload.readableBytes() == Long.BYTES) {
			packet.path.measured(this.vl1.now() - payload.readLong());
		}
		return Verdict.HANDLED;
	}

	private Verdict push(InboundView packet) {
		Peer peer = packet.peer;
		long now = this.vl1.now();
		peer.pushesReceived = (now - peer.lastPushReceived <= PUSH_WINDOW) ? peer.pushesReceived + 1 : 0;
		peer.lastPushReceived = now;
		if (peer.pushesReceived >= PUSH_LIMIT) {
			this.vl1.counters.drop(DropReason.PUSH_RATE);
			return Verdict.IGNORED;
		}
		this.vl1.finder.pushed(peer, packet.path, PushDirectPaths.read(packet.payload()));
		return Verdict.HANDLED;
	}

}
