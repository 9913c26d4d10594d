package io.zt4j.node.peer;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.NodeStatistics;
import io.zt4j.node.PathStatus;
import io.zt4j.node.PeerStatus;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.store.PeerRecord;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.transport.PhysicalTransport;
import io.zt4j.node.transport.PhysicalTransport.LocalSocket;
import io.zt4j.node.world.World;
import org.jspecify.annotations.Nullable;

/**
 * VL1 of one node: peers, paths, roots, relaying (VL1 7, 8, 11, 12). Confined to the
 * event loop given to it; it reads no clock, opens no socket and starts no thread.
 */
public final class Vl1 implements PacketSender {

	private static final long TICK = 250;

	private static final long FRAGMENTS = 1_000;

	final Counters counters = new Counters();

	final PathTable paths = new PathTable();

	final PeerRegistry registry;

	final Upstreams upstreams;

	final PathRules rules;

	final Outbound outbound;

	final Inbound inbound;

	final Replies replies;

	final Waiting waiting;

	final IdentityValidator validator;

	final HelloExchange hello;

	final PathFinder finder;

	final Relay relay;

	final SelfAwareness awareness;

	final Collisions collisions;

	private final PeerCache cache;

	private final KeepAlive keepAlive;

	private final Vl1Verbs verbs;

	private final Identity identity;

	private final EventLoop loop;

	private final InstantSource clock;

	private final PhysicalTransport transport;

	private final Consumer<NodeEvent> events;

	private UpperLayer upper = UpperLayer.NONE;

	private @Nullable ScheduledFuture<?> timer;

	private boolean running;

	private boolean online;

	private long lastUpstreamHeard;

	private long lastFragments;

	/**
	 * Create the VL1 of a node; nothing is sent before {@link #start()}.
	 * @param identity this node, with its secret
	 * @param loop the event loop everything happens on
	 * @param clock the time of day
	 * @param random packet IDs and random choices
	 * @param transport carries the datagrams
	 * @param store where moons and peers are kept
	 * @param planet the planet to begin with
	 * @param validation runs the memory-hard check of identities
	 * @param events takes events, on the event loop
	 */
	public Vl1(Identity identity, EventLoop loop, InstantSource clock, SecureRandom random, PhysicalTransport transport,
			StateStore store, World planet, Executor validation, Consumer<NodeEvent> events) {
		this.identity = identity;
		this.loop = loop;
		this.clock = clock;
		this.transport = transport;
		this.events = events;
		PacketIds ids = new PacketIds(random);
		this.registry = new PeerRegistry(identity);
		this.cache = new PeerCache(store);
		this.upstreams = new Upstreams(this, store, planet);
		this.rules = new PathRules(this.upstreams, transport, () -> this.upper::isManaged);
		this.outbound = new Outbound(this, transport, ids);
		this.verbs = new Vl1Verbs(this);
		this.inbound = new Inbound(this, this.verbs);
		this.replies = new Replies(this);
		this.waiting = new Waiting(this);
		this.validator = new IdentityValidator(validation, loop);
		this.hello = new HelloExchange(this, ids.next());
		this.finder = new PathFinder(this);
		this.relay = new Relay(this);
		this.awareness = new SelfAwareness(this);
		this.collisions = new Collisions(this);
		this.keepAlive = new KeepAlive(this, random);
	}

	/**
	 * Register the handler of a verb, in place of the one before. That of OK is given the
	 * expected OKs to verbs VL1 does not know, that of ERROR all but IDENTITY_COLLISION;
	 * both find the reader index at packet offset 28.
	 * @param verb the verb, none that VL1 handles itself
	 * @param handler the handler
	 */
	public void register(Verb verb, VerbHandler handler) {
		this.verbs.register(verb, handler);
	}

	/**
	 * Put the upper layer on top.
	 * @param upper the upper layer
	 */
	public void attach(UpperLayer upper) {
		this.upper = upper;
	}

	/**
	 * Open the transport and contact the roots. On the event loop.
	 * @return completes when the transport is open
	 */
	public CompletionStage<Void> start() {
		this.upstreams.load();
		this.cache.load();
		return this.transport.open(new Receiver()).thenRun(() -> {
			this.running = true;
			event(new NodeEvent.Started(this.identity.address()));
			this.timer = this.loop.scheduleWithFixedDelay(this::tick, TICK, TICK, TimeUnit.MILLISECONDS);
			tick();
		});
	}

