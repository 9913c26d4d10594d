package io.zt4j.node.store;

import java.util.regex.Pattern;

/**
 * Which paths a store accepts.
 */
final class StorePaths {

	// names of letters, digits, '.', '-', '_' that do not begin with '.': no traversal,
	// no
	// absolute paths, no drive letters, no temporary files
	private static final Pattern ALLOWED = Pattern
		.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

	private StorePaths() {
	}

	static boolean isAllowed(String path) {
		return path.length() <= 255 && ALLOWED.matcher(path).matches();
	}

	static String check(String path) {
		if (!isAllowed(path)) {
			throw new IllegalArgumentException("'" + path + "' is not a relative path of plain file names");
		}
		return path;
	}

}
