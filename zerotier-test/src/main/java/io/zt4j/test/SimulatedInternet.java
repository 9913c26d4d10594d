package io.zt4j.test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.netty.util.NetUtil;
import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.identity.Identity;
import io.zt4j.test.SimulatedDatagram.Fate;
import org.jspecify.annotations.Nullable;

/**
 * Hosts, links and NATs in one thread and under virtual time. What happens follows from
 * the seed alone. Give {@link #node} builders, or {@link SimulatedHost#transport}, to the
 * nodes, and let time pass with {@link #run}.
 *
 * <p>
 * The way of a datagram: the sender's uplink, the sender's NAT, the core (where a
 * time-to-live below {@value #CORE_HOPS} ends), the receiver's NAT, the receiver's
 * downlink. Hosts behind one NAT reach one another directly.
 */
public final class SimulatedInternet {

	/** Routers between two hosts. */
	public static final int CORE_HOPS = 5;

	private static final Duration LAN_DELAY = Duration.ofNanos(200_000);

	private static final Duration NAT_TIMEOUT = Duration.ofSeconds(60);

	private static final long QUEUE_NANOS = 200_000_000L;

	private static final int HEADERS = 28;

	private final VirtualTime time = new VirtualTime();

	private final SplittableRandom random;

	private final SeededRandom seeds;

	private final Map<InetAddress, SimulatedHost> hosts = new HashMap<>();

	private final Map<InetAddress, SimulatedNat> nats = new HashMap<>();

	private final Map<Flow, Long> lastDelivery = new HashMap<>();

	private final List<Consumer<SimulatedDatagram>> taps = new ArrayList<>();

	private final Set<SimulatedHost> island = new HashSet<>();

	private LinkConditions defaultConditions = LinkConditions.GOOD;

	/**
	 * Create an empty Internet.
	 * @param seed what all random choices follow from; print it in tests
	 */
	public SimulatedInternet(long seed) {
		this.random = new SplittableRandom(seed);
		this.seeds = new SeededRandom(seed ^ 0x5eed);
	}

	/**
	 * Return the time.
	 * @return the virtual time everything lives in
	 */
	public VirtualTime time() {
		return this.time;
	}

	/**
	 * Let time pass.
	 * @param duration how much
	 */
	public void run(Duration duration) {
		this.time.run(duration);
	}

	/**
	 * Let time pass until a condition holds.
	 * @param condition the condition
	 * @param limit how long at most
	 * @return whether it holds
	 */
	public boolean runUntil(BooleanSupplier condition, Duration limit) {
		return this.time.runUntil(condition, limit);
	}

	/**
	 * Set the link of hosts added from now on.
	 * @param conditions how good it is
	 */
	public void defaultConditions(LinkConditions conditions) {
		this.defaultConditions = conditions;
	}

	LinkConditions defaultConditions() {
		return this.defaultConditions;
	}

	/**
	 * Add a host with a public address.
	 * @param address its address, IPv4 or IPv6
	 * @return the host
	 */
	public SimulatedHost host(String address) {
		InetAddress ip = ip(address);
		SimulatedHost host = new SimulatedHost(this, null, ip);
		if (this.nats.containsKey(ip) || this.hosts.putIfAbsent(ip, host) != null) {
			throw new IllegalArgumentException("There is already a host or NAT " + address);
		}
		return host;
	}

	/**
	 * Add a NAT whose mappings last a minute.
	 * @param type how it maps and filters
	 * @param external its public IPv4 address
	 * @return the NAT
	 */
	public SimulatedNat nat(NatType type, String external) {
		return nat(type, external, NAT_TIMEOUT);
	}

	/**
	 * Add a NAT.
	 * @param type how it maps and filters
	 * @param external its public IPv4 address
	 * @param timeout how long a mapping lasts after the last datagram out
	 * @return the NAT
	 */
	public SimulatedNat nat(NatType type, String external, Duration timeout) {
		InetAddress ip = ip(external);
		SimulatedNat nat = new SimulatedNat(this, type, ip, timeout);
		if (this.hosts.containsKey(ip) || this.nats.putIfAbsent(ip, nat) != null) {
			throw new IllegalArgumentException("There is already a host or NAT " + external);
		}
		return nat;
	}

	void moveNat(SimulatedNat nat, InetAddress from, InetAddress to) {
		if (this.hosts.containsKey(to) || this.nats.putIfAbsent(to, nat) != null) {
			throw new IllegalArgumentException("There is already a host or NAT " + to.getHostAddress());
		}
		this.nats.remove(from);
	}

	/**
	 * Begin to build a node on a host: transport, event loop, clock, randomness and
	 * executors are set.
	 * @param host where it runs
	 * @param port its UDP port, 0 for a free one
	 * @return a builder that needs a planet
	 */
	public ZeroTierNode.Builder node(SimulatedHost host, int port) {
		return ZeroTierNode.builder()
			.transport(host.transport(port))
			.eventLoop(this.time.eventLoop())
			.clock(this.time.clock())
			.random(new SeededRandom(this.seeds.nextLong()))
			.listenerExecutor(this.time.eventLoop())
			.validationExecutor(Runnable::run);
	}

	/**
	 * Begin to build a node with an identity on a host.
	 * @param host where it runs
	 * @param port its UDP port, 0 for a free one
	 * @param identity the identity, with its secret
	 * @return a builder that needs a planet
	 */
	public ZeroTierNode.Builder node(SimulatedHost host, int port, Identity identity) {
		return node(host, port).identity(identity);
	}

