package io.zt4j.node.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.Member.Acceptance;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import io.zt4j.node.network.credential.Credential;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.packet.Verb;
import org.jspecify.annotations.Nullable;

/**
 * The members of one network as this node knows them: who may exchange frames, and who
 * was shown the own credentials (VL2 8). Records are made for members whose credentials
 * verify, for members that frames are sent to, and on public networks for peers that send
 * frames; they are bounded, and expire when of no use for four hours.
 */
final class Membership {

	static final int MAX_MEMBERS = 8_192;

	/**
	 * A member of no use for so long is forgotten. Not below the longest credential
	 * window (VL2 18.6): what was revoked must not come back to life.
	 */
	static final long LIFETIME = 2 * 7_200_000;

	/** Own credentials are pushed again after this time even if nothing changed. */
	static final long PUSH_INTERVAL = 500_000;

	/** On request they are pushed again after this time. */
	static final long REQUESTED_PUSH_INTERVAL = 1_000;

	/** Packets of one push are this far apart, because of the receiver's gate. */
	private static final long PUSH_SPACING = 1_100;

	private final NodeContext context;

	private final NetworkId network;

	private final LongObjectHashMap<Member> members = new LongObjectHashMap<>();

	private @Nullable NetworkConfig config;

	private List<byte[]> ownCredentials = List.of();

	private long configuredAt;

	Membership(NodeContext context, NetworkId network) {
		this.context = context;
		this.network = network;
	}

	/**
	 * A new configuration is in force: own credentials have to be pushed anew.
	 * @param config the configuration
	 * @param now epoch milliseconds
	 */
	void configured(NetworkConfig config, long now) {
		this.config = config;
		this.configuredAt = now;
		this.ownCredentials = encode(config);
	}

	/**
	 * The gate (VL2 8.4): find the record of a peer that may exchange frames.
	 * @param peer the peer, proved by VL1
	 * @param now epoch milliseconds
	 * @return its record, or null if it may not
	 */
	@Nullable Member admit(Identity peer, long now) {
		NetworkConfig config = this.config;
		if (config == null) {
			return null;
		}
		Member member = this.members.get(peer.address().value());
		if (config.isPublic()) {
			if (member == null) {
				member = create(peer.address(), now);
			}
		}
		else if (member == null || !member.passes(config.membership(), peer)) {
			return null;
		}
		member.lastUse = now;
		return member;
	}

	/**
	 * Whether a known member passes the gate now.
	 * @param member the member
	 * @param identity its identity
	 * @return true if it does
	 */
	boolean isAdmitted(Member member, Identity identity) {
		NetworkConfig config = this.config;
		return config != null && (config.isPublic() || member.passes(config.membership(), identity));
	}

	/**
	 * Find or make the record of a member a frame is sent to.
	 * @param address the member's address
	 * @param now epoch milliseconds
	 * @return the record
	 */
	Member recipient(long address, long now) {
		Member member = this.members.get(address);
		if (member == null) {
			member = create(new Address(address), now);
		}
		member.lastUse = now;
		return member;
	}

	@Nullable Member find(Address address) {
		return this.members.get(address.value());
	}

	Collection<Member> members() {
		return this.members.values();
	}

	/**
	 * Take a credential of this network from whoever brings it (VL2 8.1, 8.2). The
	 * controller's identity must be known.
	 * @param credential the credential
	 * @param from who brought it
	 * @param now epoch milliseconds
	 * @return what became of it
	 */
	Acceptance add(Credential credential, Address from, long now) {
		Address holder = credential.issuedTo();
		if (holder.isReserved()) {
			this.context.drop(DropReason.CREDENTIAL_REJECTED);
			return Acceptance.REJECTED;
		}
		Member known = this.members.get(holder.value());
		Member member = (known != null) ? known : new Member(holder, this.network);
		Acceptance acceptance = member.add(credential, this.context::identityOf);
		if (acceptance == Acceptance.REJECTED) {
			this.context.drop(DropReason.CREDENTIAL_REJECTED);
			return acceptance;
		}
		// Only what verified makes a record (VL2 25).
		if (known == null) {
			put(member, now);
		}
		member.lastUse = now;
		if (acceptance == Acceptance.NEW && credential instanceof Revocation revocation
				&& revocation.isFastPropagate()) {
			propagate(revocation, from);
		}
		return acceptance;
	}

	/**
	 * Push the own credentials to a member before a frame, unless it has them (VL2 8.3).
	 * @param member the member
	 * @param now epoch milliseconds
	 */
	void pushIfNeeded(Member member, long now) {
		if (member.lastPush < this.configuredAt || now - member.lastPush >= PUSH_INTERVAL) {
			push(member, now);
		}
	}

