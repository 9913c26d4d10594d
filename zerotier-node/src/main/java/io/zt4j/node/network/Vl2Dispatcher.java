package io.zt4j.node.network;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.Member.Acceptance;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.Credential;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.MalformedPacketException;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.InboundPacket;
import io.zt4j.node.peer.VerbHandler;
import io.zt4j.node.peer.VerbHandler.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Takes the VL2 verbs from VL1 and hands them to the networks they are about. What is
 * malformed ends here, counted.
 */
final class Vl2Dispatcher {

	/**
	 * Credentials of a peer are looked at once a second (VL2 8.1); a few at once, as two
	 * nodes may share several networks and push for each.
	 */
	private static final int CREDENTIALS_BURST = 4;

	private static final long CREDENTIALS_INTERVAL = 1_000;

	private static final int HAS_MEMBERSHIP = 0x01;

	private static final int HAS_GATHER_RESULTS = 0x02;

	private final NodeContext context;

	private final LongObjectHashMap<VirtualNetwork> networks;

	private final PeerBudget credentialBudget = new PeerBudget(CREDENTIALS_BURST, CREDENTIALS_INTERVAL);

	Vl2Dispatcher(NodeContext context, LongObjectHashMap<VirtualNetwork> networks) {
		this.context = context;
		this.networks = networks;
	}

	Map<Verb, VerbHandler> handlers() {
		Map<Verb, VerbHandler> handlers = new EnumMap<>(Verb.class);
		handlers.put(Verb.FRAME, guard((packet) -> {
			VirtualNetwork network = network(packet);
			return (network != null) ? network.receiver().frame(packet) : notJoined(Verdict.HANDLED);
		}));
		handlers.put(Verb.EXT_FRAME, guard((packet) -> {
			VirtualNetwork network = network(packet);
			return (network != null) ? network.receiver().extFrame(packet) : notJoined(Verdict.HANDLED);
		}));
		handlers.put(Verb.MULTICAST_FRAME, guard((packet) -> {
			VirtualNetwork network = network(packet);
			return (network != null) ? network.receiver().multicastFrame(packet) : notJoined(Verdict.IGNORED);
		}));
		handlers.put(Verb.NETWORK_CONFIG, guard((packet) -> {
			VirtualNetwork network = network(packet);
			return (network != null) ? network.requester().push(packet) : notJoined(Verdict.HANDLED);
		}));
		handlers.put(Verb.NETWORK_CONFIG_REQUEST, guard(this::configRequest));
		handlers.put(Verb.NETWORK_CREDENTIALS, guard(this::credentials));
		handlers.put(Verb.MULTICAST_LIKE, guard(this::like));
		handlers.put(Verb.MULTICAST_GATHER, guard(this::gather));
		handlers.put(Verb.OK, guard(this::ok));
		handlers.put(Verb.ERROR, guard(this::error));
		return handlers;
	}

	void sweep(long now) {
		this.credentialBudget.sweep(now);
	}

	private VerbHandler guard(VerbHandler handler) {
		return (packet) -> {
			try {
				return handler.handle(packet);
			}
			catch (MalformedPacketException | IndexOutOfBoundsException ex) {
				this.context.drop(DropReason.MALFORMED);
				return Verdict.IGNORED;
			}
		};
	}

	private @Nullable VirtualNetwork network(InboundPacket packet) {
		ByteBuf payload = packet.payload();
		return this.networks.get(payload.getLong(payload.readerIndex()));
	}

	private Verdict notJoined(Verdict verdict) {
		this.context.drop(DropReason.NOT_JOINED);
		return verdict;
	}

	/* VL1 8.9 */
	private Verdict configRequest(InboundPacket packet) {
		long id = packet.payload().getLong(packet.payload().readerIndex());
		this.context.sender.replyError(packet, ErrorCode.UNSUPPORTED_OPERATION, (out) -> out.writeLong(id));
		return Verdict.HANDLED;
	}

