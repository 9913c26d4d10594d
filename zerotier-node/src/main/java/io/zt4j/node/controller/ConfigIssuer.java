package io.zt4j.node.controller;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.AddressSchemes;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkConfigBuilder;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkRoute;
import io.zt4j.node.network.NetworkType;
import io.zt4j.node.network.RequestMetadata;
import io.zt4j.node.network.Specialist;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.network.rule.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Makes the configuration of an authorised member and signs its credentials (VL2 18.4 to
 * 18.7).
 */
final class ConfigIssuer {

	private final Identity controller;

	private final NetworkStore store;

	private final RandomGenerator random;

	ConfigIssuer(Identity controller, NetworkStore store, RandomGenerator random) {
		this.controller = controller;
		this.store = store;
		this.random = random;
	}

	/**
	 * Issue a configuration.
	 * @param network the network
	 * @param member the member's record; new addresses, tags and capabilities are added
	 * @param identity the member's identity
	 * @param metadata what the member says of itself
	 * @param isNew whether the member's record was made for this request
	 * @param now time of issue, milliseconds since the epoch
	 * @return the configuration
	 */
	NetworkConfig issue(NetworkRecord network, MemberRecord member, Identity identity, RequestMetadata metadata,
			boolean isNew, long now) {
		NetworkId id = network.id();
		List<NetworkRoute> routes = network.routes();
		List<InetPrefix> addresses = addresses(network, member, routes);
		NetworkConfigBuilder config = NetworkConfig.builder(id, member.address())
			.timestamp(now)
			.credentialTimeMaxDelta(network.certificateWindow())
			.revision(network.revision())
			.flags(flags(network, member))
			.multicastLimit(network.multicastLimit())
			.type(network.isPrivate() ? NetworkType.PRIVATE : NetworkType.PUBLIC)
			.name(network.name())
			.mtu(network.mtu())
			.membership(CertificateOfMembership.issue(now, network.certificateWindow(), id, identity, this.controller))
			.certificatesOfOwnership(ownership(id, member.address(), addresses, now))
			.specialists(specialists(id))
			.routes(routes)
			.staticAddresses(addresses)
			.dns(network.dns());
		trace(config, network, member);
		if (metadata.rulesEngineRevision() == 0) {
			return config.rules(List.of(Rule.ACCEPT)).build();
		}
		return config.rules(network.rules())
			.capabilities(capabilities(network, member, isNew, now))
			.tags(tags(network, member, now))
			.build();
	}

	private static long flags(NetworkRecord network, MemberRecord member) {
		boolean computed = !member.noAutoAssign()
				&& (network.assigns("v6AssignMode", "rfc4193") || network.assigns("v6AssignMode", "6plane"));
		return (network.enablesBroadcast() ? NetworkConfig.BROADCAST : 0)
				| (computed ? NetworkConfig.NDP_EMULATION : 0);
	}

	private static void trace(NetworkConfigBuilder config, NetworkRecord network, MemberRecord member) {
		Address own = member.remoteTraceTarget();
		if (own != null) {
			config.remoteTraceTarget(own).remoteTraceLevel(member.integer("remoteTraceLevel"));
		}
		else if (network.remoteTraceTarget() != null) {
			config.remoteTraceTarget(network.remoteTraceTarget()).remoteTraceLevel(network.remoteTraceLevel());
		}
	}

	private List<Specialist> specialists(NetworkId id) {
		return this.store.members(id)
			.stream()
			.filter(MemberRecord::isActiveBridge)
			.limit(NetworkConfig.MAX_SPECIALISTS)
			.map((member) -> new Specialist(member.address(), Specialist.ACTIVE_BRIDGE))
			.toList();
	}

	private List<CertificateOfOwnership> ownership(NetworkId id, Address member, List<InetPrefix> addresses, long now) {
		if (addresses.isEmpty()) {
			return List.of();
		}
		List<CertificateOfOwnership.Thing> things = addresses.stream()
			.limit(CertificateOfOwnership.MAX_THINGS)
			.map((prefix) -> CertificateOfOwnership.Thing.of(prefix.address()))
			.toList();
		return List.of(CertificateOfOwnership.issue(id, now, 1, things, member, this.controller));
	}

