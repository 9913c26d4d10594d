package io.zt4j.node.peer;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.zt4j.node.identity.Address;
import io.zt4j.node.store.PeerRecord;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.store.StateStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Peers of earlier runs: {@code peers.d/} with one file each (VL1 17). A file is read
 * when its peer is needed. At most {@value #CAPACITY} are kept.
 */
final class PeerCache {

	static final int CAPACITY = 4096;

	private static final Logger logger = LoggerFactory.getLogger(PeerCache.class);

	private static final String FOLDER = "peers.d";

	private final StateStore store;

	private final Set<Long> known = new HashSet<>();

	PeerCache(StateStore store) {
		this.store = store;
	}

	/** Read which peers there are. */
	void load() {
		for (String name : this.store.list(FOLDER)) {
			if (name.matches("[0-9a-f]{10}\\.peer") && this.known.size() < CAPACITY) {
				this.known.add(Long.parseLong(name.substring(0, 10), 16));
			}
		}
	}

	boolean contains(long address) {
		return this.known.contains(address);
	}

	// Read a peer once; it is not looked for again until it is stored.
	@Nullable PeerRecord take(long address) {
		if (!this.known.remove(address)) {
			return null;
		}
		try {
			byte[] content = this.store.read(PeerRecord.path(new Address(address)));
			PeerRecord entry = (content != null) ? PeerRecord.parse(content) : null;
			return (entry != null && entry.identity().address().value() == address) ? entry : null;
		}
		catch (StateStoreException ex) {
			logger.debug("Peer cache: {}", ex.getMessage());
			return null;
		}
	}

	void store(Peer peer, List<InetSocketAddress> paths) {
		if (this.known.size() >= CAPACITY && !this.known.contains(peer.address.value())) {
			return;
		}
		try {
			PeerRecord record = new PeerRecord(peer.identity, peer.protocol, peer.major, peer.minor, peer.revision,
					paths);
			this.store.write(PeerRecord.path(peer.address), record.toBytes());
			this.known.add(peer.address.value());
		}
		catch (StateStoreException ex) {
			logger.debug("Peer cache: {}", ex.getMessage());
		}
	}

}
