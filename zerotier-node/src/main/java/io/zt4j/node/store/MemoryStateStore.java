package io.zt4j.node.store;

import java.util.List;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * State that is gone with the process: for ephemeral nodes and tests. Thread-safe.
 */
public final class MemoryStateStore implements StateStore {

	private final TreeMap<String, byte[]> objects = new TreeMap<>();

	@Override
	public synchronized byte @Nullable [] read(String path) {
		byte[] content = this.objects.get(StorePaths.check(path));
		return (content != null) ? content.clone() : null;
	}

	@Override
	public synchronized void write(String path, byte[] content) {
		this.objects.put(StorePaths.check(path), content.clone());
	}

	@Override
	public synchronized void delete(String path) {
		this.objects.remove(StorePaths.check(path));
	}

	@Override
	public synchronized List<String> list(String folder) {
		String prefix = StorePaths.check(folder) + "/";
		return this.objects.tailMap(prefix)
			.keySet()
			.stream()
			.takeWhile((path) -> path.startsWith(prefix))
			.map((path) -> path.substring(prefix.length()))
			.filter((name) -> name.indexOf('/') < 0)
			.toList();
	}

}
