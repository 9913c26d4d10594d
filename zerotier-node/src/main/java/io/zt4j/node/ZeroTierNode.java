package io.zt4j.node;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.netty.channel.EventLoop;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.VirtualNetwork;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.transport.PhysicalTransport;
import org.jspecify.annotations.Nullable;

/**
 * A ZeroTier node. Every method may be called from any thread; the work is done on the
 * node's event loop. Nothing is sent before {@link #start()}.
 */
public final class ZeroTierNode implements AutoCloseable {

	private ZeroTierNode(Builder builder) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Begin to build a node.
	 * @return a builder with defaults: state in memory, UDP port 9993 on all interfaces
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Open the sockets, contact the roots and join the stored networks; idempotent.
	 * @return completes when the sockets are open, or exceptionally with what prevented
	 * it, such as a {@link java.net.BindException} that names address and port
	 */
	public CompletionStage<Void> start() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Save the peer cache and close the sockets; idempotent. A node is started once: it
	 * cannot be started again.
	 * @return completes when everything is closed
	 */
	public CompletionStage<Void> stop() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Stop and wait up to five seconds.
	 */
	@Override
	public void close() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the node's identity.
	 * @return the identity, with its secret
	 */
	public Identity identity() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the node's address.
	 * @return the address
	 */
	public Address address() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the event loop that owns the node.
	 * @return the loop
	 */
	public EventLoop eventLoop() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Whether a root answers, or the node is a root (VL1 11.3).
	 * @return true if online
	 */
	public boolean isOnline() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the state of the node.
	 * @return a snapshot
	 */
	public NodeStatus status() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the peers.
	 * @return a snapshot
	 */
	public List<PeerStatus> peers() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the joined networks.
	 * @return a snapshot
	 */
	public List<NetworkInfo> networks() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return the counters.
	 * @return a snapshot
	 */
	public NodeStatistics statistics() {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Join a network; idempotent. Remembered in the state store until {@link #leave}.
	 * @param network the network
	 * @return the network, usually not configured yet
	 */
	public CompletionStage<VirtualNetwork> join(NetworkId network) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Leave a network; idempotent.
	 * @param network the network
	 * @return completes when left
	 */
	public CompletionStage<Void> leave(NetworkId network) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Return a joined network.
	 * @param network its ID
	 * @return the network, or null if it is not joined
	 */
	public @Nullable VirtualNetwork network(NetworkId network) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Orbit a moon (VL1 10.5).
	 * @param worldId the moon's world ID
	 * @param seed a root of the moon that delivers it, or null if the moon is in the
	 * state store
	 * @return completes when asked for, not when found
	 */
	public CompletionStage<Void> orbit(long worldId, @Nullable Address seed) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Forget a moon (VL1 10.5).
	 * @param worldId the moon's world ID
	 * @return completes when forgotten
	 */
	public CompletionStage<Void> deorbit(long worldId) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Add a listener. Events are delivered in order on the listener executor.
	 * @param listener takes the events
	 */
	public void addListener(Consumer<NodeEvent> listener) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Remove a listener.
	 * @param listener the listener
	 */
	public void removeListener(Consumer<NodeEvent> listener) {
		throw new UnsupportedOperationException("in the making");
	}

	/**
	 * Builds a {@link ZeroTierNode}. Not thread-safe.
	 */
	public static final class Builder {

		private Builder() {
		}

		/**
		 * Where identity, planet, moons, peers and networks are kept.
		 * @param store the store; in memory if not set
		 * @return this builder
		 */
		public Builder storage(StateStore store) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * The identity to use instead of the one in the store.
		 * @param identity an identity with its secret
		 * @return this builder
		 */
		public Builder identity(Identity identity) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * What carries datagrams instead of UDP.
		 * @param transport the transport, driven by the node's event loop
		 * @return this builder
		 */
		public Builder transport(PhysicalTransport transport) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * The UDP port.
		 * @param port 0..65535, 0 for any free port; 9993 if not set
		 * @return this builder
		 */
		public Builder port(int port) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * The addresses to bind UDP sockets to, instead of every usable interface address
		 * (VL1 13.2).
		 * @param addresses local addresses; a loopback address allows loopback paths
		 * @return this builder
		 */
		public Builder bindAddresses(List<InetAddress> addresses) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * The event loop that owns the node, instead of a thread of its own. It is not
		 * shut down by the node.
		 * @param loop the loop
		 * @return this builder
		 */
		public Builder eventLoop(EventLoop loop) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * The time of day.
		 * @param clock the clock; the system's if not set
		 * @return this builder
		 */
		public Builder clock(InstantSource clock) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * Where keys, packet IDs and random choices come from.
		 * @param random the generator
		 * @return this builder
		 */
		public Builder random(SecureRandom random) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * What runs the listeners, instead of a thread of the node's own.
		 * @param executor the executor; tasks are handed to it one at a time
		 * @return this builder
		 */
		public Builder listenerExecutor(Executor executor) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * What runs the memory-hard check of unknown identities (VL1 1.5), tens of
		 * milliseconds each, instead of a thread of the node's own.
		 * @param executor the executor
		 * @return this builder
		 */
		public Builder validationExecutor(Executor executor) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * Whether the node is a network controller too (VL2 17).
		 * @param enabled true to enable the role; false if not set
		 * @return this builder
		 */
		public Builder controller(boolean enabled) {
			throw new UnsupportedOperationException("in the making");
		}

		/**
		 * Build the node. An identity is loaded, or generated and stored.
		 * @return the node, not started
		 * @throws io.zt4j.node.store.StateStoreException if the store cannot be used
		 * @throws IllegalArgumentException if settings contradict one another
		 */
		public ZeroTierNode build() {
			return new ZeroTierNode(this);
		}

	}

}