	/* VL2 8.1 */
	private Verdict credentials(InboundPacket packet) {
		long now = this.context.sender.now();
		Address from = packet.source().address();
		// A deferred packet had its turn already.
		if (!packet.isRetry() && !this.credentialBudget.take(from.value(), now)) {
			this.context.drop(DropReason.CREDENTIALS_TOO_OFTEN);
			return Verdict.IGNORED;
		}
		NetworkCredentials credentials = NetworkCredentials.read(packet.payload().duplicate());
		boolean accepted = false;
		boolean news = false;
		for (List<? extends Credential> list : List.of(credentials.memberships(), credentials.capabilities(),
				credentials.tags(), credentials.revocations(), credentials.certificatesOfOwnership())) {
			for (Credential credential : list) {
				VirtualNetwork network = this.networks.get(credential.network().value());
				if (network == null) {
					this.context.drop(DropReason.NOT_JOINED);
					continue;
				}
				Address controller = network.id().controller();
				if (this.context.identityOf(controller) == null) {
					this.context.sender.whois(controller);
					return Verdict.DEFERRED;
				}
				Acceptance acceptance = network.membership().add(credential, from, now);
				accepted |= acceptance != Acceptance.REJECTED;
				news |= acceptance == Acceptance.NEW;
			}
		}
		if (news) {
			this.context.sender.retryDeferred();
		}
		return accepted ? Verdict.TRUSTED : Verdict.HANDLED;
	}

	/* VL2 11.2 */
	private Verdict like(InboundPacket packet) {
		ByteBuf in = packet.payload().duplicate();
		Address from = packet.source().address();
		long now = this.context.sender.now();
		boolean member = false;
		boolean trusted = false;
		boolean allowed = false;
		long previous = 0;
		boolean first = true;
		while (in.isReadable()) {
			long id = in.readLong();
			MulticastGroup group = MulticastGroup.read(in);
			VirtualNetwork network = this.networks.get(id);
			// The gate is asked once for a run of tuples of one network.
			if (first || id != previous) {
				member = network != null && network.admit(packet.source()) != null;
				allowed = member || isDirectoryFor(id, from);
				trusted |= member;
				previous = id;
				first = false;
			}
			if (!allowed) {
				this.context.drop(DropReason.NOT_A_MEMBER);
			}
			else if (!this.context.groups.like(id, group.mac().value(), group.adi(), from.value(), now)) {
				this.context.drop(DropReason.TABLE_FULL);
			}
			else if (network != null) {
				network.multicaster().memberKnown(group, from, now);
			}
		}
		return trusted ? Verdict.TRUSTED : Verdict.HANDLED;
	}

	private boolean isDirectoryFor(long id, Address member) {
		ControllerRole controller = this.context.controller;
		return this.context.sender.isUpstream()
				|| (controller != null && controller.servedRecently(new NetworkId(id), member));
	}

	/* VL2 11.5 */
	private Verdict gather(InboundPacket packet) {
		ByteBuf in = packet.payload().duplicate();
		long id = in.readLong();
		int flags = in.readUnsignedByte();
		MulticastGroup group = MulticastGroup.read(in);
		long limit = in.readUnsignedInt();
		Address from = packet.source().address();
		long now = this.context.sender.now();
		VirtualNetwork network = this.networks.get(id);
		if ((flags & HAS_MEMBERSHIP) != 0 && network != null) {
			learnMembership(network, in, from, now);
		}
		boolean member = network != null && network.admit(packet.source()) != null;
		if (!member && !isDirectoryFor(id, from)) {
			this.context.drop(DropReason.NOT_A_MEMBER);
			return Verdict.HANDLED;
		}
		GatherResults results = GatherResults.of(this.context, network, id, group, from, limit);
		if (!results.isEmpty()) {
			this.context.sender.replyOk(packet, Verb.MULTICAST_GATHER, (out) -> {
				out.writeLong(id);
				group.write(out);
				results.write(out);
			});
		}
		return member ? Verdict.TRUSTED : Verdict.HANDLED;
	}

	private void learnMembership(VirtualNetwork network, ByteBuf in, Address from, long now) {
		try {
			CertificateOfMembership certificate = CertificateOfMembership.read(in);
			if (certificate.network().equals(network.id())
					&& this.context.identityOf(network.id().controller()) != null) {
				network.membership().add(certificate, from, now);
			}
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			// The gather is answered all the same if the asker is a member (VL2 11.5).
			this.context.drop(DropReason.MALFORMED);
		}
	}

