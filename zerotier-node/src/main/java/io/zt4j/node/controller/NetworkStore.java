package io.zt4j.node.controller;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.store.StateStoreException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The records of a controller, in memory and on a {@link StateStore}, in the files
 * zerotier-one uses (VL2 17.4). Records inside are never changed: a copy is, and then
 * saved. Confined to the event loop.
 */
final class NetworkStore {

	private static final String FOLDER = "controller.d/network";

	private static final String SUFFIX = ".json";

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
		.build();

	private final StateStore store;

	private final SortedMap<NetworkId, Entry> networks = new TreeMap<>();

	NetworkStore(StateStore store, long now) {
		this.store = store;
		load(now);
	}

	private void load(long now) {
		for (String name : jsonNames(FOLDER)) {
			NetworkId id;
			try {
				id = NetworkId.parse(name);
			}
			catch (IllegalArgumentException ex) {
				continue;
			}
			Entry entry = new Entry(new NetworkRecord(id, read(path(id)), now));
			this.networks.put(id, entry);
			for (String member : jsonNames(folder(id))) {
				try {
					Address address = Address.parse(member);
					entry.put(new MemberRecord(id, address, read(path(id, address)), now));
				}
				catch (IllegalArgumentException ex) {
					// not the file of a member: left alone
					continue;
				}
			}
		}
	}

	private List<String> jsonNames(String folder) {
		return this.store.list(folder)
			.stream()
			.filter((name) -> name.endsWith(SUFFIX))
			.map((name) -> name.substring(0, name.length() - SUFFIX.length()))
			.toList();
	}

	private ObjectNode read(String path) {
		byte[] bytes = this.store.read(path);
		try {
			JsonNode node = (bytes != null) ? MAPPER.readTree(bytes) : null;
			if (node instanceof ObjectNode object) {
				return object;
			}
			throw new StateStoreException(path + " is not a JSON object: restore it from a copy, or delete it",
					new IllegalArgumentException(String.valueOf(node)));
		}
		catch (JacksonException ex) {
			throw new StateStoreException(path + " is not valid JSON: restore it from a copy, or delete it", ex);
		}
	}

	private static String path(NetworkId id) {
		return FOLDER + "/" + id + SUFFIX;
	}

	private static String folder(NetworkId id) {
		return FOLDER + "/" + id + "/member";
	}

	private static String path(NetworkId id, Address member) {
		return folder(id) + "/" + member + SUFFIX;
	}

	Collection<NetworkId> networks() {
		return List.copyOf(this.networks.keySet());
	}

	@Nullable NetworkRecord network(NetworkId id) {
		Entry entry = this.networks.get(id);
		return (entry != null) ? entry.record : null;
	}

	Collection<MemberRecord> members(NetworkId id) {
		Entry entry = this.networks.get(id);
		return (entry != null) ? List.copyOf(entry.members.values()) : List.of();
	}

	@Nullable MemberRecord member(NetworkId id, Address address) {
		Entry entry = this.networks.get(id);
		return (entry != null) ? entry.members.get(address) : null;
	}

	boolean isAllocated(NetworkId id, InetAddress address) {
		Entry entry = this.networks.get(id);
		return entry != null && entry.allocated.containsKey(address);
	}

	/*
	 * Save a network's record if it differs, giving it the next revision.
	 *
	 * @return whether it differed
	 */
	boolean save(NetworkRecord record) {
		Entry entry = this.networks.get(record.id());
		if (!revise(record.json(), (entry != null) ? entry.record.json() : null)) {
			return false;
		}
		this.store.write(path(record.id()), bytes(record.json()));
		if (entry != null) {
			entry.record = record;
		}
		else {
			this.networks.put(record.id(), new Entry(record));
		}
		return true;
	}

	/*
	 * Save a member's record if it differs, giving it the next revision.
	 *
	 * @return whether it differed
	 */
	boolean save(MemberRecord record) {
		Entry entry = this.networks.get(record.network());
		if (entry == null) {
			throw new IllegalStateException("No network " + record.network());
		}
		MemberRecord stored = entry.members.get(record.address());
		if (!revise(record.json(), (stored != null) ? stored.json() : null)) {
			return false;
		}
		this.store.write(path(record.network(), record.address()), bytes(record.json()));
		entry.put(record);
		return true;
	}

	/* differences of the revision alone do not count (VL2 17.4) */
	private static boolean revise(ObjectNode record, @Nullable ObjectNode stored) {
		long revision = 0;
		if (stored != null) {
			JsonNode previous = stored.get("revision");
			record.set("revision", (previous != null) ? previous : Records.number(0));
			// as text: numbers in memory and numbers read are of different widths
			if (Arrays.equals(bytes(record), bytes(stored))) {
				return false;
			}
			revision = (previous != null) ? previous.asLong(0) : 0;
		}
		record.put("revision", revision + 1);
		return true;
	}

	private static byte[] bytes(ObjectNode record) {
		return MAPPER.writeValueAsString(record).getBytes(StandardCharsets.UTF_8);
	}

	/* Delete a member's record. */
	@Nullable MemberRecord delete(NetworkId id, Address address) {
		Entry entry = this.networks.get(id);
		if (entry == null || !entry.members.containsKey(address)) {
			return null;
		}
		this.store.delete(path(id, address));
		return entry.remove(address);
	}

	/* Delete a network with all its members. */
	void delete(NetworkId id) {
		Entry entry = this.networks.remove(id);
		if (entry != null) {
			this.store.delete(path(id));
			Set.copyOf(entry.members.keySet()).forEach((member) -> this.store.delete(path(id, member)));
		}
	}

	private static final class Entry {

		private NetworkRecord record;

		private final SortedMap<Address, MemberRecord> members = new TreeMap<>();

		/** How many members hold an address, authorised or not. */
		private final Map<InetAddress, Integer> allocated = new HashMap<>();

		private Entry(NetworkRecord record) {
			this.record = record;
		}

		private void put(MemberRecord member) {
			remove(member.address());
			this.members.put(member.address(), member);
			member.addresses().forEach((each) -> this.allocated.merge(each, 1, Integer::sum));
		}

		private @Nullable MemberRecord remove(Address address) {
			MemberRecord member = this.members.remove(address);
			if (member != null) {
				member.addresses()
					.forEach((each) -> this.allocated.computeIfPresent(each,
							(ip, count) -> (count > 1) ? count - 1 : null));
			}
			return member;
		}

	}

}
