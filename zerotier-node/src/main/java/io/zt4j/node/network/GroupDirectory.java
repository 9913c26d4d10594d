package io.zt4j.node.network;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.netty.util.collection.LongObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who subscribed to which multicast group of which network, as far as this node was told
 * (VL2 11.1). Subscriptions end 600 s after they were last announced. Bounded per member
 * and in total: announcements beyond a bound are not stored.
 */
final class GroupDirectory {

	static final long LIFETIME = 600_000;

	static final int MAX_SUBSCRIPTIONS = 131_072;

	static final int MAX_PER_MEMBER = 4_096;

	private final Map<Key, Group> groups = new HashMap<>();

	private final LongObjectHashMap<int[]> perMember = new LongObjectHashMap<>();

	private int size;

	/**
	 * Note a subscription.
	 * @param network the network
	 * @param mac the group's MAC address
	 * @param adi the group's additional distinguishing information
	 * @param member the subscriber
	 * @param now epoch milliseconds
	 * @return false if a bound forbids it
	 */
	boolean like(long network, long mac, int adi, long member, long now) {
		Key key = new Key(network, mac, adi);
		Group group = this.groups.get(key);
		Subscriber known = (group != null) ? group.members.get(member) : null;
		if (known != null) {
			known.lastSeen = now;
			return true;
		}
		int[] count = this.perMember.get(member);
		if (this.size >= MAX_SUBSCRIPTIONS || (count != null && count[0] >= MAX_PER_MEMBER)) {
			return false;
		}
		if (group == null) {
			group = new Group();
			this.groups.put(key, group);
		}
		if (count == null) {
			count = new int[1];
			this.perMember.put(member, count);
		}
		count[0]++;
		this.size++;
		group.members.put(member, new Subscriber(member, now));
		return true;
	}

	void remove(long network, long mac, int adi, long member) {
		Key key = new Key(network, mac, adi);
		Group group = this.groups.get(key);
		if (group != null && group.members.remove(member) != null) {
			forgotten(member);
			if (group.members.isEmpty()) {
				this.groups.remove(key);
			}
		}
	}

	/**
	 * Return the number of subscribers known.
	 * @param network the network
	 * @param mac the group's MAC address
	 * @param adi the group's additional distinguishing information
	 * @return 0 or more
	 */
	int count(long network, long mac, int adi) {
		Group group = this.groups.get(new Key(network, mac, adi));
		return (group != null) ? group.members.size() : 0;
	}

	boolean contains(long network, long mac, int adi, long member) {
		Group group = this.groups.get(new Key(network, mac, adi));
		return group != null && group.members.containsKey(member);
	}

	/**
	 * Return subscribers in random order.
	 * @param network the network
	 * @param mac the group's MAC address
	 * @param adi the group's additional distinguishing information
	 * @param max at most so many
	 * @param random the source of chance
	 * @return their addresses
	 */
	long[] pick(long network, long mac, int adi, int max, RandomGenerator random) {
		@Nullable Group group = this.groups.get(new Key(network, mac, adi));
		if (group == null || max <= 0) {
			return new long[0];
		}
		long[] all = new long[group.members.size()];
		int n = 0;
		for (Subscriber subscriber : group.members.values()) {
			all[n++] = subscriber.address;
		}
		int picked = Math.min(max, n);
		for (int i = 0; i < picked; i++) {
			int j = i + random.nextInt(n - i);
			long swap = all[i];
			all[i] = all[j];
			all[j] = swap;
		}
		return (picked == n) ? all : Arrays.copyOf(all, picked);
	}

	/**
	 * Forget subscriptions that were not renewed.
	 * @param now epoch milliseconds
	 */
	void sweep(long now) {
		Iterator<Group> all = this.groups.values().iterator();
		while (all.hasNext()) {
			Group group = all.next();
			Iterator<Subscriber> members = group.members.values().iterator();
			while (members.hasNext()) {
				Subscriber subscriber = members.next();
				if (now - subscriber.lastSeen >= LIFETIME) {
					members.remove();
					forgotten(subscriber.address);
				}
			}
			if (group.members.isEmpty()) {
				all.remove();
			}
		}
	}

	int size() {
		return this.size;
	}

	private void forgotten(long member) {
		this.size--;
		int[] count = this.perMember.get(member);
		if (count != null && --count[0] == 0) {
			this.perMember.remove(member);
		}
	}

	private record Key(long network, long mac, int adi) {
	}

	private static final class Group {

		private final LongObjectHashMap<Subscriber> members = new LongObjectHashMap<>(4);

	}

	private static final class Subscriber {

		private final long address;

		private long lastSeen;

		private Subscriber(long address, long lastSeen) {
			this.address = address;
			this.lastSeen = lastSeen;
		}

	}

}
