package io.zt4j.node.controller;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.netty.channel.EventLoop;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.ControllerRole;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.peer.InboundPacket;
import io.zt4j.node.peer.PacketSender;
import io.zt4j.node.peer.VerbHandler;
import io.zt4j.node.store.StateStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The network controller role of a node: keeps networks and members, answers requests for
 * configurations, pushes changes and revokes certificates (VL2 17 to 19). All public
 * methods that return a {@link CompletionStage} may be called on any thread; what they
 * return completes on the node's event loop, exceptionally with
 * {@link NoSuchElementException} if the network does not exist, with
 * {@link IllegalArgumentException} for settings that cannot be, and with
 * {@link io.zt4j.node.store.StateStoreException} if a record cannot be stored.
 */
public final class NetworkController implements VerbHandler, ControllerRole {

	private static final Logger logger = LoggerFactory.getLogger(NetworkController.class);

	private static final int NETWORK_NUMBERS = 1 << 24;

	private final PacketSender sender;

	private final EventLoop loop;

	private final RandomGenerator random;

	private final NetworkStore store;

	private final ControllerOutput output;

	private final RequestServer server;

	private final Executor listenerExecutor;

	private final List<Consumer<ControllerEvent>> listeners = new CopyOnWriteArrayList<>();

	private Consumer<Revocation> localRevocations = (revocation) -> {
	};

	/**
	 * Create a controller; its records are loaded at once.
	 * @param sender the node's VL1
	 * @param loop the node's event loop
	 * @param state where {@code controller.d/} is
	 * @param random for network numbers, update IDs and addresses of small IPv6 pools
	 * @param listenerExecutor runs the listeners, one task at a time
	 * @throws io.zt4j.node.store.StateStoreException if a record cannot be read
	 */
	public NetworkController(PacketSender sender, EventLoop loop, StateStore state, RandomGenerator random,
			Executor listenerExecutor) {
		this.sender = sender;
		this.loop = loop;
		this.random = random;
		this.listenerExecutor = listenerExecutor;
		this.store = new NetworkStore(state, sender.now());
		this.output = new ControllerOutput(sender, random);
		this.server = new RequestServer(sender, loop, this.store, this.output,
				new ConfigIssuer(sender.identity(), this.store, random), this::emit);
	}

	/**
	 * Create a network with a random number.
	 * @param settings its settings
	 * @return its ID
	 */
	public CompletionStage<NetworkId> createNetwork(NetworkSettings settings) {
		return call(() -> {
			NetworkId id = randomId();
			put(id, settings);
			return id;
		});
	}

	/**
	 * Create a network of a given ID, or update it if it exists.
	 * @param id its ID, of which the first ten digits are this node's address
	 * @param settings its settings
	 * @return the network
	 */
	public CompletionStage<ControlledNetwork> putNetwork(NetworkId id, NetworkSettings settings) {
		return call(() -> {
			if (!id.controller().equals(self())) {
				throw new IllegalArgumentException("Network " + id + " belongs to controller " + id.controller()
						+ "; the networks of this controller begin with " + self());
			}
			put(id, settings);
			return view(require(id));
		});
	}

	/**
	 * Change a network's settings; online members are sent the new configuration.
	 * @param id the network
	 * @param settings all its settings
	 * @return the network
	 */
	public CompletionStage<ControlledNetwork> updateNetwork(NetworkId id, NetworkSettings settings) {
		return call(() -> {
			require(id);
			put(id, settings);
			return view(require(id));
		});
	}

	/**
	 * Delete a network and its members; their certificates are revoked.
	 * @param id the network
	 * @return completes when done
	 */
	public CompletionStage<@Nullable Void> deleteNetwork(NetworkId id) {
		return call(() -> {
			require(id);
			for (MemberRecord member : this.store.members(id)) {
				if (member.isAuthorized()) {
					revoke(id, member.address());
				}
			}
			this.store.delete(id);
			this.server.forget(id);
			emit(new ControllerEvent.NetworkDeleted(id));
			return null;
		});
	}

	/**
	 * List the networks.
	 * @return the networks, by ID
	 */
	public CompletionStage<List<ControlledNetwork>> networks() {
		return call(() -> this.store.networks().stream().map((id) -> view(require(id))).toList());
	}

	/**
	 * Return a network.
	 * @param id the network
	 * @return the network
	 */
	public CompletionStage<ControlledNetwork> network(NetworkId id) {
		return call(() -> view(require(id)));
	}

	/**
	 * List the members of a network: everybody who ever asked or was named.
	 * @param id the network
	 * @return the members, by address
	 */
	public CompletionStage<List<MemberInfo>> members(NetworkId id) {
		return call(() -> {
			require(id);
			return this.store.members(id).stream().map(this.server::view).toList();
		});
	}