	/**
	 * Push the own credentials to a peer that asked for them (VL2 8.3).
	 * @param peer the peer
	 * @param now epoch milliseconds
	 */
	void pushOnRequest(Address peer, long now) {
		if (this.config == null || this.config.membership() == null) {
			return;
		}
		// A stranger may ask: it gets an answer, but no record for the asking alone.
		Member member = this.members.get(peer.value());
		if (member == null) {
			if (this.context.strangerPushes.take(peer.value(), now)) {
				push(new Member(peer, this.network), now);
			}
		}
		else if (member.lastPush < this.configuredAt || now - member.lastPush > REQUESTED_PUSH_INTERVAL) {
			push(member, now);
		}
	}

	private void push(Member member, long now) {
		member.lastPush = now;
		long delay = 0;
		for (byte[] credentials : this.ownCredentials) {
			if (delay == 0) {
				send(member.address, credentials, true);
			}
			else {
				this.context.loop.schedule(() -> {
					send(member.address, credentials, true);
					this.context.sender.flush();
				}, delay, TimeUnit.MILLISECONDS);
			}
			delay += PUSH_SPACING;
		}
	}

	private void propagate(Revocation revocation, Address from) {
		ByteBuf payload = Unpooled.buffer(16 + Revocation.LENGTH);
		NetworkCredentials.of(revocation).write(payload);
		byte[] bytes = ByteBufUtil.getBytes(payload);
		for (Member member : this.members.values()) {
			if (!member.address.equals(from) && !member.address.equals(revocation.signer())) {
				send(member.address, bytes, false);
			}
		}
	}

	private void send(Address to, byte[] payload, boolean compress) {
		ByteBuf packet = this.context.sender.newPacket(payload.length);
		packet.writeBytes(payload);
		this.context.sender.send(to, Verb.NETWORK_CREDENTIALS, packet, compress);
	}

	/**
	 * Forget members that were of no use for long.
	 * @param now epoch milliseconds
	 */
	void sweep(long now) {
		Iterator<Member> all = this.members.values().iterator();
		while (all.hasNext()) {
			if (now - all.next().lastUse >= LIFETIME) {
				all.remove();
			}
		}
	}

	private Member create(Address address, long now) {
		Member member = new Member(address, this.network);
		put(member, now);
		return member;
	}

	private void put(Member member, long now) {
		if (this.members.size() >= MAX_MEMBERS) {
			evict();
		}
		member.lastUse = now;
		this.members.put(member.address.value(), member);
	}

	private void evict() {
		Member oldest = null;
		for (Member member : this.members.values()) {
			if (oldest == null || (oldest.isRevoked() && !member.isRevoked())
					|| (oldest.isRevoked() == member.isRevoked() && member.lastUse < oldest.lastUse)) {
				oldest = member;
			}
		}
		if (oldest != null) {
			this.members.remove(oldest.address.value());
			this.context.drop(DropReason.TABLE_FULL);
		}
	}

	// The certificate of membership comes first, further packets have none (VL2 8.3).
	private static List<byte[]> encode(NetworkConfig config) {
		Deque<Capability> capabilities = new ArrayDeque<>(config.capabilities());
		Deque<Tag> tags = new ArrayDeque<>(config.tags());
		Deque<CertificateOfOwnership> ownerships = new ArrayDeque<>(config.certificatesOfOwnership());
		CertificateOfMembership membership = config.membership();
		List<CertificateOfMembership> memberships = (membership != null) ? List.of(membership) : List.of();
		List<byte[]> packets = new ArrayList<>(1);
		while (!memberships.isEmpty() || !capabilities.isEmpty() || !tags.isEmpty() || !ownerships.isEmpty()) {
			int[] room = { NodeContext.MAX_PAYLOAD - 9 };
			memberships.forEach((certificate) -> room[0] -= certificate.toByteArray().length);
			ByteBuf out = Unpooled.buffer(1_024);
			new NetworkCredentials(memberships, fitting(capabilities, room), fitting(tags, room), List.of(),
					fitting(ownerships, room))
				.write(out);
			packets.add(ByteBufUtil.getBytes(out));
			memberships = List.of();
		}
		return List.copyOf(packets);
	}

	private static <C extends Credential> List<C> fitting(Deque<C> credentials, int[] room) {
		List<C> fitting = new ArrayList<>();
		for (C next = credentials.peek(); next != null; next = credentials.peek()) {
			int length = next.toByteArray().length;
			if (length > room[0]) {
				break;
			}
			room[0] -= length;
			fitting.add(credentials.remove());
		}
		return fitting;
	}

}
