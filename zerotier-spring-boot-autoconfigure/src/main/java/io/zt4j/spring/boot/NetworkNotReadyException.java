package io.zt4j.spring.boot;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

import io.zt4j.node.identity.Address;

/**
 * The node did not become a member of all required networks within the start-up timeout.
 */
public class NetworkNotReadyException extends RuntimeException {

	private final Address node;

	private final boolean online;

	private final List<NetworkReadiness> networks;

	private final List<InetSocketAddress> roots;

	private final Duration timeout;

	/**
	 * Create the exception.
	 * @param node this node
	 * @param online whether a root answers
	 * @param networks the networks that are not ready
	 * @param roots the endpoints of the roots
	 * @param timeout how long the start waited
	 */
	public NetworkNotReadyException(Address node, boolean online, List<NetworkReadiness> networks,
			List<InetSocketAddress> roots, Duration timeout) {
		super("Node " + node + " is " + (online ? "online" : "offline") + " and after " + timeout.toMillis()
				+ " ms no member of " + networks.stream().map((n) -> n.network() + " (" + n.status() + ")").toList());
		this.node = node;
		this.online = online;
		this.networks = List.copyOf(networks);
		this.roots = List.copyOf(roots);
		this.timeout = timeout;
	}

	/**
	 * Return this node.
	 * @return its address
	 */
	public Address getNode() {
		return this.node;
	}

	/**
	 * Whether a root answers.
	 * @return true if the node is online
	 */
	public boolean isOnline() {
		return this.online;
	}

	/**
	 * Return the networks that are not ready.
	 * @return at least one
	 */
	public List<NetworkReadiness> getNetworks() {
		return this.networks;
	}

	/**
	 * Return where the roots were looked for.
	 * @return their endpoints
	 */
	public List<InetSocketAddress> getRoots() {
		return this.roots;
	}

	/**
	 * Return how long the start waited.
	 * @return the start-up timeout
	 */
	public Duration getTimeout() {
		return this.timeout;
	}

}
