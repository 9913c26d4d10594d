package io.zt4j.node.peer;

import java.util.Collection;

import io.netty.util.collection.LongObjectHashMap;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.PacketCipher;
import org.jspecify.annotations.Nullable;

/**
 * The peers by address; at most {@value #CAPACITY}.
 */
final class PeerRegistry {

	static final int CAPACITY = 65_536;

	private final Identity self;

	private final LongObjectHashMap<Peer> peers = new LongObjectHashMap<>();

	PeerRegistry(Identity self) {
		this.self = self;
	}

	@Nullable Peer get(long address) {
		return this.peers.get(address);
	}

	Collection<Peer> all() {
		return this.peers.values();
	}

	boolean isFull() {
		return this.peers.size() >= CAPACITY;
	}

	// Add a peer whose identity was validated or is trusted.
	Peer add(Identity identity, long now) {
		return add(identity, this.self.agree(identity), now);
	}

	Peer add(Identity identity, byte[] key, long now) {
		Peer peer = new Peer(identity.withoutSecret(), new PacketCipher(key), now);
		this.peers.put(identity.address().value(), peer);
		return peer;
	}

	void remove(Peer peer) {
		this.peers.remove(peer.address.value());
	}

}
