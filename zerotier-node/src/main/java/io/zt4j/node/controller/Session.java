package io.zt4j.node.controller;

import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.ControllerRole;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.RequestMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a controller remembers of a member that asked since the node started (VL2 18.1,
 * 18.3, 18.7).
 */
final class Session {

	private static final long MIN_INTERVAL = 1000;

	private static final long ONLINE = 120_000;

	private static final long SERVED = 180_000;

	private static final long NEVER = Long.MIN_VALUE / 2;

	final Key key;

	final Identity identity;

	RequestMetadata metadata;

	/** Set if the member is this very node. */
	ControllerRole.@Nullable Reply local;

	private long lastRequest = NEVER;

	private long lastServed = NEVER;

	Session(Key key, Identity identity, RequestMetadata metadata) {
		this.key = key;
		this.identity = identity;
		this.metadata = metadata;
	}

	/* At most one request a second; denied ones do not count. */
	boolean admits(long now) {
		return this.lastRequest == NEVER || Math.abs(now - this.lastRequest) > MIN_INTERVAL;
	}

	void requested(long now) {
		this.lastRequest = now;
	}

	/* The request was not taken after all. */
	void forgetRequest(long previous) {
		this.lastRequest = previous;
	}

	long lastRequest() {
		return this.lastRequest;
	}

	long lastSeen() {
		return (this.lastRequest != NEVER) ? this.lastRequest : 0;
	}

	boolean isOnline(long now) {
		return this.lastRequest != NEVER && now - this.lastRequest < ONLINE;
	}

	void served(long now) {
		this.lastServed = now;
	}

	boolean servedRecently(long now) {
		return this.lastServed != NEVER && now - this.lastServed < SERVED;
	}

	/**
	 * Names a session.
	 */
	record Key(NetworkId network, Address member) {
	}

}
