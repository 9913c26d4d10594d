package io.zt4j.stack.ip;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.IpRoute;
import io.zt4j.stack.ethernet.EthernetInterface;

/**
 * Remembers the way to each destination until addresses or routes change. Bounded; the
 * oldest entry goes first, with the path MTU it knew.
 */
final class DestinationCache {

	static final int MAXIMUM_ENTRIES = 4096;

	// RFC 1191 6.3, RFC 8201 4: ten minutes until a larger packet is tried again
	private static final long PATH_MTU_NANOS = TimeUnit.MINUTES.toNanos(10);

	private final Map<InetAddress, Destination> entries = new LinkedHashMap<>();

	private final OwnAddresses own;

	private final Ticker ticker;

	private final RandomGenerator random;

	private volatile RouteTable routes = new RouteTable(List.of(), List.of());

	private int generation;

	private Destination last;

	DestinationCache(OwnAddresses own, Ticker ticker, RandomGenerator random) {
		this.own = own;
		this.ticker = ticker;
		this.random = random;
		this.last = new Destination(IpAddresses.of(4, 0, 0), 0);
	}

	RouteTable routes() {
		return this.routes;
	}

	void routes(RouteTable table) {
		this.routes = table;
		this.generation++;
	}

	/**
	 * Find the way to a destination.
	 * @param address where to
	 * @return the entry, new if there was none
	 */
	Destination get(InetAddress address) {
		Destination destination = this.last;
		if (destination.address != address) {
			Destination known = this.entries.get(address);
			if (known == null) {
				if (this.entries.size() >= MAXIMUM_ENTRIES) {
					this.entries.remove(this.entries.keySet().iterator().next());
				}
				known = new Destination(address, this.random.nextInt());
				this.entries.put(address, known);
			}
			destination = known;
			this.last = destination;
		}
		if (destination.generation != this.generation) {
			decide(destination);
		}
		return destination;
	}

	private void decide(Destination destination) {
		InetAddress address = destination.address;
		destination.generation = this.generation;
		destination.neighbour = null;
		destination.nextHop = null;
		destination.source = null;
		destination.kind = Destination.Kind.UNREACHABLE;
		if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
			return;
		}
		destination.source = this.own.select(destination.version, destination.high, destination.low);
		if (destination.source == null) {
			return;
		}
		if (this.own.contains(address)) {
			destination.kind = Destination.Kind.LOCAL;
			destination.source = address;
		}
		else if (address.isMulticastAddress()) {
			destination.kind = Destination.Kind.MULTICAST;
			destination.mac = EthernetInterface.multicast(address);
		}
		else if (destination.version == 4 && this.own.isBroadcast(destination.low)) {
			destination.kind = Destination.Kind.BROADCAST;
			destination.mac = EthernetAddress.BROADCAST.value();
		}
		else {
			IpRoute route = this.routes.find(address);
			if (route == null) {
				destination.source = null;
				return;
			}
			destination.kind = Destination.Kind.UNICAST;
			InetAddress via = route.via();
			destination.nextHop = (via != null) ? via : address;
			if (via != null && destination.version == 4) {
				// the address of the subnet the gateway is in
				destination.source = this.own.select(4, 0, IpAddresses.low(via));
			}
		}
	}

	/**
	 * Return the path MTU if it is known to be smaller than the link's.
	 * @param destination the entry of the destination
	 * @param linkMtu the link's MTU in bytes
	 * @return the path MTU, else the link's
	 */
	int mtu(Destination destination, int linkMtu) {
		int mtu = destination.pathMtu;
		if (mtu == 0 || mtu >= linkMtu) {
			return linkMtu;
		}
		if (this.ticker.nanoTime() - destination.pathMtuUntil >= 0) {
			destination.pathMtu = 0;
			return linkMtu;
		}
		return mtu;
	}

	/**
	 * Lower the path MTU to a destination in use; never raises it and never goes below
	 * what RFC 8200 5 guarantees, or 552 for IPv4, which limits what forged messages can
	 * do (RFC 5927 7).
	 * @param address the destination
	 * @param mtu the MTU reported, in bytes
	 * @param linkMtu the link's MTU in bytes
	 */
	void pathMtu(InetAddress address, int mtu, int linkMtu) {
		Destination destination = this.entries.get(address);
		if (destination == null) {
			return;
		}
		int bounded = Math.max(mtu, (destination.version == 4) ? 552 : 1280);
		if (bounded < mtu(destination, linkMtu)) {
			destination.pathMtu = bounded;
			destination.pathMtuUntil = this.ticker.nanoTime() + PATH_MTU_NANOS;
		}
	}

	void forgetPathMtus() {
		this.entries.values().forEach((destination) -> destination.pathMtu = 0);
	}

	int size() {
		return this.entries.size();
	}

}
