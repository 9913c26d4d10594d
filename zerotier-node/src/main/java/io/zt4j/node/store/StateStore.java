package io.zt4j.node.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Persistent state of a node by relative path, named as zerotier-one names its files
 * ({@code identity.secret}, {@code planet}, {@code networks.d/8056c2e21c000001.conf}; VL1
 * 17, VL2 16). Writes are atomic: after a crash a reader sees the old content or the new,
 * never a mixture. Called on the node's event loop or before it starts; implementations
 * need not be thread-safe.
 */
public interface StateStore {

	/**
	 * Read an object.
	 * @param path relative path, {@code /} separated
	 * @return the content, or null if there is none
	 * @throws StateStoreException if it exists but cannot be read
	 */
	byte @Nullable [] read(String path);

	/**
	 * Write or replace an object atomically. Secrets ({@code identity.secret} and
	 * {@code *.secret}) are readable by the owner only.
	 * @param path relative path
	 * @param content the content
	 * @throws StateStoreException if it cannot be written
	 */
	void write(String path, byte[] content);

	/**
	 * Delete an object; nothing happens if there is none.
	 * @param path relative path
	 */
	void delete(String path);

	/**
	 * List the names of the objects directly in a folder.
	 * @param folder relative path of the folder
	 * @return names without the folder, sorted; empty if there is no such folder
	 */
	List<String> list(String folder);

}
