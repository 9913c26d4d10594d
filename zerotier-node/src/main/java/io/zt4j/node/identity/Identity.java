package io.zt4j.node.identity;

/**
 * Placeholder: written by the VL1 room.
 */
public final class Identity {

	private Identity() {
	}

}
