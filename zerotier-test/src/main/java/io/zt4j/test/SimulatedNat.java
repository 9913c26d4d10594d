package io.zt4j.test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A router with network address translation and the private network behind it. Mappings
 * end when nothing goes out for the mapping timeout.
 */
public final class SimulatedNat {

	private static final int FIRST_PORT = 20_000;

	private final SimulatedInternet internet;

	private final NatType type;

	private InetAddress external;

	private final Duration timeout;

	private final Map<InetAddress, SimulatedHost> hosts = new HashMap<>();

	private final Map<MappingKey, Mapping> mappings = new HashMap<>();

	private final Map<Integer, Mapping> byPort = new HashMap<>();

	private int nextPort = FIRST_PORT;

	SimulatedNat(SimulatedInternet internet, NatType type, InetAddress external, Duration timeout) {
		this.internet = internet;
		this.type = type;
		this.external = external;
		this.timeout = timeout;
	}

	/**
	 * Add a host behind this NAT.
	 * @param address its private address, unique behind this NAT
	 * @return the host
	 */
	public SimulatedHost host(String address) {
		InetAddress ip = SimulatedInternet.ip(address);
		SimulatedHost host = new SimulatedHost(this.internet, this, ip);
		if (this.hosts.putIfAbsent(ip, host) != null) {
			throw new IllegalArgumentException("There is already a host " + address + " behind this NAT");
		}
		return host;
	}

	/**
	 * Return the external address.
	 * @return the address
	 */
	public InetAddress external() {
		return this.external;
	}

	/**
	 * Forget all mappings, as a restarted router does.
	 */
	public void reset() {
		this.mappings.clear();
		this.byPort.clear();
	}

	/**
	 * Change the external address, as some providers do every night, and forget all
	 * mappings.
	 * @param address the new address
	 */
	public void renumber(String address) {
		InetAddress ip = SimulatedInternet.ip(address);
		this.internet.moveNat(this, this.external, ip);
		this.external = ip;
		reset();
	}

	@Nullable SimulatedHost inside(InetAddress address) {
		return this.hosts.get(address);
	}

	// Translate on the way out.
	InetSocketAddress outbound(InetSocketAddress inside, InetSocketAddress destination) {
		MappingKey key = new MappingKey(inside, (this.type == NatType.SYMMETRIC) ? destination : null);
		Duration now = this.internet.time().elapsed();
		Mapping mapping = this.mappings.get(key);
		if (mapping == null || isOld(mapping, now)) {
			if (mapping != null) {
				this.byPort.remove(mapping.port);
			}
			mapping = new Mapping(inside, freePort(inside.getPort()));
			this.mappings.put(key, mapping);
			this.byPort.put(mapping.port, mapping);
		}
		mapping.lastOut = now;
		mapping.contacted.add(destination);
		mapping.contactedAddresses.add(destination.getAddress());
		return new InetSocketAddress(this.external, mapping.port);
	}

	// cone NATs keep the port if they can, symmetric ones hardly ever do
	private int freePort(int preferred) {
		if (this.type != NatType.SYMMETRIC && !this.byPort.containsKey(preferred)) {
			return preferred;
		}
		while (this.byPort.containsKey(this.nextPort)) {
			this.nextPort++;
		}
		return this.nextPort++;
	}

	private boolean isOld(Mapping mapping, Duration now) {
		return now.minus(mapping.lastOut).compareTo(this.timeout) > 0;
	}

	// Translate on the way in; null if filtered.
	@Nullable InetSocketAddress inbound(int port, InetSocketAddress source) {
		Mapping mapping = this.byPort.get(port);
		if (mapping == null || isOld(mapping, this.internet.time().elapsed())) {
			return null;
		}
		boolean allowed = switch (this.type) {
			case FULL_CONE -> true;
			case ADDRESS_RESTRICTED -> mapping.contactedAddresses.contains(source.getAddress());
			case PORT_RESTRICTED, SYMMETRIC -> mapping.contacted.contains(source);
		};
		return allowed ? mapping.inside : null;
	}

	private record MappingKey(InetSocketAddress inside, @Nullable InetSocketAddress destination) {
	}

	private static final class Mapping {

		private final InetSocketAddress inside;

		private final int port;

		private final Set<InetSocketAddress> contacted = new HashSet<>();

		private final Set<InetAddress> contactedAddresses = new HashSet<>();

		private Duration lastOut = Duration.ZERO;

		Mapping(InetSocketAddress inside, int port) {
			this.inside = inside;
			this.port = port;
		}

	}

}
