package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import io.zt4j.node.network.credential.Credential;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.network.credential.Verification;
import io.zt4j.node.network.rule.FilteredFrame;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of another member of a network: the credentials it showed, and when
 * it was told what (VL2 8). A revocation voids what it names and nothing else (VL2 25).
 */
final class Member implements FilteredFrame.Remote {

	/** The most credentials kept of each kind, and of thresholds. */
	static final int MAX_OF_A_KIND = 128;

	final Address address;

	/** The member's MAC address on the network. */
	final long mac;

	/** When the own credentials were last pushed to it, or a time long past. */
	long lastPush = Long.MIN_VALUE / 2;

	/** When the own multicast groups were last announced to it. */
	long lastAnnouncement = Long.MIN_VALUE / 2;

	/** When it was last of use: the one longest of no use goes first. */
	long lastUse;

	private final Map<Integer, Tag> tags = new HashMap<>(4);

	private final Map<Integer, Capability> capabilities = new HashMap<>(4);

	private final Map<Integer, CertificateOfOwnership> ownerships = new HashMap<>(4);

	private final Map<Long, Long> thresholds = new HashMap<>(2);

	private @Nullable CertificateOfMembership membership;

	private @Nullable NetworkConfig config;

	private @Nullable List<Capability> usableCapabilities;

	// The result of the gate is kept until something it depends on changes.
	private @Nullable Identity gateIdentity;

	private @Nullable CertificateOfMembership gateCertificate;

	private boolean gateOpen;

	Member(Address address, NetworkId network) {
		this.address = address;
		this.mac = MacAddress.of(address, network).value();
	}

	@Nullable CertificateOfMembership membership() {
		return this.membership;
	}

	/**
	 * Whether the member may exchange frames on a private network (VL2 8.4).
	 * @param own the own certificate, or null if there is none
	 * @param identity the member's identity, proved by VL1
	 * @return true if its certificate is not revoked and the own one agrees with it
	 */
	boolean passes(@Nullable CertificateOfMembership own, Identity identity) {
		if (own == null || this.membership == null) {
			return false;
		}
		if (own != this.gateCertificate || identity != this.gateIdentity) {
			this.gateOpen = isAfter(this.membership.timestamp(), threshold(Revocation.MEMBERSHIP, 0))
					&& own.agreesWith(this.membership, identity);
			this.gateCertificate = own;
			this.gateIdentity = identity;
		}
		return this.gateOpen;
	}

	/**
	 * Look at this member's credentials under a configuration (VL2 8.4).
	 * @param config the configuration in force
	 * @return this
	 */
	Member under(NetworkConfig config) {
		if (config != this.config) {
			this.config = config;
			this.usableCapabilities = null;
		}
		return this;
	}

	@Override
	public @Nullable Tag tag(int id) {
		Tag tag = this.tags.get(id);
		return (tag != null && isUsable(Revocation.TAG, id, tag)) ? tag : null;
	}

	@Override
	public List<Capability> capabilities() {
		List<Capability> usable = this.usableCapabilities;
		if (usable == null) {
			usable = new ArrayList<>(this.capabilities.size());
			for (Capability capability : this.capabilities.values()) {
				if (isUsable(Revocation.CAPABILITY, capability.id(), capability)) {
					usable.add(capability);
				}
			}
			this.usableCapabilities = usable;
		}
		return usable;
	}

	@Override
	public boolean owns(byte[] address) {
		for (CertificateOfOwnership ownership : this.ownerships.values()) {
			if (isUsable(Revocation.OWNERSHIP, ownership.id(), ownership) && ownership.owns(address)) {
				return true;
			}
		}
		return false;
	}