	/**
	 * Save the peers and close the transport. On the event loop.
	 * @return completes when closed
	 */
	public CompletionStage<Void> stop() {
		this.running = false;
		this.online = false;
		if (this.timer != null) {
			this.timer.cancel(false);
		}
		this.registry.all().forEach(this::save);
		this.waiting.clear();
		this.inbound.clear();
		this.hello.clear();
		return this.transport.close();
	}

	private void tick() {
		if (!this.running) {
			return;
		}
		long now = now();
		this.keepAlive.tick(now);
		this.waiting.tick(now);
		this.finder.tick(now);
		if (now - this.lastFragments >= FRAGMENTS) {
			this.lastFragments = now;
			this.inbound.expireFragments(now);
		}
		online(this.upstreams.isSelf()
				|| (this.lastUpstreamHeard != 0 && now - this.lastUpstreamHeard < Timing.OFFLINE));
		this.transport.flush();
	}

	void upstreamHeard() {
		this.lastUpstreamHeard = now();
		online(true);
	}

	private void online(boolean now) {
		if (this.online != now && this.running) {
			this.online = now;
			event(now ? new NodeEvent.Online(this.identity.address()) : new NodeEvent.Offline(this.identity.address()));
			if (now) {
				this.upper.online();
			}
		}
	}

	boolean isRunning() {
		return this.running;
	}

	/**
	 * Whether a root answers, or this node is one (VL1 11.3).
	 * @return true if online
	 */
	public boolean isOnline() {
		return this.online;
	}

	void event(NodeEvent event) {
		this.events.accept(event);
	}

	// Return a peer, if need be from the cache.
	@Nullable Peer peer(long address) {
		Peer peer = this.registry.get(address);
		return (peer == null && this.cache.contains(address)) ? restore(address) : peer;
	}

	private @Nullable Peer restore(long address) {
		PeerRecord entry = this.cache.take(address);
		if (entry == null || address == this.identity.address().value() || this.registry.isFull()) {
			return null;
		}
		Peer peer = this.registry.add(entry.identity(), now());
		peer.version(entry.protocol(), entry.major(), entry.minor(), entry.revision());
		if (this.running) {
			entry.paths().forEach((endpoint) -> this.finder.contactCached(peer, endpoint));
		}
		return peer;
	}

	// Add a peer whose identity was checked.
	void addPeer(Identity identity) {
		addPeer(identity, this.identity.agree(identity));
	}

	void addPeer(Identity identity, byte[] key) {
		if (this.registry.isFull()) {
			this.counters.drop(DropReason.PEERS_FULL);
			return;
		}
		Peer peer = this.registry.add(identity, key, now());
		event(new NodeEvent.PeerDiscovered(identity.address()));
		this.waiting.identityKnown(peer);
		this.waiting.runDeferred();
		this.transport.flush();
	}

	// Add the root of a world.
	void trust(Identity identity) {
		Peer known = this.registry.get(identity.address().value());
		if (known == null || !known.identity.equals(identity)) {
			this.registry.add(identity, now());
		}
	}

	void forget(Peer peer) {
		save(peer);
		this.registry.remove(peer);
		event(new NodeEvent.PeerExpired(peer.address));
	}

	private void save(Peer peer) {
		if (peer.protocol != 0 && !this.upstreams.isUpstream(peer.address)) {
			this.cache.store(peer, peer.paths.stream().map((path) -> path.path.endpoint).limit(8).toList());
		}
	}

	Collection<Address> contacts() {
		return this.upper.contacts();
	}

	// Return the endpoints of the open sockets.
	List<InetSocketAddress> localEndpoints() {
		return this.transport.sockets().stream().map(LocalSocket::address).toList();
	}

	@Override
	public Identity identity() {
		return this.identity;
	}

	@Override
	public long now() {
		return this.clock.millis();
	}

	@Override
	public @Nullable Identity identityOf(Address address) {
		if (address.equals(this.identity.address())) {
			return this.identity;
		}
		Peer peer = this.registry.get(address.value());
		return (peer != null) ? peer.identity : null;
	}