	private List<Capability> capabilities(NetworkRecord network, MemberRecord member, boolean isNew, long now) {
		Map<Integer, CapabilitySettings> defined = new HashMap<>();
		for (CapabilitySettings capability : network.capabilities()) {
			defined.put(capability.id(), capability);
			if (isNew && capability.assignedByDefault()) {
				member.addCapability(capability.id());
			}
		}
		return member.capabilities()
			.stream()
			.distinct()
			.filter(defined::containsKey)
			.limit(NetworkConfig.MAX_CAPABILITIES)
			.map((capability) -> Capability.issue(network.id(), now, capability, defined.get(capability).rules(),
					member.address(), this.controller))
			.toList();
	}

	private List<Tag> tags(NetworkRecord network, MemberRecord member, long now) {
		Map<Integer, Integer> present = member.tags();
		for (TagSettings tag : network.tags()) {
			Integer value = tag.defaultValue();
			if (value != null && !present.containsKey(tag.id())) {
				member.addTag(tag.id(), value);
			}
		}
		List<Tag> tags = new ArrayList<>();
		member.tags().forEach((tag, value) -> {
			if (tags.size() < NetworkConfig.MAX_CAPABILITIES) {
				tags.add(Tag.issue(network.id(), now, tag, value, member.address(), this.controller));
			}
		});
		return tags;
	}

	/*
	 * Collect the member's addresses, and give it new ones where it has none.
	 */
	private List<InetPrefix> addresses(NetworkRecord network, MemberRecord member, List<NetworkRoute> routes) {
		List<InetPrefix> addresses = new ArrayList<>();
		boolean automatic = !member.noAutoAssign();
		if (automatic && network.assigns("v6AssignMode", "rfc4193")) {
			addresses.add(AddressSchemes.rfc4193(network.id(), member.address()));
		}
		if (automatic && network.assigns("v6AssignMode", "6plane")) {
			addresses.add(AddressSchemes.sixPlane(network.id(), member.address()));
		}
		List<InetPrefix> computed = List.copyOf(addresses);
		boolean hasIpv4 = false;
		boolean hasIpv6 = false;
		for (InetAddress address : member.addresses()) {
			int bits = longestRoute(routes, address, true);
			if (bits >= 0) {
				InetPrefix prefix = new InetPrefix(address, bits);
				addresses.add(prefix);
				hasIpv4 |= !prefix.isIpv6();
				hasIpv6 |= prefix.isIpv6() && computed.stream().noneMatch((each) -> each.address().equals(address));
			}
		}
		if (automatic && !hasIpv6 && network.assigns("v6AssignMode", "zt")) {
			allocate(network, member, routes, true, addresses);
		}
		if (automatic && !hasIpv4 && network.assigns("v4AssignMode", "zt")) {
			allocate(network, member, routes, false, addresses);
		}
		return addresses.subList(0, Math.min(addresses.size(), NetworkConfig.MAX_ADDRESSES));
	}

	private void allocate(NetworkRecord network, MemberRecord member, List<NetworkRoute> routes, boolean ipv6,
			List<InetPrefix> addresses) {
		for (AddressPool pool : network.pools()) {
			if (pool.isIpv6() == ipv6) {
				InetAddress address = pool.allocate(member.address(),
						(candidate) -> longestRoute(routes, candidate, !ipv6) > 0
								&& !this.store.isAllocated(network.id(), candidate)
								&& !member.addresses().contains(candidate),
						this.random);
				if (address != null) {
					member.addAddress(address);
					addresses.add(new InetPrefix(address, longestRoute(routes, address, true)));
					return;
				}
			}
		}
	}

	/*
	 * Length of the longest route that covers an address, -1 if none does. The reference
	 * takes the first for new IPv4 addresses and the longest later (VL2 25).
	 */
	private static int longestRoute(List<NetworkRoute> routes, InetAddress address, boolean gatewayed) {
		int bits = -1;
		for (NetworkRoute route : routes) {
			@Nullable InetAddress via = route.via();
			if ((gatewayed || via == null) && route.target().contains(address)) {
				bits = Math.max(bits, route.target().prefixLength());
			}
		}
		return bits;
	}

}
