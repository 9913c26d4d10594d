package io.zt4j.node.controller;

import java.net.InetAddress;
import java.util.Set;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkId;

/**
 * Something that happened at a controller. Delivered in order by the listener executor,
 * never by the event loop.
 */
public sealed interface ControllerEvent {

	/**
	 * Return the network.
	 * @return its ID
	 */
	NetworkId network();

	/** A network was created. */
	record NetworkCreated(NetworkId network) implements ControllerEvent {
	}

	/** A network's settings changed. */
	record NetworkUpdated(NetworkId network, long revision) implements ControllerEvent {
	}

	/** A network was deleted. */
	record NetworkDeleted(NetworkId network) implements ControllerEvent {
	}

	/**
	 * A request was refused: at most one event per member and second.
	 *
	 * @param network the network
	 * @param member who asked
	 * @param reason why it was refused
	 */
	record RequestDenied(NetworkId network, Address member, Reason reason) implements ControllerEvent {

		/**
		 * Why a request was refused.
		 */
		public enum Reason {

			/** The network is private and the member not authorised. */
			NOT_AUTHORIZED,

			/** Another identity of this address was seen before. */
			IDENTITY_MISMATCH,

			/** The member must log in first. */
			LOGIN_REQUIRED

		}

	}

	/**
	 * A member was authorised.
	 *
	 * @param network the network
	 * @param member the member
	 * @param by {@code api}, {@code public} or {@code token}
	 */
	record MemberAuthorized(NetworkId network, Address member, String by) implements ControllerEvent {
	}

	/** A member is no longer authorised; its certificate was revoked. */
	record MemberDeauthorized(NetworkId network, Address member) implements ControllerEvent {
	}

	/** A member asked, for the first time in 120 s. */
	record MemberOnline(NetworkId network, Address member) implements ControllerEvent {
	}

	/** The addresses of a member changed. */
	record AddressesAssigned(NetworkId network, Address member, Set<InetAddress> addresses) implements ControllerEvent {

		public AddressesAssigned {
			addresses = Set.copyOf(addresses);
		}

	}

	/** The record of a member was deleted. */
	record MemberRemoved(NetworkId network, Address member) implements ControllerEvent {
	}

}