	@Override
	public void whois(Address address) {
		this.waiting.whois(address);
	}

	@Override
	public ByteBuf newPacket(int payloadCapacity) {
		return this.outbound.newPacket(payloadCapacity);
	}

	@Override
	public void send(Address destination, Verb verb, ByteBuf packet, boolean compress) {
		this.outbound.send(destination, verb, packet, compress);
	}

	@Override
	public void replyOk(InboundPacket request, Verb inReVerb, Consumer<ByteBuf> payload) {
		this.replies.ok(request, inReVerb, payload);
	}

	@Override
	public void replyError(InboundPacket request, ErrorCode code, Consumer<ByteBuf> payload) {
		this.replies.error(request, code, payload);
	}

	@Override
	public Collection<Address> upstreams() {
		Set<Address> all = new LinkedHashSet<>(this.upstreams.addresses());
		if (this.upstreams.isSelf()) {
			all.add(this.identity.address());
		}
		return all;
	}

	@Override
	public @Nullable Address bestUpstream() {
		Peer best = this.upstreams.best(now(), null);
		return (best != null) ? best.address : null;
	}

	@Override
	public boolean isUpstream() {
		return this.upstreams.isSelf();
	}

	@Override
	public int latency(Address address) {
		Peer peer = this.registry.get(address.value());
		Path path = (peer != null) ? peer.bestPath(now()) : null;
		return (path != null) ? path.latency : -1;
	}

	@Override
	public void flush() {
		this.transport.flush();
	}

	@Override
	public void retryDeferred() {
		this.waiting.retryDeferredSoon();
	}

	/**
	 * Orbit a moon (VL1 10.5).
	 * @param id the moon's world ID
	 * @param seed a root of it, or null if it is in the store
	 */
	public void orbit(long id, @Nullable Address seed) {
		this.upstreams.orbit(id, seed);
	}

	/**
	 * Forget a moon (VL1 10.5).
	 * @param id the moon's world ID
	 */
	public void deorbit(long id) {
		this.upstreams.deorbit(id);
	}

	/**
	 * Return the planet in use.
	 * @return the planet
	 */
	public World planet() {
		return this.upstreams.planet();
	}

	/**
	 * Return the endpoints of the open sockets; a node bound to a wildcard address shows
	 * it as such.
	 * @return a snapshot
	 */
	public List<InetSocketAddress> endpoints() {
		return localEndpoints();
	}

	/**
	 * Return this node's endpoints as its peers see them (VL1 12.7).
	 * @return a snapshot
	 */
	public List<InetSocketAddress> surfaces() {
		return this.awareness.surfaces(now());
	}

	/**
	 * Return the counters.
	 * @return a snapshot
	 */
	public NodeStatistics statistics() {
		return this.counters.snapshot();
	}

	/**
	 * Return the peers.
	 * @return a snapshot
	 */
	public List<PeerStatus> peers() {
		long now = now();
		List<PeerStatus> all = new ArrayList<>();
		for (Peer peer : this.registry.all()) {
			Path best = peer.bestPath(now);
			List<PathStatus> its = new ArrayList<>();
			for (PeerPath path : peer.paths) {
				its.add(new PathStatus(path.path.endpoint, path.path.lastOut, path.lastReceive, path.path.latency,
						path.path == best, path.path.isAlive(now) && !path.path.isSuspect(now)));
			}
			all.add(new PeerStatus(peer.address, peer.softwareVersion(), peer.protocol,
					this.upstreams.role(peer.address), (best != null) ? best.latency : -1, peer.lastReceive, its));
		}
		return all;
	}

	private final class Receiver implements PhysicalTransport.Receiver {

		@Override
		public void receive(LocalSocket socket, InetSocketAddress source, ByteBuf datagram) {
			if (Vl1.this.running) {
				Vl1.this.inbound.receive(socket, source, datagram);
			}
			else {
				datagram.release();
			}
		}

		@Override
		public void receiveComplete() {
			if (Vl1.this.running) {
				Vl1.this.waiting.runDeferred();
				Vl1.this.upper.receiveComplete();
				Vl1.this.transport.flush();
			}
		}

	}

}
