package io.zt4j.node.network;

import java.util.Iterator;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap.PrimitiveEntry;

/**
 * Which active bridge a foreign MAC address was seen behind (VL2 12). Bounded: above
 * {@link #MAX_ROUTES} the bridge with most entries loses all of them.
 */
final class BridgeTable {

	static final int MAX_ROUTES = 16_384;

	private final LongObjectHashMap<Route> routes = new LongObjectHashMap<>();

	void learn(long mac, long bridge) {
		Route route = this.routes.get(mac);
		if (route == null) {
			if (this.routes.size() >= MAX_ROUTES) {
				purgeWorst();
			}
			this.routes.put(mac, new Route(bridge));
		}
		else if (route.bridge != bridge) {
			this.routes.put(mac, new Route(bridge));
		}
	}

	/**
	 * Return the bridge a MAC address was seen behind.
	 * @param mac the foreign MAC address
	 * @return the bridge's address, or 0
	 */
	long find(long mac) {
		Route route = this.routes.get(mac);
		return (route != null) ? route.bridge : 0;
	}

	int size() {
		return this.routes.size();
	}

	private void purgeWorst() {
		LongObjectHashMap<int[]> counts = new LongObjectHashMap<>();
		long worst = 0;
		int most = 0;
		for (Route route : this.routes.values()) {
			int[] count = counts.get(route.bridge);
			if (count == null) {
				count = new int[1];
				counts.put(route.bridge, count);
			}
			if (++count[0] > most) {
				most = count[0];
				worst = route.bridge;
			}
		}
		Iterator<PrimitiveEntry<Route>> all = this.routes.entries().iterator();
		while (all.hasNext()) {
			if (all.next().value().bridge == worst) {
				all.remove();
			}
		}
	}

	private record Route(long bridge) {
	}

}
