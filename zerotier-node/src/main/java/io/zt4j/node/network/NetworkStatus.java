package io.zt4j.node.network;

/**
 * What a node knows of its membership of a network (VL2 5).
 */
public enum NetworkStatus {

	/** Asked the controller, no answer yet. */
	REQUESTING_CONFIGURATION,

	/** Member, with a configuration. */
	OK,

	/** The controller refuses this node: it is not authorised. */
	ACCESS_DENIED,

	/** The controller does not know this network, or is no controller. */
	NOT_FOUND,

	/** The controller wants an external login first. */
	AUTHENTICATION_REQUIRED,

	/** The local port of the network could not be configured. */
	PORT_ERROR

}
