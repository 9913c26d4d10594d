package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.Verb;

/**
 * The multicast groups this node wants the frames of on one network, and their
 * announcement by MULTICAST_LIKE: at once when new, then every 60 s (VL2 11.1, 11.2).
 */
final class OwnGroups {

	static final long ANNOUNCEMENT_INTERVAL = 60_000;

	static final int MAX_GROUPS = 4_096;

	private static final long BEHIND_LIFETIME = 1_200_000;

	private static final int TUPLE = Long.BYTES + MulticastGroup.LENGTH;

	private final NodeContext context;

	private final VirtualNetwork network;

	private final long id;

	private final Set<MulticastGroup> subscribed = new HashSet<>();

	private Set<MulticastGroup> resolving = Set.of();

	private final Map<MulticastGroup, Long> behind = new HashMap<>();

	private long lastAnnouncement = Long.MIN_VALUE / 2;

	OwnGroups(NodeContext context, VirtualNetwork network) {
		this.context = context;
		this.network = network;
		this.id = network.id().value();
	}

	void subscribe(MulticastGroup group) {
		if (!this.subscribed.contains(group) && this.subscribed.size() >= MAX_GROUPS) {
			this.context.drop(DropReason.TABLE_FULL);
			return;
		}
		boolean known = isSubscribed(group);
		this.subscribed.add(group);
		if (!known) {
			announceToAll(List.of(group));
		}
	}

	void unsubscribe(MulticastGroup group) {
		this.subscribed.remove(group);
	}

	/**
	 * Set the addresses that are to be found by ARP and neighbour solicitation.
	 * @param addresses the addresses on the port
	 */
	void resolve(Collection<InetPrefix> addresses) {
		Set<MulticastGroup> groups = groupsOf(addresses);
		List<MulticastGroup> added = new ArrayList<>(groups);
		added.removeIf(this::isSubscribed);
		this.resolving = groups;
		if (!added.isEmpty()) {
			announceToAll(added);
		}
	}

	private static Set<MulticastGroup> groupsOf(Collection<InetPrefix> addresses) {
		Set<MulticastGroup> groups = new LinkedHashSet<>();
		for (InetPrefix address : addresses) {
			groups.add(MulticastGroup.resolving(address.address()));
		}
		return groups;
	}

	/**
	 * Whether frames of a group are wanted here (VL2 11.2: own, behind, broadcast).
	 * @param group the group
	 * @return true if they are
	 */
	boolean isSubscribed(MulticastGroup group) {
		return this.subscribed.contains(group) || this.resolving.contains(group) || this.behind.containsKey(group)
				|| (group.equals(MulticastGroup.BROADCAST) && isBroadcastEnabled());
	}

	private boolean isBroadcastEnabled() {
		NetworkConfig config = this.network.config();
		return config != null && config.hasFlag(NetworkConfig.BROADCAST);
	}

	Collection<MulticastGroup> allGroups() {
		Set<MulticastGroup> all = new TreeSet<>(this.subscribed);
		all.addAll(this.resolving);
		all.addAll(this.behind.keySet());
		if (isBroadcastEnabled()) {
			all.add(MulticastGroup.BROADCAST);
		}
		return all;
	}

	/**
	 * Announce all groups to a member, unless that was done within 60 s.
	 * @param member a member that passed the gate
	 * @param now epoch milliseconds
	 */
	void announceIfDue(Member member, long now) {
		if (now - member.lastAnnouncement >= ANNOUNCEMENT_INTERVAL) {
			member.lastAnnouncement = now;
			announce(allGroups(), member.address);
		}
	}

	/**
	 * Renew announcements and forget what is over; called every few seconds.
	 * @param now epoch milliseconds
	 */
	void tick(long now) {
		this.behind.values().removeIf((seen) -> now - seen >= BEHIND_LIFETIME);
		if (this.network.config() == null) {
			return;
		}
		if (now - this.lastAnnouncement >= ANNOUNCEMENT_INTERVAL) {
			this.lastAnnouncement = now;
			Collection<MulticastGroup> all = allGroups();
			for (Address target : directoryHolders()) {
				announce(all, target);
			}
		}
		for (Member member : this.network.membership().members()) {
			Identity identity = this.context.sender.identityOf(member.address);
			if (identity != null && now - member.lastAnnouncement >= ANNOUNCEMENT_INTERVAL
					&& this.network.membership().isAdmitted(member, identity)) {
				announceIfDue(member, now);
			}
		}
	}

	/**
	 * A configuration came into force. With the first one, whoever keeps directories
	 * learns all groups at once; later only what is new.
	 * @param addresses the addresses on the port
	 * @param first whether there was no configuration before
	 */
	void configured(Collection<InetPrefix> addresses, boolean first) {
		if (first) {
			this.resolving = groupsOf(addresses);
			this.lastAnnouncement = Long.MIN_VALUE / 2;
			tick(this.context.sender.now());
		}
		else {
			resolve(addresses);
		}
	}

	private void announceToAll(Collection<MulticastGroup> groups) {
		if (this.network.config() == null) {
			return;
		}
		for (Address target : directoryHolders()) {
			announce(groups, target);
		}
		for (Member member : this.network.membership().members()) {
			Identity identity = this.context.sender.identityOf(member.address);
			if (identity != null && this.network.membership().isAdmitted(member, identity)) {
				announce(groups, member.address);
			}
		}
	}

	/**
	 * Return who keeps directories of groups: controller, anchors, replicators and
	 * upstreams (VL2 11.2).
	 * @return their addresses, without this node
	 */
	Set<Address> directoryHolders() {
		Set<Address> holders = new LinkedHashSet<>();
		if (!this.network.id().isAdHoc()) {
			holders.add(this.network.id().controller());
		}
		NetworkConfig config = this.network.config();
		if (config != null) {
			for (Specialist specialist : config.specialists()) {
				if (specialist.isAnchor() || specialist.isMulticastReplicator()) {
					holders.add(specialist.address());
				}
			}
		}
		holders.addAll(this.context.sender.upstreams());
		holders.remove(this.context.self);
		return holders;
	}

	private void announce(Collection<MulticastGroup> groups, Address target) {
		ByteBuf packet = null;
		for (MulticastGroup group : groups) {
			if (packet != null && packet.readableBytes() + TUPLE > NodeContext.MAX_PAYLOAD) {
				this.context.sender.send(target, Verb.MULTICAST_LIKE, packet, true);
				packet = null;
			}
			if (packet == null) {
				packet = this.context.sender.newPacket(Math.min(groups.size() * TUPLE, NodeContext.MAX_PAYLOAD));
			}
			packet.writeLong(this.id);
			group.write(packet);
		}
		if (packet != null) {
			this.context.sender.send(target, Verb.MULTICAST_LIKE, packet, true);
		}
	}

	/**
	 * Note that a host behind this bridge sent to a group: it is taken to want its
	 * frames.
	 * @param group the group
	 */
	void foundBehind(MulticastGroup group) {
		if (this.behind.size() >= MAX_GROUPS && !this.behind.containsKey(group)) {
			this.context.drop(DropReason.TABLE_FULL);
			return;
		}
		boolean known = isSubscribed(group);
		this.behind.put(group, this.context.sender.now());
		if (!known) {
			announceToAll(List.of(group));
		}
	}

}
