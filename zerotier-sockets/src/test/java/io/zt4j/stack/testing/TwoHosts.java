package io.zt4j.stack.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.host.HostStack;

/**
 * Two hosts on one Ethernet under virtual time: {@code a} is 10.0.0.1 and fd00::1,
 * {@code b} is 10.0.0.2 and fd00::2.
 */
public final class TwoHosts implements AutoCloseable {

	/** The time. */
	public final VirtualTime time = new VirtualTime();

	/** The switch. */
	public final VirtualEthernet ethernet;

	/** The port of the first host. */
	public final VirtualEthernet.Port portA;

	/** The port of the second host. */
	public final VirtualEthernet.Port portB;

	/** The first host. */
	public final HostStack a;

	/** The second host. */
	public final HostStack b;

	/** IPv4 address of the first host. */
	public final InetAddress a4 = ip("10.0.0.1");

	/** IPv4 address of the second host. */
	public final InetAddress b4 = ip("10.0.0.2");

	/** IPv6 address of the first host. */
	public final InetAddress a6 = ip("fd00::1");

	/** IPv6 address of the second host. */
	public final InetAddress b6 = ip("fd00::2");

	/**
	 * Make them with the MTU ZeroTier networks have.
	 * @param seed seed of all chances
	 */
	public TwoHosts(long seed) {
		this(seed, 2800);
	}

	/**
	 * Make them.
	 * @param seed seed of all chances
	 * @param mtu greatest IP packet
	 */
	public TwoHosts(long seed, int mtu) {
		this.ethernet = new VirtualEthernet(this.time.ticker(), seed);
		this.portA = this.ethernet.port(mtu);
		this.portB = this.ethernet.port(mtu);
		this.a = host(this.portA, seed, this.a4, this.a6);
		this.b = host(this.portB, seed + 1, this.b4, this.b6);
		this.time.run();
	}

	/**
	 * Add another host.
	 * @param port its port
	 * @param seed its random seed
	 * @param addresses its addresses, IPv4 with 24 and IPv6 with 64 bits of prefix
	 * @return the host
	 */
	public HostStack host(VirtualEthernet.Port port, long seed, InetAddress... addresses) {
		HostStack host = port.attach(new HostStack(port, this.time.loop(), this.time.ticker(), new Random(seed)));
		for (InetAddress address : addresses) {
			host.addAddress(new InterfaceAddress(address, (address.getAddress().length == 4) ? 24 : 64));
		}
		return host;
	}

	/**
	 * Let time pass until a stage completes.
	 * @param stage the stage
	 * @param seconds how long at most
	 * @param <T> its type
	 * @return its result
	 */
	public <T> T await(CompletionStage<T> stage, long seconds) {
		this.time.advanceUntil(() -> stage.toCompletableFuture().isDone(), seconds, TimeUnit.SECONDS);
		if (!stage.toCompletableFuture().isDone()) {
			throw new AssertionError("nothing happened in " + seconds + " s");
		}
		return stage.toCompletableFuture().join();
	}

	/**
	 * Set the same conditions in both directions.
	 * @param conditions the conditions
	 */
	public void conditions(VirtualEthernet.Conditions conditions) {
		this.portA.conditions(conditions);
		this.portB.conditions(conditions);
	}

	/**
	 * Parse an address.
	 * @param text a literal
	 * @return the address
	 */
	public static InetAddress ip(String text) {
		try {
			return InetAddress.getByName(text);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	@Override
	public void close() {
		this.a.close();
		this.b.close();
		this.time.advance(1, TimeUnit.HOURS);
	}

}
