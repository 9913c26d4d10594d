package io.zt4j.netty;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The multicast groups one datagram channel joined, and whose datagrams it wants
 * (source-specific joins and blocked sources, in the manner of RFC 3678). Confined to the
 * stack's loop.
 */
final class MulticastMemberships {

	private final Map<Key, Sources> memberships = new HashMap<>();

	/**
	 * Join a group.
	 * @param group the group
	 * @param on an address of ours on the network to join it on, or null for all networks
	 * @param source whose datagrams are wanted, or null for everybody's
	 * @return true if the group was not joined there before
	 */
	boolean join(InetAddress group, @Nullable InetAddress on, @Nullable InetAddress source) {
		Key key = new Key(group, on);
		boolean isNew = !this.memberships.containsKey(key);
		Sources sources = this.memberships.computeIfAbsent(key, (absent) -> new Sources());
		if (source == null) {
			sources.everybody = true;
		}
		else {
			sources.included.add(source);
		}
		return isNew;
	}

	/**
	 * Leave a group.
	 * @param group the group
	 * @param on as joined
	 * @param source as joined
	 * @return true if nobody's datagrams are wanted there any more
	 */
	boolean leave(InetAddress group, @Nullable InetAddress on, @Nullable InetAddress source) {
		Key key = new Key(group, on);
		Sources sources = this.memberships.get(key);
		if (sources == null) {
			return false;
		}
		if (source == null) {
			sources.everybody = false;
			sources.blocked.clear();
		}
		else {
			sources.included.remove(source);
		}
		if (sources.everybody || !sources.included.isEmpty()) {
			return false;
		}
		this.memberships.remove(key);
		return true;
	}

	/**
	 * Drop datagrams of one source.
	 * @param group the group
	 * @param source whose to drop
	 * @return false if the group was not joined
	 */
	boolean block(InetAddress group, InetAddress source) {
		boolean any = false;
		for (Map.Entry<Key, Sources> entry : this.memberships.entrySet()) {
			if (entry.getKey().group.equals(group)) {
				entry.getValue().blocked.add(source);
				any = true;
			}
		}
		return any;
	}

	/**
	 * Whether a datagram is wanted.
	 * @param destination where it was sent to
	 * @param source who sent it
	 * @return true if it is not multicast, or to a joined group from a wanted source
	 */
	boolean accepts(InetAddress destination, InetAddress source) {
		if (!destination.isMulticastAddress()) {
			return true;
		}
		for (Map.Entry<Key, Sources> entry : this.memberships.entrySet()) {
			if (entry.getKey().group.equals(destination) && entry.getValue().accepts(source)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Visit all groups.
	 * @param visitor takes the group, and the address of the network it was joined on or
	 * null
	 */
	void forEach(BiConsumer<InetAddress, @Nullable InetAddress> visitor) {
		Set.copyOf(this.memberships.keySet()).forEach((key) -> visitor.accept(key.group, key.on));
	}

	private record Key(InetAddress group, @Nullable InetAddress on) {
	}

	private static final class Sources {

		private boolean everybody;

		private final Set<InetAddress> included = new HashSet<>();

		private final Set<InetAddress> blocked = new HashSet<>();

		private boolean accepts(InetAddress source) {
			return (this.everybody || this.included.contains(source)) && !this.blocked.contains(source);
		}

	}

}
