package io.zt4j.node.peer;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.InetAddressCodec;
import io.zt4j.node.packet.MalformedPacketException;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.store.StateStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Peers of earlier runs: {@code peers.d/<address>.peer} (VL1 17). A file is read when its
 * peer is needed. At most {@value #CAPACITY} are kept.
 */
final class PeerCache {

	static final int CAPACITY = 4096;

	private static final Logger logger = LoggerFactory.getLogger(PeerCache.class);

	private static final String FOLDER = "peers.d";

	private static final int VERSION = 2;

	private static final int MAXIMUM_PATHS = 16;

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

	/** Read a peer once; it is not looked for again until it is stored. */
	@Nullable Entry take(long address) {
		if (!this.known.remove(address)) {
			return null;
		}
		try {
			byte[] content = this.store.read(file(new Address(address)));
			Entry entry = (content != null) ? parse(content) : null;
			return (entry != null && entry.identity.address().value() == address) ? entry : null;
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
			this.store.write(file(peer.address),
					serialize(new Entry(peer.identity, peer.protocol, peer.major, peer.minor, peer.revision, paths)));
			this.known.add(peer.address.value());
		}
		catch (StateStoreException ex) {
			logger.debug("Peer cache: {}", ex.getMessage());
		}
	}

	static @Nullable Entry parse(byte[] content) {
		ByteBuf in = Unpooled.wrappedBuffer(content);
		try {
			if (in.readUnsignedByte() != VERSION) {
				return null;
			}
			Identity identity = Identity.read(in);
			int protocol = in.readUnsignedShort();
			int major = in.readUnsignedShort();
			int minor = in.readUnsignedShort();
			int revision = in.readUnsignedShort();
			int count = Math.min(MAXIMUM_PATHS, in.readUnsignedShort());
			List<InetSocketAddress> paths = new ArrayList<>(count);
			for (int i = 0; i < count; i++) {
				InetSocketAddress path = InetAddressCodec.read(in);
				if (path != null) {
					paths.add(path);
				}
			}
			return new Entry(identity, protocol, major, minor, revision, paths);
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			return null;
		}
	}

	static byte[] serialize(Entry entry) {
		ByteBuf out = Unpooled.buffer(256);
		out.writeByte(VERSION);
		entry.identity.write(out);
		out.writeShort(entry.protocol).writeShort(entry.major).writeShort(entry.minor).writeShort(entry.revision);
		out.writeShort(entry.paths.size());
		entry.paths.forEach((path) -> InetAddressCodec.write(out, path));
		return ByteBufUtil.getBytes(out);
	}

	private static String file(Address address) {
		return FOLDER + "/" + address + ".peer";
	}

	record Entry(Identity identity, int protocol, int major, int minor, int revision, List<InetSocketAddress> paths) {

		Entry {
			paths = List.copyOf(paths);
		}

	}

}
