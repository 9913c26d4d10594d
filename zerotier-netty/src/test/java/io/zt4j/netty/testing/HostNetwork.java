package io.zt4j.netty.testing;

import java.util.Random;
import java.util.function.Consumer;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.host.HostStack;
import io.zt4j.stack.testing.VirtualEthernet;

/**
 * Hosts with the real TCP/IP stack on one Ethernet in memory, on one event loop, in real
 * time.
 */
public final class HostNetwork {

	/** The MTU of ZeroTier networks. */
	public static final int MTU = 2800;

	private final EventLoop loop;

	private final VirtualEthernet ethernet;

	private final Random random;

	public HostNetwork(EventLoop loop, long seed) {
		this.loop = loop;
		this.ethernet = new VirtualEthernet(Ticker.systemTicker(), seed);
		this.random = new Random(seed);
	}

	/**
	 * Add a host.
	 * @param addresses its addresses
	 * @return its stack
	 */
	public HostStack host(InterfaceAddress... addresses) {
		return host((port) -> {
		}, addresses);
	}

	private HostStack host(Consumer<VirtualEthernet.Port> customizer, InterfaceAddress... addresses) {
		VirtualEthernet.Port port = this.ethernet.port(MTU);
		customizer.accept(port);
		return this.loop.submit(() -> {
			HostStack stack = port.attach(new HostStack(port, this.loop, Ticker.systemTicker(), this.random));
			for (InterfaceAddress address : addresses) {
				stack.addAddress(address);
			}
			return stack;
		}).syncUninterruptibly().getNow();
	}

	/**
	 * Add a host that answers to ARP and nothing else, so that a connection to it times
	 * out.
	 * @param addresses its addresses
	 */
	public void silentHost(InterfaceAddress... addresses) {
		host((port) -> port.filter((frame) -> frame.getUnsignedShort(frame.readerIndex() + 12) == 0x0806), addresses);
	}

	/**
	 * Add a host.
	 * @param addresses its addresses
	 * @return a domain with its stack
	 */
	public StaticSocketDomain domain(InterfaceAddress... addresses) {
		return new StaticSocketDomain(this.loop, host(addresses));
	}

}
