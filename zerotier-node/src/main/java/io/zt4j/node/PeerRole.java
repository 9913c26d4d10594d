package io.zt4j.node;

/**
 * What a peer is to this node: decided by this node's own planet and moons (VL1 0).
 */
public enum PeerRole {

	/** An ordinary node. */
	LEAF,

	/** A root of a moon this node orbits. */
	MOON,

	/** A root of the planet. */
	PLANET

}
