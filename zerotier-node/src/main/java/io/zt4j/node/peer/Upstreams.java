package io.zt4j.node.peer;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.zt4j.node.NodeEvent;
import io.zt4j.node.PeerRole;
import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.Hello;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.store.StateStoreException;
import io.zt4j.node.world.World;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The planet, the orbited moons, and their roots (VL1 10, 11.1).
 */
final class Upstreams {

	private static final Logger logger = LoggerFactory.getLogger(Upstreams.class);

	private static final String MOONS = "moons.d";

	private final Vl1 vl1;

	private final StateStore store;

	private World planet;

	private final TreeMap<Long, World> moons = new TreeMap<>();

	/** Wanted moons and who delivers them. */
	private final LinkedHashMap<Long, Address> seeds = new LinkedHashMap<>();

	private TreeMap<Address, List<InetSocketAddress>> endpoints = new TreeMap<>();

	private boolean self;

	Upstreams(Vl1 vl1, StateStore store, World planet) {
		this.vl1 = vl1;
		this.store = store;
		this.planet = planet;
	}

	/** Orbit every moon of the store and take note of all roots. */
	void load() {
		for (String name : this.store.list(MOONS)) {
			if (name.matches("[0-9a-f]{16}\\.moon")) {
				loadMoon(Long.parseUnsignedLong(name.substring(0, 16), 16));
			}
		}
		rebuild();
	}

	private boolean loadMoon(long id) {
		byte[] content = this.store.read(file(id));
		if (content == null) {
			return false;
		}
		try {
			World moon = World.parse(content);
			if (moon.type() == World.Type.MOON && moon.id() == id) {
				this.moons.put(id, moon);
				return true;
			}
		}
		catch (IllegalArgumentException ex) {
			logger.warn("Ignoring {}: {}", file(id), ex.getMessage());
		}
		return false;
	}

	private static String file(long id) {
		return MOONS + "/" + HexFormat.of().toHexDigits(id) + ".moon";
	}

	private void rebuild() {
		TreeMap<Address, List<InetSocketAddress>> all = new TreeMap<>();
		this.self = false;
		List<World> worlds = new ArrayList<>(this.moons.values());
		worlds.add(0, this.planet);
		for (World world : worlds) {
			for (World.Root root : world.roots()) {
				if (root.identity().equals(this.vl1.identity())) {
					this.self = true;
					continue;
				}
				List<InetSocketAddress> ofRoot = all.computeIfAbsent(root.identity().address(),
						(key) -> new ArrayList<>());
				root.endpoints().stream().filter((endpoint) -> !ofRoot.contains(endpoint)).forEach(ofRoot::add);
				this.vl1.trust(root.identity());
			}
		}
		this.endpoints = all;
	}

	World planet() {
		return this.planet;
	}

	boolean isSelf() {
		return this.self;
	}

	boolean isUpstream(Address address) {
		return this.endpoints.containsKey(address);
	}

	// Return the other upstreams, in ascending order.
	Collection<Address> addresses() {
		return this.endpoints.keySet();
	}

	// Return the stable endpoints of an upstream; empty for others.
	List<InetSocketAddress> endpoints(Address address) {
		return this.endpoints.getOrDefault(address, List.of());
	}

	Collection<Address> seeds() {
		return this.seeds.values();
	}

	// Whether world updates of this peer are wanted (10.4).
	boolean isTrustedSource(Address address) {
		return isUpstream(address) || this.seeds.containsValue(address);
	}

	PeerRole role(Address address) {
		for (World.Root root : this.planet.roots()) {
			if (root.identity().address().equals(address)) {
				return PeerRole.PLANET;
			}
		}
		return isUpstream(address) ? PeerRole.MOON : PeerRole.LEAF;
	}

	// Return the best upstream (11.1). One that answers comes before any other.
	// now: milliseconds since the Unix epoch
	// except: not this one
	@Nullable Peer best(long now, @Nullable Peer except) {
		Peer best = null;
		long score = Long.MAX_VALUE;
		for (Address address : this.endpoints.keySet()) {
			Peer peer = this.vl1.registry.get(address.value());
			if (peer != null && peer != except) {
				long its = score(peer, now);
				if (its <= score) {
					best = peer;
					score = its;
				}
			}
		}
		return best;
	}

	private static long score(Peer peer, long now) {
		if (peer.lastReceive == 0 || now - peer.lastReceive > Timing.PEER_ACTIVITY) {
			return 0xffff_ffffL;
		}
		Path path = peer.bestPath(now);
		long latency = (path != null && path.latency > 0) ? path.latency : 65_535;
		long score = latency * (1 + (now - peer.lastReceive) / 61_000);
		return (path != null) ? score : Math.min(0xffff_fffeL, score + 0x8000_0000L);
	}

	List<Hello.MoonTimestamp> moonTimestamps() {
		List<Hello.MoonTimestamp> list = new ArrayList<>();
		this.moons.values().forEach((moon) -> list.add(new Hello.MoonTimestamp(moon.id(), moon.timestamp())));
		this.seeds.keySet().forEach((id) -> list.add(new Hello.MoonTimestamp(id, 0)));
		return list;
	}

	// Return the worlds the sender of a HELLO has in an older revision (8.2).
	List<World> updatesFor(Hello hello) {
		List<World> updates = new ArrayList<>();
		if (hello.planetId() != 0 && hello.planetId() == this.planet.id()
				&& hello.planetTimestamp() < this.planet.timestamp()) {
			updates.add(this.planet);
		}
		for (Hello.MoonTimestamp wanted : hello.moons()) {
			World moon = this.moons.get(wanted.id());
			if (moon != null && wanted.timestamp() < moon.timestamp() && !updates.contains(moon)) {
				updates.add(moon);
			}
		}
		return updates;
	}

	// Take a world of an OK(HELLO) if the rules allow it (10.2, 10.5).
	void offer(World world, Address from) {
		if (world.type() == World.Type.PLANET) {
			if (this.planet.isReplacedBy(world)) {
				this.planet = world;
				installed(world, "planet");
			}
			return;
		}
		World known = this.moons.get(world.id());
		Address seed = this.seeds.get(world.id());
		boolean lists = seed != null && seed.equals(from)
				&& world.roots().stream().anyMatch((root) -> root.identity().address().equals(seed));
		if ((known != null) ? known.isReplacedBy(world) : lists) {
			this.moons.put(world.id(), world);
			this.seeds.remove(world.id());
			installed(world, file(world.id()));
		}
	}

	private void installed(World world, String file) {
		write(file, world);
		rebuild();
		this.vl1.event(new NodeEvent.WorldUpdated(world.id(), world.timestamp()));
	}

	private void write(String file, World world) {
		try {
			this.store.write(file, world.toBytes());
		}
		catch (StateStoreException ex) {
			logger.warn("World {} is in use but was not stored: {}", Long.toHexString(world.id()), ex.getMessage());
		}
	}

	void orbit(long id, @Nullable Address seed) {
		if (this.moons.containsKey(id)) {
			return;
		}
		if (loadMoon(id)) {
			rebuild();
		}
		else if (seed != null) {
			this.seeds.put(id, seed);
		}
	}

	void deorbit(long id) {
		this.seeds.remove(id);
		if (this.moons.remove(id) != null) {
			this.store.delete(file(id));
			rebuild();
		}
	}

	Map<Long, World> moons() {
		return this.moons;
	}

}
