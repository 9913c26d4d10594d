package io.zt4j.netty.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.UdpSocket;

/**
 * A UDP socket of a {@link ScriptedStack}.
 */
final class ScriptedUdpSocket implements UdpSocket {

	private final ScriptedStack stack;

	private final InetSocketAddress local;

	private final boolean reuse;

	private final Handler handler;

	private final Set<InetAddress> groups = new HashSet<>();

	private boolean loopback = true;

	ScriptedUdpSocket(ScriptedStack stack, InetSocketAddress local, boolean reuse, Handler handler) {
		this.stack = stack;
		this.local = local;
		this.reuse = reuse;
		this.handler = handler;
	}

	boolean reuse() {
		return this.reuse;
	}

	@Override
	public InetSocketAddress localAddress() {
		return this.local;
	}

	@Override
	public void send(InetSocketAddress destination, ByteBuf data) throws IOException {
		InetAddress address = destination.getAddress();
		InetAddress from = this.local.getAddress().isAnyLocalAddress() ? this.stack.sourceFor(address)
				: this.local.getAddress();
		InetSocketAddress source = new InetSocketAddress(from, this.local.getPort());
		this.stack.eventLoop().execute(() -> {
			if (address.isMulticastAddress()) {
				for (ScriptedStack host : this.stack.network().hosts()) {
					if (host != this.stack || this.loopback) {
						List.copyOf(host.sockets())
							.stream()
							.filter((socket) -> socket.groups.contains(address)
									&& socket.local.getPort() == destination.getPort())
							.forEach((socket) -> socket.handler.receive(source, destination, data.copy()));
					}
				}
				data.release();
				return;
			}
			ScriptedStack host = this.stack.network().owner(this.stack, address);
			if (host == null) {
				data.release();
				return;
			}
			for (ScriptedUdpSocket socket : host.sockets()) {
				if (socket.local.getPort() == destination.getPort() && (socket.local.getAddress().isAnyLocalAddress()
						|| socket.local.getAddress().equals(address))) {
					socket.handler.receive(source, destination, data);
					return;
				}
			}
			data.release();
			this.handler.error(destination, new PortUnreachableException());
		});
	}

	@Override
	public void join(InetAddress group) {
		this.groups.add(group);
	}

	@Override
	public void leave(InetAddress group) {
		this.groups.remove(group);
	}

	@Override
	public void multicast(int timeToLive, boolean loopback) {
		this.loopback = loopback;
	}

	@Override
	public void trafficClass(int value) {
	}

	@Override
	public void close() {
		this.stack.sockets().remove(this);
	}

}