	private Verdict ok(InboundPacket packet) {
		ByteBuf in = packet.payload().duplicate();
		Verb inRe = Verb.of(in.readUnsignedByte());
		in.skipBytes(Long.BYTES);
		if (inRe != Verb.NETWORK_CONFIG_REQUEST && inRe != Verb.MULTICAST_GATHER && inRe != Verb.MULTICAST_FRAME) {
			return Verdict.HANDLED;
		}
		long id = in.getLong(in.readerIndex());
		VirtualNetwork network = this.networks.get(id);
		if (network == null) {
			return notJoined(Verdict.HANDLED);
		}
		if (inRe == Verb.NETWORK_CONFIG_REQUEST) {
			return network.requester().reply(packet, in);
		}
		Address from = packet.source().address();
		if (!mayTellMembers(network, from)) {
			this.context.drop(DropReason.REPLY_NOT_ALLOWED);
			return Verdict.HANDLED;
		}
		in.skipBytes(Long.BYTES);
		MulticastGroup group = MulticastGroup.read(in);
		if (inRe == Verb.MULTICAST_GATHER) {
			gathered(network, group, GatherResults.read(in));
			return Verdict.HANDLED;
		}
		int flags = in.readUnsignedByte();
		if ((flags & HAS_MEMBERSHIP) != 0) {
			CertificateOfMembership certificate = CertificateOfMembership.read(in);
			if (certificate.network().equals(network.id())
					&& this.context.identityOf(network.id().controller()) != null) {
				network.membership().add(certificate, from, this.context.sender.now());
			}
		}
		if ((flags & HAS_GATHER_RESULTS) != 0) {
			gathered(network, group, GatherResults.read(in));
		}
		return Verdict.HANDLED;
	}

	/* whoever is asked: directories, and members that frames were sent to */
	private boolean mayTellMembers(VirtualNetwork network, Address from) {
		return network.membership().find(from) != null || network.ownGroups().directoryHolders().contains(from);
	}

	private void gathered(VirtualNetwork network, MulticastGroup group, GatherResults results) {
		NetworkConfig config = network.config();
		long now = this.context.sender.now();
		// No more than was asked for: an answer must not fill the directory.
		int limit = (config != null) ? config.multicastLimit() + 1 : 0;
		for (int i = 0; i < results.addresses().length && i < limit; i++) {
			Address member = new Address(results.addresses()[i]);
			if (member.isReserved() || member.equals(this.context.self)) {
				continue;
			}
			if (this.context.groups.like(network.id().value(), group.mac().value(), group.adi(), member.value(), now)) {
				network.multicaster().memberKnown(group, member, now);
			}
			else {
				this.context.drop(DropReason.TABLE_FULL);
			}
		}
	}

	/* VL1 8.3, VL2 5 */
	private Verdict error(InboundPacket packet) {
		ByteBuf in = packet.payload().duplicate();
		Verb inRe = Verb.of(in.readUnsignedByte());
		in.skipBytes(Long.BYTES);
		ErrorCode code = ErrorCode.of(in.readUnsignedByte());
		if (code == null) {
			return Verdict.HANDLED;
		}
		switch (code) {
			case OBJ_NOT_FOUND, UNSUPPORTED_OPERATION -> {
				if (inRe == Verb.NETWORK_CONFIG_REQUEST) {
					refusal(packet, code, in);
				}
			}
			case NETWORK_ACCESS_DENIED, NETWORK_AUTHENTICATION_REQUIRED -> refusal(packet, code, in);
			case NEED_MEMBERSHIP_CERTIFICATE -> {
				VirtualNetwork network = this.networks.get(in.readLong());
				if (network != null) {
					network.membership().pushOnRequest(packet.source().address(), this.context.sender.now());
				}
			}
			case UNWANTED_MULTICAST -> unwanted(packet, in);
			default -> {
				// about VL1, or without effect
			}
		}
		return Verdict.HANDLED;
	}

	private void refusal(InboundPacket packet, ErrorCode code, ByteBuf in) {
		VirtualNetwork network = this.networks.get(in.readLong());
		if (network != null) {
			network.requester().error(packet.source().address(), code, in);
		}
		else {
			this.context.drop(DropReason.NOT_JOINED);
		}
	}

	private void unwanted(InboundPacket packet, ByteBuf in) {
		VirtualNetwork network = this.networks.get(in.readLong());
		MulticastGroup group = MulticastGroup.read(in);
		if (network != null && network.admit(packet.source()) != null) {
			this.context.groups.remove(network.id().value(), group.mac().value(), group.adi(),
					packet.source().address().value());
		}
		else {
			this.context.drop(DropReason.REPLY_NOT_ALLOWED);
		}
	}

}
