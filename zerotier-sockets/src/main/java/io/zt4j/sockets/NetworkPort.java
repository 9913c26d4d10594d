package io.zt4j.sockets;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import io.zt4j.node.network.EthernetPort;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.MacAddress;
import io.zt4j.node.network.MulticastGroup;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkRoute;
import io.zt4j.node.network.NetworkStatus;
import io.zt4j.node.network.VirtualNetwork;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.EthernetLink;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.IpRoute;
import io.zt4j.stack.NetworkStack;
import io.zt4j.stack.host.HostStack;
import org.jspecify.annotations.Nullable;

/**
 * Joins one stack to one virtual network: frames both ways, and the addresses and routes
 * of the network's configuration to the stack. Confined to the node's event loop.
 */
final class NetworkPort implements EthernetPort, EthernetLink {

	private final VirtualNetwork network;

	private final ManagedAddressPolicy policy;

	private final EthernetAddress address;

	private final NetworkStack stack;

	private final List<InterfaceAddress> managed = new ArrayList<>();

	private int mtu;

	NetworkPort(VirtualNetwork network, ManagedAddressPolicy policy, EventLoop loop, Ticker ticker,
			RandomGenerator random) {
		this.network = network;
		this.policy = policy;
		this.address = new EthernetAddress(network.mac().value());
		this.mtu = network.mtu();
		this.stack = new HostStack(this, loop, ticker, random);
	}

	NetworkStack stack() {
		return this.stack;
	}

	VirtualNetwork network() {
		return this.network;
	}

	@Override
	public void receive(ByteBuf frame) {
		this.stack.receive(frame);
	}

	@Override
	public void receiveComplete() {
		this.stack.receiveComplete();
	}

	@Override
	public void configured(NetworkStatus status, @Nullable NetworkConfig config) {
		if (config == null) {
			return;
		}
		if (this.mtu != this.network.mtu()) {
			this.mtu = this.network.mtu();
			this.stack.mtuChanged();
		}
		List<InterfaceAddress> wanted = config.staticAddresses()
			.stream()
			.filter(this.policy::admits)
			.map((ip) -> new InterfaceAddress(ip.address(), ip.prefixLength()))
			.toList();
		for (InterfaceAddress old : List.copyOf(this.managed)) {
			if (!wanted.contains(old)) {
				this.stack.removeAddress(old.address());
				this.managed.remove(old);
			}
		}
		for (InterfaceAddress added : wanted) {
			if (!this.managed.contains(added)) {
				this.stack.addAddress(added);
				this.managed.add(added);
			}
		}
		this.stack.routes(config.routes().stream().filter(this::isUsable).map(NetworkPort::toRoute).toList());
	}

	/*
	 * VL2 16.3: a route by way of oneself, or already implied by an address, is left out
	 */
	private boolean isUsable(NetworkRoute route) {
		InetPrefix target = route.target();
		if (!this.policy.admits(target)) {
			return false;
		}
		for (InterfaceAddress own : this.managed) {
			if (own.address().equals(route.via())) {
				return false;
			}
			if (route.via() == null && own.prefixLength() == target.prefixLength()
					&& toRoute(route).contains(own.address())) {
				return false;
			}
		}
		return this.managed.stream().anyMatch((own) -> own.address().getClass() == target.address().getClass());
	}

	private static IpRoute toRoute(NetworkRoute route) {
		return new IpRoute(route.target().address(), route.target().prefixLength(), route.via());
	}

	@Override
	public EthernetAddress address() {
		return this.address;
	}

	@Override
	public int mtu() {
		return this.network.mtu();
	}

	@Override
	public int headroom() {
		return VirtualNetwork.HEADROOM;
	}

	@Override
	public void transmit(ByteBuf frame) {
		this.network.transmit(frame);
	}

	@Override
	public void flush() {
		this.network.flush();
	}

	@Override
	public void join(EthernetAddress group) {
		this.network.subscribe(groupOf(group));
	}

	@Override
	public void leave(EthernetAddress group) {
		this.network.unsubscribe(groupOf(group));
	}

	private static MulticastGroup groupOf(EthernetAddress group) {
		return new MulticastGroup(new MacAddress(group.value()), 0);
	}

}
