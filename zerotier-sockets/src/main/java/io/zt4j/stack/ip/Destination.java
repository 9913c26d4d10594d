package io.zt4j.stack.ip;

import java.net.InetAddress;

import io.zt4j.stack.ethernet.Neighbour;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one destination: how to get there, from which address, and the path
 * MTU (the destination cache of RFC 4861 5.1).
 */
final class Destination {

	final InetAddress address;

	final int version;

	final long high;

	final long low;

	Kind kind = Kind.UNREACHABLE;

	/** The version of addresses and routes the decision was made with. */
	int generation = -1;

	@Nullable InetAddress source;

	@Nullable InetAddress nextHop;

	@Nullable Neighbour neighbour;

	/** Hardware address of a group. */
	long mac;

	/** The path MTU found, 0 if it is the link's. */
	int pathMtu;

	long pathMtuUntil;

	/** Identification of the next packet that may be fragmented (RFC 6864). */
	int identification;

	Destination(InetAddress address, int identification) {
		this.address = address;
		this.version = IpAddresses.version(address);
		this.high = IpAddresses.high(address);
		this.low = IpAddresses.low(address);
		this.identification = identification;
	}

	enum Kind {

		UNICAST, MULTICAST, BROADCAST, LOCAL, UNREACHABLE

	}

}
