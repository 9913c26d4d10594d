package io.zt4j.node.network;

import java.util.List;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * The configuration a controller gives to one member (VL2 6). Immutable.
 *
 * @param network the network
 * @param timestamp when it was issued, milliseconds since the epoch by the controller's
 * clock
 * @param credentialTimeMaxDelta how far timestamps of credentials may be from
 * {@code timestamp}, milliseconds
 * @param revision revision of the network's record
 * @param issuedTo the member
 * @param remoteTraceTarget who wants traces, or null
 * @param remoteTraceLevel how many
 * @param flags a combination of the flag bits of this class; unknown bits are kept
 * @param multicastLimit the most recipients of a multicast, 0 = no multicast
 * @param type public or private
 * @param name the network's name, at most 127 bytes
 * @param mtu the largest payload of an Ethernet frame, 1280..10000
 * @param membership one's own certificate of membership, or null
 * @param capabilities one's own capabilities, by ascending unsigned ID, at most 128
 * @param tags one's own tags, by ascending unsigned ID, at most 128
 * @param certificatesOfOwnership one's own, at most 4
 * @param specialists members with roles, at most 256
 * @param routes managed routes, at most 128
 * @param staticAddresses one's own IP addresses, at most 32
 * @param rules the network's rules, at most 1024
 * @param dns name servers
 * @param singleSignOn external login
 */
public record NetworkConfig(NetworkId network, long timestamp, long credentialTimeMaxDelta, long revision,
		Address issuedTo, @Nullable Address remoteTraceTarget, long remoteTraceLevel, long flags, int multicastLimit,
		NetworkType type, String name, int mtu, @Nullable CertificateOfMembership membership,
		List<Capability> capabilities, List<Tag> tags, List<CertificateOfOwnership> certificatesOfOwnership,
		List<Specialist> specialists, List<NetworkRoute> routes, List<InetPrefix> staticAddresses, List<Rule> rules,
		NetworkDns dns, SingleSignOn singleSignOn) {

	/** Flag: broadcasts other than ARP are carried. */
	public static final long BROADCAST = 0x02;

	/** Flag: neighbour solicitations are answered locally (VL2 13). */
	public static final long NDP_EMULATION = 0x04;

	/** Flag: the result of matches of unknown kinds (VL2 9.4). */
	public static final long UNKNOWN_MATCH = 0x08;

	/** Flag: multicasts are not compressed. */
	public static final long NO_COMPRESSION = 0x10;

	/** The MTU of a network that does not say. */
	public static final int DEFAULT_MTU = 2800;

	/** The smallest MTU. */
	public static final int MIN_MTU = 1280;

	/** The largest MTU. */
	public static final int MAX_MTU = 10_000;

	/** The most rules. */
	public static final int MAX_RULES = 1024;

	/** The most capabilities, and the most tags. */
	public static final int MAX_CAPABILITIES = 128;

	/** The most routes. */
	public static final int MAX_ROUTES = 128;

	/** The most static addresses. */
	public static final int MAX_ADDRESSES = 32;

	/** The most specialists. */
	public static final int MAX_SPECIALISTS = 256;

	/** The most certificates of ownership. */
	public static final int MAX_CERTIFICATES_OF_OWNERSHIP = 4;

	/** The most bytes of a name. */
	public static final int MAX_NAME_LENGTH = 127;

	public NetworkConfig {
		capabilities = List.copyOf(capabilities);
		tags = List.copyOf(tags);
		certificatesOfOwnership = List.copyOf(certificatesOfOwnership);
		specialists = List.copyOf(specialists);
		routes = List.copyOf(routes);
		staticAddresses = List.copyOf(staticAddresses);
		rules = List.copyOf(rules);
	}

	/**
	 * Parse an encoded configuration dictionary.
	 * @param dictionary the bytes
	 * @return the configuration
	 * @throws MalformedPacketException if it must be rejected as a whole
	 */
	public static NetworkConfig parse(byte[] dictionary) {
		return parse(Dictionary.parse(dictionary));
	}

	/**
	 * Read a configuration dictionary.
	 * @param dictionary the dictionary
	 * @return the configuration
	 * @throws MalformedPacketException if it must be rejected as a whole
	 */
	public static NetworkConfig parse(Dictionary dictionary) {
		return NetworkConfigCodec.read(dictionary);
	}

	/**
	 * Begin a configuration with defaults: private, no multicast, no rules, MTU 2800.
	 * @param network the network
	 * @param issuedTo the member
	 * @return a builder
	 */
	public static NetworkConfigBuilder builder(NetworkId network, Address issuedTo) {
		return new NetworkConfigBuilder(network, issuedTo);
	}

	/**
	 * Encode as dictionary, keys in the order of VL2 6.
	 * @return the bytes
	 * @throws IllegalStateException if it is larger than a dictionary may be
	 */
	public byte[] toDictionary() {
		return NetworkConfigCodec.write(this);
	}

	/**
	 * Whether a flag bit is set.
	 * @param flag the bit
	 * @return true if it is
	 */
	public boolean hasFlag(long flag) {
		return (this.flags & flag) != 0;
	}

	/**
	 * Whether the network is public: anybody may join.
	 * @return true if it is
	 */
	public boolean isPublic() {
		return this.type == NetworkType.PUBLIC;
	}

	/**
	 * Return the tag of an ID.
	 * @param id the ID
	 * @return the tag, or null if this member has none of this ID
	 */
	public @Nullable Tag tag(int id) {
		for (int i = 0; i < this.tags.size(); i++) {
			if (this.tags.get(i).id() == id) {
				return this.tags.get(i);
			}
		}
		return null;
	}

	/**
	 * Return the specialist record of a member.
	 * @param member the member
	 * @return the record, or null if it has no role
	 */
	public @Nullable Specialist specialist(Address member) {
		for (int i = 0; i < this.specialists.size(); i++) {
			if (this.specialists.get(i).address().equals(member)) {
				return this.specialists.get(i);
			}
		}
		return null;
	}

	/**
	 * Whether a member is an active bridge.
	 * @param member the member
	 * @return true if it is
	 */
	public boolean isActiveBridge(Address member) {
		Specialist specialist = specialist(member);
		return specialist != null && specialist.isActiveBridge();
	}

}