	/**
	 * Cut some hosts off from all others; they still reach one another.
	 * @param hosts the island
	 */
	public void partition(Collection<SimulatedHost> hosts) {
		this.island.clear();
		this.island.addAll(hosts);
	}

	/**
	 * End the partition.
	 */
	public void heal() {
		this.island.clear();
	}

	/**
	 * Watch every datagram.
	 * @param tap takes what it sees
	 */
	public void tap(Consumer<SimulatedDatagram> tap) {
		this.taps.add(tap);
	}

	/**
	 * Send a datagram of one's own making.
	 * @param from the host whose link, and NAT, it leaves by
	 * @param source the source, which need not be that host's
	 * @param destination where to
	 * @param payload the bytes
	 */
	public void inject(SimulatedHost from, InetSocketAddress source, InetSocketAddress destination, byte[] payload) {
		send(from, source, destination, payload.clone(), 64);
	}

	void send(SimulatedHost from, InetSocketAddress source, InetSocketAddress destination, byte[] payload, int ttl) {
		LinkConditions uplink = from.conditions();
		long now = this.time.ticker().nanoTime();
		if (!from.isConnected() || chance(uplink.loss())) {
			seen(source, destination, payload, Fate.LOST);
			return;
		}
		long leaves = now;
		if (uplink.bitsPerSecond() > 0) {
			leaves = Math.max(now, from.uplinkFreeAt);
			if (leaves - now > QUEUE_NANOS) {
				seen(source, destination, payload, Fate.LOST);
				return;
			}
			leaves += (payload.length + HEADERS) * 8_000_000_000L / uplink.bitsPerSecond();
			from.uplinkFreeAt = leaves;
		}
		SimulatedNat nat = from.nat();
		SimulatedHost neighbour = (nat != null) ? nat.inside(destination.getAddress()) : null;
		if (neighbour != null) {
			deliver(from, neighbour, source, destination, destination.getPort(), payload, leaves + LAN_DELAY.toNanos());
			return;
		}
		InetSocketAddress outside = (nat != null) ? nat.outbound(source, destination) : source;
		if (ttl < CORE_HOPS) {
			seen(outside, destination, payload, Fate.EXPIRED);
			return;
		}
		cross(from, outside, destination, payload, leaves + travel(uplink));
	}

	private void cross(SimulatedHost from, InetSocketAddress source, InetSocketAddress destination, byte[] payload,
			long at) {
		SimulatedNat nat = this.nats.get(destination.getAddress());
		SimulatedHost to;
		int port = destination.getPort();
		if (nat != null) {
			InetSocketAddress inside = nat.inbound(destination.getPort(), source);
			if (inside == null) {
				seen(source, destination, payload, Fate.FILTERED);
				return;
			}
			to = nat.inside(inside.getAddress());
			port = inside.getPort();
		}
		else {
			to = this.hosts.get(destination.getAddress());
		}
		if (to == null) {
			seen(source, destination, payload, Fate.UNREACHABLE);
			return;
		}
		deliver(from, to, source, destination, port, payload, at + travel(to.conditions()));
	}

	private void deliver(SimulatedHost from, SimulatedHost to, InetSocketAddress source, InetSocketAddress destination,
			int port, byte[] payload, long at) {
		if (this.island.contains(from) != this.island.contains(to)) {
			seen(source, destination, payload, Fate.PARTITIONED);
			return;
		}
		LinkConditions downlink = to.conditions();
		if (!to.isConnected() || chance(downlink.loss())) {
			seen(source, destination, payload, Fate.LOST);
			return;
		}
		if (to.bound(port) == null) {
			seen(source, destination, payload, Fate.UNREACHABLE);
			return;
		}
		seen(source, destination, payload, Fate.DELIVERED);
		int copies = (chance(from.conditions().duplication()) || chance(downlink.duplication())) ? 2 : 1;
		for (int i = 0; i < copies; i++) {
			boolean late = chance(from.conditions().reordering()) || chance(downlink.reordering());
			long arrival = late ? at + 2 * downlink.delay().toNanos() + 1_000_000 : inOrder(from, to, at);
			long delay = Math.max(0, arrival - this.time.ticker().nanoTime());
			this.time.eventLoop().schedule(() -> arrive(to, port, source, payload), delay, TimeUnit.NANOSECONDS);
		}
	}

	private static void arrive(SimulatedHost to, int port, InetSocketAddress source, byte[] payload) {
		SimulatedTransport transport = to.bound(port);
		if (transport != null && to.isConnected()) {
			transport.arrive(source, payload);
		}
	}

	// jitter delays, it does not reorder
	private long inOrder(SimulatedHost from, SimulatedHost to, long at) {
		return this.lastDelivery.merge(new Flow(from, to), at, Math::max);
	}

	private long travel(LinkConditions link) {
		long jitter = link.jitter().toNanos();
		return link.delay().toNanos() + ((jitter > 0) ? this.random.nextLong(jitter) : 0);
	}

	private boolean chance(double probability) {
		return probability > 0 && this.random.nextDouble() < probability;
	}

	private void seen(InetSocketAddress source, InetSocketAddress destination, byte[] payload, Fate fate) {
		if (!this.taps.isEmpty()) {
			SimulatedDatagram datagram = new SimulatedDatagram(this.time.elapsed(), source, destination, payload, fate);
			this.taps.forEach((tap) -> tap.accept(datagram));
		}
	}

	static InetAddress ip(String address) {
		byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(address);
		if (bytes == null) {
			throw new IllegalArgumentException("'" + address + "' is not an IP address; names are not looked up");
		}
		try {
			return InetAddress.getByAddress(bytes);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private record Flow(SimulatedHost from, SimulatedHost to) {
	}

}