	/**
	 * Return a member.
	 * @param id the network
	 * @param member the member
	 * @return the member, or null if it has no record
	 */
	public CompletionStage<@Nullable MemberInfo> member(NetworkId id, Address member) {
		return call(() -> {
			require(id);
			MemberRecord record = this.store.member(id, member);
			return (record != null) ? this.server.view(record) : null;
		});
	}

	/**
	 * Authorise a member; it need not have asked yet. If it has lately, it is sent its
	 * configuration at once.
	 * @param id the network
	 * @param member the member
	 * @return the member
	 */
	public CompletionStage<MemberInfo> authorize(NetworkId id, Address member) {
		return change(id, member, Records.object().put("authorized", true));
	}

	/**
	 * Take a member's authorisation away: its certificate is revoked at all online
	 * members, and elsewhere runs out with its window, 30 minutes unless set otherwise.
	 * @param id the network
	 * @param member the member
	 * @return the member
	 */
	public CompletionStage<MemberInfo> deauthorize(NetworkId id, Address member) {
		return change(id, member, Records.object().put("authorized", false));
	}

	/**
	 * Name a member.
	 * @param id the network
	 * @param member the member
	 * @param name its name
	 * @return the member
	 */
	public CompletionStage<MemberInfo> nameMember(NetworkId id, Address member, String name) {
		return change(id, member, Records.object().put("name", name));
	}

	/**
	 * Assign IP addresses to a member, in place of those it has. Addresses no route leads
	 * to are kept but not given out.
	 * @param id the network
	 * @param member the member
	 * @param addresses the addresses
	 * @return the member
	 */
	public CompletionStage<MemberInfo> assignAddresses(NetworkId id, Address member,
			Collection<? extends InetAddress> addresses) {
		ArrayNode array = Records.array();
		addresses.forEach((address) -> array.add(Records.string(address)));
		return change(id, member, Records.object().set("ipAssignments", array));
	}

	/**
	 * Set whether a member gets addresses from the pools and schemes by itself.
	 * @param id the network
	 * @param member the member
	 * @param enabled false to give it only what {@link #assignAddresses} gave it
	 * @return the member
	 */
	public CompletionStage<MemberInfo> autoAssignAddresses(NetworkId id, Address member, boolean enabled) {
		return change(id, member, Records.object().put("noAutoAssignIps", !enabled));
	}

	/**
	 * Let a member bridge other hosts into the network, or not.
	 * @param id the network
	 * @param member the member
	 * @param enabled whether it may
	 * @return the member
	 */
	public CompletionStage<MemberInfo> activeBridge(NetworkId id, Address member, boolean enabled) {
		return change(id, member, Records.object().put("activeBridge", enabled));
	}

	/**
	 * Set a member's tags, in place of those it has.
	 * @param id the network
	 * @param member the member
	 * @param tags the values by ID, both unsigned
	 * @return the member
	 */
	public CompletionStage<MemberInfo> assignTags(NetworkId id, Address member, Map<Integer, Integer> tags) {
		return change(id, member, Records.object().set("tags", Records.tags(Map.copyOf(tags))));
	}

	/**
	 * Set a member's capabilities, in place of those it has.
	 * @param id the network
	 * @param member the member
	 * @param capabilities the IDs, unsigned
	 * @return the member
	 */
	public CompletionStage<MemberInfo> assignCapabilities(NetworkId id, Address member, Set<Integer> capabilities) {
		ArrayNode array = Records.array();
		capabilities.forEach((capability) -> array.add(Integer.toUnsignedLong(capability)));
		return change(id, member, Records.object().set("capabilities", array));
	}

	/**
	 * Delete the record of a member. If it asks again it is a new member.
	 * @param id the network
	 * @param member the member
	 * @return whether there was a record
	 */
	public CompletionStage<Boolean> removeMember(NetworkId id, Address member) {
		return call(() -> {
			require(id);
			MemberRecord record = this.store.delete(id, member);
			if (record == null) {
				return false;
			}
			if (record.isAuthorized()) {
				revoke(id, member);
			}
			this.server.forget(new Session.Key(id, member));
			emit(new ControllerEvent.MemberRemoved(id, member));
			return true;
		});
	}

	/**
	 * Add a listener. Any thread.
	 * @param listener takes the events, on the listener executor
	 */
	public void addListener(Consumer<ControllerEvent> listener) {
		this.listeners.add(listener);
	}

