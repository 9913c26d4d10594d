package io.zt4j.node.network;

/**
 * Who may join a network.
 */
public enum NetworkType {

	/** Members the controller authorised. */
	PRIVATE,

	/** Anybody. */
	PUBLIC

}
