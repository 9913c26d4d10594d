package io.zt4j.node.controller;

import java.net.InetAddress;
import java.util.Set;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkId;
import org.jspecify.annotations.Nullable;

/**
 * A member of a controller's network, as it is now.
 *
 * @param network the network
 * @param address the member's ZeroTier address
 * @param identity its pinned public identity, or null before its first request
 * @param authorized whether it may take part
 * @param authorizedBy {@code api}, {@code public} or {@code token}; null if never
 * @param name its name, possibly empty
 * @param addresses the IP addresses assigned to it
 * @param activeBridge whether it may bridge
 * @param noAutoAssign whether it gets no addresses by itself
 * @param creationTime milliseconds since the epoch
 * @param lastAuthorized milliseconds since the epoch, 0 if never
 * @param lastDeauthorized milliseconds since the epoch, 0 if never
 * @param lastSeen when it last asked, milliseconds since the epoch; 0 if not since this
 * node started
 * @param online whether that was less than 120 s ago
 * @param version its software version such as {@code 1.14.1}, or null if not known
 * @param revision how often its record was changed
 */
public record MemberInfo(NetworkId network, Address address, @Nullable String identity, boolean authorized,
		@Nullable String authorizedBy, String name, Set<InetAddress> addresses, boolean activeBridge,
		boolean noAutoAssign, long creationTime, long lastAuthorized, long lastDeauthorized, long lastSeen,
		boolean online, @Nullable String version, long revision) {

	public MemberInfo {
		addresses = Set.copyOf(addresses);
	}

	static MemberInfo of(MemberRecord record, long lastSeen, boolean online) {
		String version = (record.integer("vMajor") < 0) ? null
				: record.integer("vMajor") + "." + record.integer("vMinor") + "." + record.integer("vRev");
		return new MemberInfo(record.network(), record.address(), record.identity(), record.isAuthorized(),
				record.credentialType(), record.name(), record.addresses(), record.isActiveBridge(),
				record.noAutoAssign(), record.creationTime(), record.integer("lastAuthorizedTime"),
				record.integer("lastDeauthorizedTime"), lastSeen, online, version, record.integer("revision"));
	}

}