	@Override
	public boolean ownsMac(long mac) {
		for (CertificateOfOwnership ownership : this.ownerships.values()) {
			if (isUsable(Revocation.OWNERSHIP, ownership.id(), ownership) && ownership.owns(new MacAddress(mac))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether any credential of this member was ever revoked.
	 * @return true if there is a threshold to remember
	 */
	boolean isRevoked() {
		return !this.thresholds.isEmpty();
	}

	/**
	 * Take a credential issued to this member, or a revocation aimed at it (VL2 8.2).
	 * @param credential the credential
	 * @param identities finds the controller
	 * @return what became of it
	 */
	Acceptance add(Credential credential, Function<Address, @Nullable Identity> identities) {
		if (credential instanceof CertificateOfMembership certificate) {
			return add(certificate, identities);
		}
		if (credential instanceof Tag tag) {
			return add(this.tags, Revocation.TAG, tag.id(), tag, identities);
		}
		if (credential instanceof Capability capability) {
			return add(this.capabilities, Revocation.CAPABILITY, capability.id(), capability, identities);
		}
		if (credential instanceof CertificateOfOwnership ownership) {
			return add(this.ownerships, Revocation.OWNERSHIP, ownership.id(), ownership, identities);
		}
		return add((Revocation) credential, identities);
	}

	private Acceptance add(CertificateOfMembership certificate, Function<Address, @Nullable Identity> identities) {
		if (!isAfter(certificate.timestamp(), threshold(Revocation.MEMBERSHIP, 0)) || (this.membership != null
				&& Long.compareUnsigned(certificate.timestamp(), this.membership.timestamp()) < 0)) {
			return Acceptance.REJECTED;
		}
		if (certificate.equals(this.membership)) {
			return Acceptance.REDUNDANT;
		}
		if (certificate.verify(identities) != Verification.GOOD) {
			return Acceptance.REJECTED;
		}
		this.membership = certificate;
		this.gateIdentity = null;
		return Acceptance.NEW;
	}

	private <C extends Credential> Acceptance add(Map<Integer, C> known, int type, int id, C credential,
			Function<Address, @Nullable Identity> identities) {
		C previous = known.get(id);
		if (previous != null && Long.compareUnsigned(credential.timestamp(), previous.timestamp()) < 0) {
			return Acceptance.REJECTED;
		}
		if (credential.equals(previous)) {
			return Acceptance.REDUNDANT;
		}
		if (!isAfter(credential.timestamp(), threshold(type, id)) || (previous == null && known.size() >= MAX_OF_A_KIND)
				|| credential.verify(identities) != Verification.GOOD) {
			return Acceptance.REJECTED;
		}
		known.put(id, credential);
		this.usableCapabilities = null;
		return Acceptance.NEW;
	}

	private Acceptance add(Revocation revocation, Function<Address, @Nullable Identity> identities) {
		int type = revocation.type();
		if (type != Revocation.MEMBERSHIP && type != Revocation.CAPABILITY && type != Revocation.TAG
				&& type != Revocation.OWNERSHIP) {
			return Acceptance.REJECTED;
		}
		if (revocation.verify(identities) != Verification.GOOD) {
			return Acceptance.REJECTED;
		}
		int id = (type == Revocation.MEMBERSHIP) ? 0 : revocation.credentialId();
		if (!isAfter(revocation.threshold(), threshold(type, id))) {
			return Acceptance.REDUNDANT;
		}
		Long key = key(type, id);
		if (!this.thresholds.containsKey(key) && this.thresholds.size() >= 4 * MAX_OF_A_KIND) {
			return Acceptance.REJECTED;
		}
		this.thresholds.put(key, revocation.threshold());
		this.usableCapabilities = null;
		this.gateIdentity = null;
		return Acceptance.NEW;
	}

	private boolean isUsable(int type, int id, Credential credential) {
		NetworkConfig config = this.config;
		return config != null
				&& Math.abs(credential.timestamp() - config.timestamp()) <= config.credentialTimeMaxDelta()
				&& isAfter(credential.timestamp(), threshold(type, id));
	}

	private long threshold(int type, int id) {
		return this.thresholds.isEmpty() ? 0 : this.thresholds.getOrDefault(key(type, id), 0L);
	}

	private static Long key(int type, int id) {
		return (long) type << 32 | id & 0xffff_ffffL;
	}

	private static boolean isAfter(long timestamp, long threshold) {
		return Long.compareUnsigned(timestamp, threshold) > 0;
	}

	/**
	 * What became of a credential.
	 */
	enum Acceptance {

		/** It was not known before. */
		NEW,

		/** It was known, or says nothing new. */
		REDUNDANT,

		/** Forged, revoked or outdated, or there is no room. */
		REJECTED

	}

}
