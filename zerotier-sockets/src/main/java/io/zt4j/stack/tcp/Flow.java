package io.zt4j.stack.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.zt4j.stack.ip.Checksum;
import io.zt4j.stack.ip.IcmpError;
import io.zt4j.stack.ip.IpAddresses;
import io.zt4j.stack.ip.IpProtocol;

/**
 * A pair of sockets (RFC 9293 3.3.1) with an entry in the {@link FlowTable}.
 */
abstract class Flow {

	final int version;

	final InetAddress local;

	final InetAddress remote;

	final int localPort;

	final int remotePort;

	final long localHigh;

	final long localLow;

	final long remoteHigh;

	final long remoteLow;

	/** Checksum of the pseudo header without the length. */
	final long pseudoHeader;

	Flow(InetAddress local, int localPort, InetAddress remote, int remotePort) {
		this.version = IpAddresses.version(local);
		this.local = local;
		this.remote = remote;
		this.localPort = localPort;
		this.remotePort = remotePort;
		this.localHigh = IpAddresses.high(local);
		this.localLow = IpAddresses.low(local);
		this.remoteHigh = IpAddresses.high(remote);
		this.remoteLow = IpAddresses.low(remote);
		this.pseudoHeader = Checksum.pseudoHeader(this.localHigh, this.localLow, this.remoteHigh, this.remoteLow,
				IpProtocol.TCP, 0);
	}

	Flow(Flow other) {
		this.version = other.version;
		this.local = other.local;
		this.remote = other.remote;
		this.localPort = other.localPort;
		this.remotePort = other.remotePort;
		this.localHigh = other.localHigh;
		this.localLow = other.localLow;
		this.remoteHigh = other.remoteHigh;
		this.remoteLow = other.remoteLow;
		this.pseudoHeader = other.pseudoHeader;
	}

	boolean is(int version, long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow,
			int remotePort) {
		return this.remoteLow == remoteLow && this.localLow == localLow && this.remotePort == remotePort
				&& this.localPort == localPort && this.remoteHigh == remoteHigh && this.localHigh == localHigh
				&& this.version == version;
	}

	InetSocketAddress localSocketAddress() {
		return new InetSocketAddress(this.local, this.localPort);
	}

	InetSocketAddress remoteSocketAddress() {
		return new InetSocketAddress(this.remote, this.remotePort);
	}

	/**
	 * Take one segment whose checksum is right.
	 * @param segment the segment, valid during the call
	 */
	abstract void receive(Segment segment);

	/**
	 * An ICMP error came back for a segment of this flow.
	 * @param error the error
	 * @param sequence the sequence number it quotes
	 */
	abstract void error(IcmpError error, int sequence);

}
