package io.zt4j.netty.testing;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.channel.EventLoop;
import io.zt4j.stack.InterfaceAddress;
import org.jspecify.annotations.Nullable;

/**
 * Hosts on one event loop that hand each other bytes without any protocol. Nothing is
 * lost; buffers are as large as the options say, so that the channels' flow control can
 * be tested apart from TCP.
 */
public final class ScriptedNetwork {

	private final EventLoop loop;

	private final List<ScriptedStack> hosts = new CopyOnWriteArrayList<>();

	public ScriptedNetwork(EventLoop loop) {
		this.loop = loop;
	}

	/**
	 * Add a host.
	 * @param addresses its addresses
	 * @return its stack
	 */
	public ScriptedStack host(InterfaceAddress... addresses) {
		ScriptedStack host = new ScriptedStack(this, List.of(addresses));
		this.hosts.add(host);
		return host;
	}

	EventLoop loop() {
		return this.loop;
	}

	List<ScriptedStack> hosts() {
		return this.hosts;
	}

	/**
	 * The host an address belongs to, seen from another: loopback is always one's own.
	 */
	@Nullable ScriptedStack owner(ScriptedStack from, InetAddress address) {
		if (from.owns(address)) {
			return from;
		}
		return this.hosts.stream().filter((host) -> host.owns(address)).findFirst().orElse(null);
	}

}