	/**
	 * Remove a listener. Any thread.
	 * @param listener the listener
	 */
	public void removeListener(Consumer<ControllerEvent> listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Return how many requests were not answered, by reason. Any thread.
	 * @return reason to count, reasons that never happened left out
	 */
	public Map<String, Long> drops() {
		return this.server.drops();
	}

	@Override
	public Verdict handle(InboundPacket packet) {
		return this.server.handle(packet);
	}

	@Override
	public void requestLocally(NetworkId network, byte[] metadata, Reply reply) {
		this.server.requestLocally(network, metadata, reply);
	}

	@Override
	public boolean servedRecently(NetworkId network, Address member) {
		return this.server.servedRecently(network, member);
	}

	@Override
	public void localRevocations(Consumer<Revocation> sink) {
		this.localRevocations = sink;
	}

	private Address self() {
		return this.sender.identity().address();
	}

	private NetworkId randomId() {
		while (true) {
			NetworkId id = new NetworkId(self().value() << 24 | this.random.nextInt(1, NETWORK_NUMBERS));
			if (this.store.network(id) == null) {
				return id;
			}
		}
	}

	private NetworkRecord require(NetworkId id) {
		NetworkRecord record = this.store.network(id);
		if (record == null) {
			throw new NoSuchElementException("This controller has no network " + id);
		}
		return record;
	}

	private void put(NetworkId id, NetworkSettings settings) {
		NetworkRecord stored = this.store.network(id);
		ObjectNode json = (stored != null) ? stored.json().deepCopy() : Records.object();
		NetworkRecord record = new NetworkRecord(id, json, this.sender.now());
		record.update(settings.toJson());
		if (this.store.save(record)) {
			emit((stored != null) ? new ControllerEvent.NetworkUpdated(id, record.revision())
					: new ControllerEvent.NetworkCreated(id));
			this.server.push(id);
		}
	}

	private ControlledNetwork view(NetworkRecord record) {
		Collection<MemberRecord> members = this.store.members(record.id());
		return new ControlledNetwork(record.id(), record.revision(), record.creationTime(), NetworkSettings.of(record),
				members.size(), (int) members.stream().filter(MemberRecord::isAuthorized).count());
	}

	private CompletionStage<MemberInfo> change(NetworkId id, Address member, ObjectNode body) {
		return call(() -> {
			require(id);
			long now = this.sender.now();
			MemberRecord stored = this.store.member(id, member);
			MemberRecord record = (stored != null) ? stored.copy()
					: new MemberRecord(id, member, Records.object(), now);
			record.update(body, now);
			if (this.store.save(record)) {
				changed(stored, record);
			}
			return this.server.view(record);
		});
	}

	private void changed(@Nullable MemberRecord before, MemberRecord after) {
		NetworkId id = after.network();
		Address member = after.address();
		boolean was = before != null && before.isAuthorized();
		if (was && !after.isAuthorized()) {
			revoke(id, member);
			emit(new ControllerEvent.MemberDeauthorized(id, member));
		}
		else if (!was && after.isAuthorized()) {
			emit(new ControllerEvent.MemberAuthorized(id, member, "api"));
		}
		if (!after.addresses().equals((before != null) ? before.addresses() : Set.of())) {
			emit(new ControllerEvent.AddressesAssigned(id, member, after.addresses()));
		}
		if (after.isActiveBridge() != (before != null && before.isActiveBridge())) {
			// every member's configuration lists the bridges
			this.server.push(id);
		}
		else {
			this.server.push(new Session.Key(id, member));
		}
	}

	/* VL2 19 */
	private void revoke(NetworkId id, Address member) {
		Revocation revocation = Revocation.issue(this.random.nextInt(), id, Revocation.MEMBERSHIP, 0, this.sender.now(),
				Revocation.FAST_PROPAGATE, member, this.sender.identity());
		List<Address> recipients = new ArrayList<>(this.server.online(id));
		recipients.remove(self());
		this.output.revoke(revocation, recipients);
		this.localRevocations.accept(revocation);
	}

	private void emit(ControllerEvent event) {
		if (!this.listeners.isEmpty()) {
			this.listenerExecutor.execute(() -> this.listeners.forEach((listener) -> deliver(listener, event)));
		}
	}

	private static void deliver(Consumer<ControllerEvent> listener, ControllerEvent event) {
		try {
			listener.accept(event);
		}
		catch (RuntimeException ex) {
			logger.warn("A listener of the controller failed on {}", event, ex);
		}
	}

	private <T extends @Nullable Object> CompletionStage<T> call(Supplier<T> action) {
		CompletableFuture<T> future = new CompletableFuture<>();
		Runnable task = () -> {
			try {
				future.complete(action.get());
			}
			catch (RuntimeException ex) {
				future.completeExceptionally(ex);
			}
		};
		if (this.loop.inEventLoop()) {
			task.run();
		}
		else {
			this.loop.execute(task);
		}
		return future;
	}

}
