package io.zt4j.netty.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.IpRoute;
import io.zt4j.stack.NetworkStack;
import io.zt4j.stack.StackStatistics;
import io.zt4j.stack.TcpConnection;
import io.zt4j.stack.TcpListener;
import io.zt4j.stack.TcpOptions;
import io.zt4j.stack.UdpSocket;
import org.jspecify.annotations.Nullable;

/**
 * A host of a {@link ScriptedNetwork}.
 */
public final class ScriptedStack implements NetworkStack {

	private final ScriptedNetwork network;

	private final List<InterfaceAddress> addresses;

	private final Map<Integer, ScriptedListener> listeners = new HashMap<>();

	private final List<ScriptedUdpSocket> sockets = new ArrayList<>();

	private int nextPort = 20000;

	ScriptedStack(ScriptedNetwork network, List<InterfaceAddress> addresses) {
		this.network = network;
		this.addresses = addresses;
	}

	ScriptedNetwork network() {
		return this.network;
	}

	List<ScriptedUdpSocket> sockets() {
		return this.sockets;
	}

	boolean owns(InetAddress address) {
		return this.addresses.stream().anyMatch((own) -> own.address().equals(address));
	}

	int port() {
		return this.nextPort++;
	}

	@Override
	public EventLoop eventLoop() {
		return this.network.loop();
	}

	@Override
	public List<InterfaceAddress> addresses() {
		return this.addresses;
	}

	@Override
	public boolean reaches(InetAddress destination) {
		return this.addresses.stream()
			.anyMatch((own) -> new IpRoute(own.address(), own.prefixLength(), null).contains(destination));
	}

	@Override
	public TcpListener listen(InetSocketAddress local, int backlog, TcpOptions options, TcpListener.Acceptor acceptor)
			throws IOException {
		checkBind(local);
		int port = (local.getPort() != 0) ? local.getPort() : port();
		if (this.listeners.containsKey(port)) {
			throw new BindException("Address already in use");
		}
		ScriptedListener listener = new ScriptedListener(new InetSocketAddress(local.getAddress(), port), backlog,
				options, acceptor, () -> this.listeners.remove(port));
		this.listeners.put(port, listener);
		return listener;
	}

	private void checkBind(InetSocketAddress local) throws BindException {
		if (!local.getAddress().isAnyLocalAddress() && !owns(local.getAddress())) {
			throw new BindException("Cannot assign requested address");
		}
	}

	@Override
	public TcpConnection connect(@Nullable InetSocketAddress local, InetSocketAddress remote, TcpOptions options,
			TcpConnection.Handler handler) throws IOException {
		if (!reaches(remote.getAddress())) {
			throw new NoRouteToHostException("No route to host");
		}
		InetAddress from = (local != null && !local.getAddress().isAnyLocalAddress()) ? local.getAddress()
				: source(remote.getAddress());
		int port = (local != null && local.getPort() != 0) ? local.getPort() : port();
		ScriptedConnection connection = new ScriptedConnection(this.network.loop(), new InetSocketAddress(from, port),
				remote, options, handler);
		ScriptedStack target = this.network.owner(this, remote.getAddress());
		if (target == null) {
			eventLoop().schedule(() -> connection.fail(new ConnectException("Connection timed out")),
					options.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
			return connection;
		}
		eventLoop().execute(() -> {
			ScriptedListener listener = target.listeners.get(remote.getPort());
			if (listener == null || !listener.admits(connection)) {
				connection.fail(new ConnectException("Connection refused"));
			}
		});
		return connection;
	}

	private InetAddress source(InetAddress destination) {
		for (InterfaceAddress own : this.addresses) {
			if (new IpRoute(own.address(), own.prefixLength(), null).contains(destination)) {
				return own.address();
			}
		}
		throw new IllegalStateException();
	}

	@Override
	public UdpSocket bind(InetSocketAddress local, boolean reuseAddress, UdpSocket.Handler handler) throws IOException {
		checkBind(local);
		int port = (local.getPort() != 0) ? local.getPort() : port();
		for (ScriptedUdpSocket other : this.sockets) {
			if (other.localAddress().getPort() == port && !(reuseAddress && other.reuse())
					&& (other.localAddress().getAddress().equals(local.getAddress())
							|| other.localAddress().getAddress().isAnyLocalAddress()
							|| local.getAddress().isAnyLocalAddress())) {
				throw new BindException("Address already in use");
			}
		}
		ScriptedUdpSocket socket = new ScriptedUdpSocket(this, new InetSocketAddress(local.getAddress(), port),
				reuseAddress, handler);
		this.sockets.add(socket);
		return socket;
	}

	InetAddress sourceFor(InetAddress destination) {
		if (destination.isMulticastAddress()) {
			return this.addresses.stream()
				.map(InterfaceAddress::address)
				.filter((own) -> (own instanceof Inet4Address) == (destination instanceof Inet4Address))
				.findFirst()
				.orElseThrow();
		}
		return source(destination);
	}

	@Override
	public void receive(ByteBuf frame) {
		frame.release();
	}

	@Override
	public void receiveComplete() {
	}

	@Override
	public void addAddress(InterfaceAddress address) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void removeAddress(InetAddress address) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void routes(List<IpRoute> routes) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<IpRoute> routes() {
		return List.of();
	}

	@Override
	public void mtuChanged() {
	}

	@Override
	public CompletionStage<Duration> ping(InetAddress destination, int payloadLength, Duration timeout) {
		throw new UnsupportedOperationException();
	}

	@Override
	public StackStatistics statistics() {
		return new StackStatistics(0, 0, 0, 0, 0, 0, 0, 0, Map.of());
	}

	@Override
	public void close() {
		List.copyOf(this.listeners.values()).forEach(ScriptedListener::close);
	}

}
