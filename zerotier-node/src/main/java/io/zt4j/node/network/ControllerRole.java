package io.zt4j.node.network;

import java.util.function.Consumer;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.packet.ErrorCode;

/**
 * The controller role as the member side of the same node sees it. Called on the node's
 * event loop only.
 */
public interface ControllerRole {

	/**
	 * Request a configuration for this very node on one of its own networks (VL2 3, last
	 * sentence).
	 * @param network the network, its controller is this node
	 * @param metadata the request metadata, an encoded dictionary
	 * @param reply where the answer goes, on the event loop, at once or later
	 */
	void requestLocally(NetworkId network, byte[] metadata, Reply reply);

	/**
	 * Whether this controller sent a member a configuration within the last 180 s; such a
	 * member may LIKE and GATHER here (VL2 11.2, 11.5).
	 * @param network the network
	 * @param member the member
	 * @return true if it was served
	 */
	boolean servedRecently(NetworkId network, Address member);

	/**
	 * Set what takes the revocations this controller issues, as it cannot send to this
	 * very node (VL2 19).
	 * @param sink takes them, on the event loop; a role that revokes nothing ignores it
	 */
	default void localRevocations(Consumer<Revocation> sink) {
	}

	/**
	 * Takes the answer to a local request, and the changed configurations that follow
	 * until the next request.
	 */
	interface Reply {

		/**
		 * The configuration.
		 * @param dictionary the encoded configuration dictionary
		 */
		void configured(byte[] dictionary);

		/**
		 * The request was refused.
		 * @param code the reason, as an ERROR packet would give it (VL2 5)
		 */
		void refused(ErrorCode code);

	}

}
