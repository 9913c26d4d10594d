package io.zt4j.test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

import io.zt4j.node.transport.PhysicalTransport;
import org.jspecify.annotations.Nullable;

/**
 * A machine on the simulated Internet, with one address.
 */
public final class SimulatedHost {

	private static final int FIRST_FREE_PORT = 32_768;

	private final SimulatedInternet internet;

	private final @Nullable SimulatedNat nat;

	private final InetAddress address;

	private final Map<Integer, SimulatedTransport> bound = new HashMap<>();

	private LinkConditions conditions;

	private boolean connected = true;

	private int nextPort = FIRST_FREE_PORT;

	/** When the uplink has sent all that was given to it, in nanoseconds. */
	long uplinkFreeAt;

	SimulatedHost(SimulatedInternet internet, @Nullable SimulatedNat nat, InetAddress address) {
		this.internet = internet;
		this.nat = nat;
		this.address = address;
		this.conditions = internet.defaultConditions();
	}

	/**
	 * Return the host's address: private if it is behind a NAT.
	 * @return the address
	 */
	public InetAddress address() {
		return this.address;
	}

	/**
	 * Return an endpoint on this host.
	 * @param port the port
	 * @return address and port
	 */
	public InetSocketAddress endpoint(int port) {
		return new InetSocketAddress(this.address, port);
	}

	/**
	 * Make a transport that will bind a port of this host.
	 * @param port the UDP port, 0 for a free one
	 * @return a transport for one node
	 */
	public PhysicalTransport transport(int port) {
		return new SimulatedTransport(this.internet, this, port);
	}

	/**
	 * Change the host's link.
	 * @param conditions how good it is now
	 * @return this host
	 */
	public SimulatedHost conditions(LinkConditions conditions) {
		this.conditions = conditions;
		return this;
	}

	/**
	 * Pull the plug, or put it back in. The host does not notice.
	 * @param connected whether the host is connected
	 */
	public void connected(boolean connected) {
		this.connected = connected;
	}

	LinkConditions conditions() {
		return this.conditions;
	}

	boolean isConnected() {
		return this.connected;
	}

	@Nullable SimulatedNat nat() {
		return this.nat;
	}

	// Bind a port; 0 if it is in use.
	int bind(int port, SimulatedTransport transport) {
		int chosen = port;
		if (chosen == 0) {
			while (this.bound.containsKey(this.nextPort)) {
				this.nextPort++;
			}
			chosen = this.nextPort++;
		}
		return (this.bound.putIfAbsent(chosen, transport) == null) ? chosen : 0;
	}

	void unbind(int port) {
		this.bound.remove(port);
	}

	@Nullable SimulatedTransport bound(int port) {
		return this.bound.get(port);
	}

	@Override
	public String toString() {
		return this.address.getHostAddress();
	}

}
