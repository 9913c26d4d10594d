package io.zt4j.netty.testing;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.channel.EventLoop;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * A domain of the stacks it is given.
 */
public final class StaticSocketDomain implements SocketDomain {

	private final EventLoop loop;

	private final List<NetworkStack> stacks = new CopyOnWriteArrayList<>();

	private final List<Listener> listeners = new CopyOnWriteArrayList<>();

	public StaticSocketDomain(EventLoop loop, NetworkStack... stacks) {
		this.loop = loop;
		this.stacks.addAll(List.of(stacks));
	}

	/**
	 * Add a stack, as when a network is joined.
	 * @param stack the stack
	 */
	public void add(NetworkStack stack) {
		this.loop.submit(() -> {
			this.stacks.add(stack);
			this.listeners.forEach((listener) -> listener.added(stack));
		}).syncUninterruptibly();
	}

	/**
	 * Remove a stack, as when a network is left.
	 * @param stack the stack
	 */
	public void remove(NetworkStack stack) {
		this.loop.submit(() -> {
			this.stacks.remove(stack);
			this.listeners.forEach((listener) -> listener.removed(stack));
		}).syncUninterruptibly();
	}

	public int listeners() {
		return this.listeners.size();
	}

	@Override
	public EventLoop eventLoop() {
		return this.loop;
	}

	@Override
	public List<NetworkStack> stacks() {
		return List.copyOf(this.stacks);
	}

	@Override
	public @Nullable NetworkStack route(InetAddress destination) {
		return this.stacks.stream().filter((stack) -> stack.reaches(destination)).findFirst().orElse(null);
	}

	@Override
	public @Nullable NetworkStack owner(InetAddress local) {
		return this.stacks.stream()
			.filter((stack) -> stack.addresses().stream().anyMatch((own) -> own.address().equals(local)))
			.findFirst()
			.orElse(null);
	}

	@Override
	public void addListener(Listener listener) {
		this.listeners.add(listener);
	}

	@Override
	public void removeListener(Listener listener) {
		this.listeners.remove(listener);
	}

}
