package io.zt4j.node.network;

import java.util.List;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.network.rule.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link NetworkConfig}; what each method sets is described there. Not
 * thread-safe.
 */
public final class NetworkConfigBuilder {

	private final NetworkId network;

	private final Address issuedTo;

	private long timestamp;

	private long credentialTimeMaxDelta;

	private long revision;

	private @Nullable Address remoteTraceTarget;

	private long remoteTraceLevel;

	private long flags;

	private int multicastLimit;

	private NetworkType type = NetworkType.PRIVATE;

	private String name = "";

	private int mtu = NetworkConfig.DEFAULT_MTU;

	private @Nullable CertificateOfMembership membership;

	private List<Capability> capabilities = List.of();

	private List<Tag> tags = List.of();

	private List<CertificateOfOwnership> certificatesOfOwnership = List.of();

	private List<Specialist> specialists = List.of();

	private List<NetworkRoute> routes = List.of();

	private List<InetPrefix> staticAddresses = List.of();

	private List<Rule> rules = List.of();

	private NetworkDns dns = NetworkDns.NONE;

	private SingleSignOn singleSignOn = SingleSignOn.NONE;

	NetworkConfigBuilder(NetworkId network, Address issuedTo) {
		this.network = network;
		this.issuedTo = issuedTo;
	}

	/**
	 * Set the timestamp.
	 * @param timestamp milliseconds since the epoch
	 * @return this
	 */
	public NetworkConfigBuilder timestamp(long timestamp) {
		this.timestamp = timestamp;
		return this;
	}

	/**
	 * Set the credential time max delta.
	 * @param credentialTimeMaxDelta milliseconds
	 * @return this
	 */
	public NetworkConfigBuilder credentialTimeMaxDelta(long credentialTimeMaxDelta) {
		this.credentialTimeMaxDelta = credentialTimeMaxDelta;
		return this;
	}

	/**
	 * Set the revision.
	 * @param revision the revision
	 * @return this
	 */
	public NetworkConfigBuilder revision(long revision) {
		this.revision = revision;
		return this;
	}

	/**
	 * Set the remote trace target.
	 * @param remoteTraceTarget the target, or null
	 * @return this
	 */
	public NetworkConfigBuilder remoteTraceTarget(@Nullable Address remoteTraceTarget) {
		this.remoteTraceTarget = remoteTraceTarget;
		return this;
	}

	/**
	 * Set the remote trace level.
	 * @param remoteTraceLevel the level
	 * @return this
	 */
	public NetworkConfigBuilder remoteTraceLevel(long remoteTraceLevel) {
		this.remoteTraceLevel = remoteTraceLevel;
		return this;
	}

	/**
	 * Set the flags.
	 * @param flags the flag bits
	 * @return this
	 */
	public NetworkConfigBuilder flags(long flags) {
		this.flags = flags;
		return this;
	}

	/**
	 * Set the multicast limit.
	 * @param multicastLimit recipients
	 * @return this
	 */
	public NetworkConfigBuilder multicastLimit(int multicastLimit) {
		this.multicastLimit = multicastLimit;
		return this;
	}

	/**
	 * Set the type.
	 * @param type the type
	 * @return this
	 */
	public NetworkConfigBuilder type(NetworkType type) {
		this.type = type;
		return this;
	}

	/**
	 * Set the name.
	 * @param name the name, cut to 127 bytes
	 * @return this
	 */
	public NetworkConfigBuilder name(String name) {
		this.name = Text.limit(name, NetworkConfig.MAX_NAME_LENGTH);
		return this;
	}

	/**
	 * Set the mtu.
	 * @param mtu bytes, clamped to 1280..10000
	 * @return this
	 */
	public NetworkConfigBuilder mtu(int mtu) {
		this.mtu = Math.max(NetworkConfig.MIN_MTU, Math.min(NetworkConfig.MAX_MTU, mtu));
		return this;
	}

	/**
	 * Set the membership.
	 * @param membership the certificate, or null
	 * @return this
	 */
	public NetworkConfigBuilder membership(@Nullable CertificateOfMembership membership) {
		this.membership = membership;
		return this;
	}

	/**
	 * Set the capabilities.
	 * @param capabilities the capabilities
	 * @return this
	 */
	public NetworkConfigBuilder capabilities(List<Capability> capabilities) {
		this.capabilities = capabilities;
		return this;
	}

	/**
	 * Set the tags.
	 * @param tags the tags
	 * @return this
	 */
	public NetworkConfigBuilder tags(List<Tag> tags) {
		this.tags = tags;
		return this;
	}

	/**
	 * Set the certificates of ownership.
	 * @param certificatesOfOwnership the certificates
	 * @return this
	 */
	public NetworkConfigBuilder certificatesOfOwnership(List<CertificateOfOwnership> certificatesOfOwnership) {
		this.certificatesOfOwnership = certificatesOfOwnership;
		return this;
	}

	/**
	 * Set the specialists.
	 * @param specialists the specialists
	 * @return this
	 */
	public NetworkConfigBuilder specialists(List<Specialist> specialists) {
		this.specialists = specialists;
		return this;
	}

	/**
	 * Set the routes.
	 * @param routes the routes
	 * @return this
	 */
	public NetworkConfigBuilder routes(List<NetworkRoute> routes) {
		this.routes = routes;
		return this;
	}

	/**
	 * Set the static addresses.
	 * @param staticAddresses the addresses
	 * @return this
	 */
	public NetworkConfigBuilder staticAddresses(List<InetPrefix> staticAddresses) {
		this.staticAddresses = staticAddresses;
		return this;
	}

	/**
	 * Set the rules.
	 * @param rules the rules
	 * @return this
	 */
	public NetworkConfigBuilder rules(List<Rule> rules) {
		this.rules = rules;
		return this;
	}

	/**
	 * Set the dns.
	 * @param dns the name servers
	 * @return this
	 */
	public NetworkConfigBuilder dns(NetworkDns dns) {
		this.dns = dns;
		return this;
	}

	/**
	 * Set the single sign on.
	 * @param singleSignOn the login
	 * @return this
	 */
	public NetworkConfigBuilder singleSignOn(SingleSignOn singleSignOn) {
		this.singleSignOn = singleSignOn;
		return this;
	}

	/**
	 * Build the configuration.
	 * @return the configuration
	 */
	public NetworkConfig build() {
		return new NetworkConfig(this.network, this.timestamp, this.credentialTimeMaxDelta, this.revision,
				this.issuedTo, this.remoteTraceTarget, this.remoteTraceLevel, this.flags, this.multicastLimit,
				this.type, this.name, this.mtu, this.membership, this.capabilities, this.tags,
				this.certificatesOfOwnership, this.specialists, this.routes, this.staticAddresses, this.rules, this.dns,
				this.singleSignOn);
	}

}
