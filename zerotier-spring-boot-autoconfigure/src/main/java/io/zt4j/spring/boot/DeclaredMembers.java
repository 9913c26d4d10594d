package io.zt4j.spring.boot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.store.StateStore;

/**
 * Remembers which members the properties let in, so that one that is taken out of them is
 * shut out at the next start, and one that was let in otherwise is left alone. Confined
 * to the node's event loop, like its store.
 */
final class DeclaredMembers {

	private static final String PATH = "controller.d/declared-members";

	private final StateStore store;

	private final Set<Entry> entries = new TreeSet<>();

	DeclaredMembers(StateStore store) {
		this.store = store;
		byte[] content = store.read(PATH);
		if (content != null) {
			new String(content, StandardCharsets.UTF_8).lines().map(Entry::parse).forEach(this.entries::add);
		}
	}

	void add(NetworkId network, Address member, String name) {
		this.entries.removeIf((entry) -> entry.network().equals(network) && entry.member().equals(member));
		this.entries.add(new Entry(network, member, name));
		save();
	}

	/**
	 * Forget the members of a network that are declared no more.
	 * @param network the network
	 * @param names the names still declared
	 * @return the members forgotten
	 */
	List<Address> retain(NetworkId network, Set<String> names) {
		List<Address> gone = new ArrayList<>();
		this.entries.removeIf((entry) -> {
			boolean remove = entry.network().equals(network) && !names.contains(entry.name());
			if (remove) {
				gone.add(entry.member());
			}
			return remove;
		});
		if (!gone.isEmpty()) {
			save();
		}
		return gone;
	}

	/**
	 * Forget other nodes that had a name before.
	 * @param network the network
	 * @param name the name
	 * @param member the node that has it now
	 * @return the members forgotten
	 */
	List<Address> replace(NetworkId network, String name, Address member) {
		List<Address> gone = new ArrayList<>();
		this.entries.removeIf((entry) -> {
			boolean remove = entry.network().equals(network) && entry.name().equals(name)
					&& !entry.member().equals(member);
			if (remove) {
				gone.add(entry.member());
			}
			return remove;
		});
		add(network, member, name);
		return gone;
	}

	private void save() {
		StringBuilder text = new StringBuilder();
		this.entries.forEach((entry) -> text.append(entry).append('\n'));
		this.store.write(PATH, text.toString().getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * One line of the file.
	 */
	private record Entry(NetworkId network, Address member, String name) implements Comparable<Entry> {

		static Entry parse(String line) {
			String[] fields = line.split(" ", 3);
			return new Entry(NetworkId.parse(fields[0]), Address.parse(fields[1]), fields[2]);
		}

		@Override
		public int compareTo(Entry other) {
			return toString().compareTo(other.toString());
		}

		@Override
		public String toString() {
			return this.network + " " + this.member + " " + this.name;
		}

	}

}
