package io.zt4j.node.peer;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

import io.zt4j.node.transport.PhysicalTransport.LocalSocket;
import org.jspecify.annotations.Nullable;

/**
 * The one {@link Path} object of each socket and endpoint. Only authentic packets put
 * paths here; beyond {@value #CAPACITY} paths stay nameless and are forgotten at once.
 */
final class PathTable {

	static final int CAPACITY = 65_536;

	private final Map<LocalSocket, Map<InetSocketAddress, Path>> paths = new IdentityHashMap<>();

	private int size;

	private @Nullable Path last;

	// Return the path of a datagram: the one in the table, else a new one that is not in
	// the table.
	Path find(LocalSocket socket, InetSocketAddress endpoint) {
		Path cached = this.last;
		if (cached != null && cached.socket == socket && cached.endpoint.equals(endpoint)) {
			return cached;
		}
		Map<InetSocketAddress, Path> ofSocket = this.paths.get(socket);
		Path path = (ofSocket != null) ? ofSocket.get(endpoint) : null;
		if (path == null) {
			return new Path(socket, endpoint);
		}
		this.last = path;
		return path;
	}

	// Put the path of an authentic packet into the table.
	Path intern(Path path) {
		if (path == this.last) {
			return path;
		}
		Map<InetSocketAddress, Path> ofSocket = this.paths.computeIfAbsent(path.socket, (key) -> new HashMap<>());
		Path known = ofSocket.get(path.endpoint);
		if (known != null) {
			return known;
		}
		if (this.size < CAPACITY) {
			ofSocket.put(path.endpoint, path);
			this.size++;
		}
		return path;
	}

	int size() {
		return this.size;
	}

	// Forget paths nothing came in on for the time after which paths expire.
	void expire(long now) {
		this.last = null;
		this.paths.values().removeIf((ofSocket) -> {
			ofSocket.values().removeIf((path) -> {
				boolean old = now - path.lastIn > Timing.PATH_EXPIRATION && !path.isTrusted(now);
				if (old) {
					this.size--;
				}
				return old;
			});
			return ofSocket.isEmpty();
		});
	}

}
