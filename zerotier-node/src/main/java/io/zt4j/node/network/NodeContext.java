package io.zt4j.node.network;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.netty.channel.EventLoop;
import io.zt4j.node.NodeEvent;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.peer.PacketSender;
import io.zt4j.node.store.StateStore;
import org.jspecify.annotations.Nullable;

/**
 * What all networks of a node share.
 */
final class NodeContext {

	/** Largest VL2 payload a packet delivers in practice (VL2 10.5). */
	static final int MAX_PAYLOAD = 9_900;

	/** Largest payload of a frame in any form: MULTICAST_FRAME has the longest header. */
	static final int MAX_FRAME = MAX_PAYLOAD - 31;

	/** ERROR NEED_MEMBERSHIP_CERTIFICATE goes to a peer once a second (VL2 25). */
	private static final long ERROR_INTERVAL = 1_000;

	final PacketSender sender;

	final EventLoop loop;

	final RandomGenerator random;

	final Consumer<NodeEvent> events;

	final NetworkCache cache;

	final Address self;

	final DropCounters drops = new DropCounters();

	final GroupDirectory groups = new GroupDirectory();

	/** Credentials go to a peer without a record once a second when it asks (VL2 8.3). */
	final PeerBudget strangerPushes = new PeerBudget(1, Membership.REQUESTED_PUSH_INTERVAL);

	final PeerBudget membershipErrors = new PeerBudget(1, ERROR_INTERVAL);

	@Nullable ControllerRole controller;

	NodeContext(PacketSender sender, EventLoop loop, StateStore store, RandomGenerator random,
			Consumer<NodeEvent> events) {
		this.sender = sender;
		this.loop = loop;
		this.random = random;
		this.events = events;
		this.cache = new NetworkCache(store);
		this.self = sender.identity().address();
	}

	/**
	 * Return the identity of a node that may be this one.
	 * @param address the node
	 * @return its identity, or null if it is not known
	 */
	@Nullable Identity identityOf(Address address) {
		return address.equals(this.self) ? this.sender.identity() : this.sender.identityOf(address);
	}

	void drop(DropReason reason) {
		this.drops.count(reason);
	}

}
