package io.zt4j.stack.tcp;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

import io.netty.util.collection.IntObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Listeners by port, and the choice of ephemeral ports (RFC 6056 3.3.1). Confined to the
 * event loop.
 */
final class Listeners {

	private static final int FIRST_EPHEMERAL = 49_152;

	private static final int EPHEMERALS = 65_536 - FIRST_EPHEMERAL;

	private final IntObjectHashMap<List<Listener>> byPort = new IntObjectHashMap<>();

	private final RandomGenerator random;

	Listeners(RandomGenerator random) {
		this.random = random;
	}

	void add(Listener listener) {
		int port = listener.localAddress().getPort();
		List<Listener> there = this.byPort.get(port);
		if (there == null) {
			there = new ArrayList<>(1);
			this.byPort.put(port, there);
		}
		there.add(listener);
	}

	void remove(Listener listener) {
		int port = listener.localAddress().getPort();
		List<Listener> there = this.byPort.get(port);
		if (there != null && there.remove(listener) && there.isEmpty()) {
			this.byPort.remove(port);
		}
	}

	// Find who takes connections; the one bound to the very address before wildcards.
	@Nullable Listener find(int version, long high, long low, int port) {
		List<Listener> there = this.byPort.get(port);
		if (there == null) {
			return null;
		}
		Listener wildcard = null;
		for (Listener listener : there) {
			if (listener.accepts(version, high, low)) {
				if (!listener.isWildcard()) {
					return listener;
				}
				wildcard = listener;
			}
		}
		return wildcard;
	}

	boolean isTaken(InetAddress address, int port) {
		List<Listener> there = this.byPort.get(port);
		return there != null && there.stream().anyMatch((listener) -> listener.conflictsWith(address));
	}

	/**
	 * Choose a free ephemeral port at random.
	 * @param isFree whether a port may be used
	 * @return the port, 0 if none is free
	 */
	int ephemeral(PortTest isFree) {
		int offset = this.random.nextInt(EPHEMERALS);
		for (int i = 0; i < EPHEMERALS; i++) {
			int port = FIRST_EPHEMERAL + (offset + i) % EPHEMERALS;
			if (!this.byPort.containsKey(port) && isFree.test(port)) {
				return port;
			}
		}
		return 0;
	}

	List<Listener> all() {
		List<Listener> all = new ArrayList<>();
		this.byPort.values().forEach(all::addAll);
		return all;
	}

	/** Says whether a port may be used. */
	interface PortTest {

		boolean test(int port);

	}

}
