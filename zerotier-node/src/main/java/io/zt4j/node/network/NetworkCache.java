package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.zt4j.node.store.StateStore;
import io.zt4j.node.store.StateStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of {@code networks.d/}: one per joined network, the configuration dictionary
 * or a single line feed (VL2 15, 16.1, 16.2).
 */
final class NetworkCache {

	private static final Logger logger = LoggerFactory.getLogger(NetworkCache.class);

	private static final String FOLDER = "networks.d";

	private static final byte[] NO_CONFIG = { '\n' };

	private final StateStore store;

	NetworkCache(StateStore store) {
		this.store = store;
	}

	/**
	 * Return the networks joined when the node last ran.
	 * @return their IDs
	 */
	List<NetworkId> joined() {
		List<NetworkId> joined = new ArrayList<>();
		for (String name : this.store.list(FOLDER)) {
			if (name.length() == 16 + ".conf".length() && name.endsWith(".conf")) {
				try {
					joined.add(NetworkId.parse(name.substring(0, 16)));
				}
				catch (IllegalArgumentException ex) {
					logger.warn("Ignoring {}/{}: {}", FOLDER, name, ex.getMessage());
				}
			}
		}
		return joined;
	}

	/**
	 * Return the cached configuration.
	 * @param network the network
	 * @return the dictionary, or null if there is none
	 */
	byte @Nullable [] load(NetworkId network) {
		try {
			byte[] content = this.store.read(path(network));
			return (content == null || content.length <= 1) ? null : content;
		}
		catch (StateStoreException ex) {
			logger.warn("Network {} starts without its cached configuration", network, ex);
			return null;
		}
	}

	/**
	 * Remember that a network is joined.
	 * @param network the network
	 */
	void remember(NetworkId network) {
		write(network, NO_CONFIG);
	}

	/**
	 * Store a configuration, unless it is stored already.
	 * @param network the network
	 * @param dictionary the encoded configuration
	 */
	void save(NetworkId network, byte[] dictionary) {
		if (!Arrays.equals(dictionary, load(network))) {
			write(network, dictionary);
		}
	}

	/**
	 * Forget a network that was left.
	 * @param network the network
	 */
	void delete(NetworkId network) {
		this.store.delete(path(network));
		this.store.delete(FOLDER + "/" + network + ".local.conf");
	}

	// A full disk must not stop the data path: the network works on without its cache.
	private void write(NetworkId network, byte[] content) {
		try {
			this.store.write(path(network), content);
		}
		catch (StateStoreException ex) {
			logger.warn("The configuration of network {} is not stored", network, ex);
		}
	}

	private static String path(NetworkId network) {
		return FOLDER + "/" + network + ".conf";
	}

}
