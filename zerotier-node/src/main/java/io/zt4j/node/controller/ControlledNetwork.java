package io.zt4j.node.controller;

import io.zt4j.node.network.NetworkId;

/**
 * A network of a controller, as it is now.
 *
 * @param id the network
 * @param revision how often its record was changed
 * @param creationTime milliseconds since the epoch
 * @param settings its settings
 * @param memberCount how many members have a record
 * @param authorizedMemberCount how many of them are authorised
 */
public record ControlledNetwork(NetworkId id, long revision, long creationTime, NetworkSettings settings,
		int memberCount, int authorizedMemberCount) {
}
