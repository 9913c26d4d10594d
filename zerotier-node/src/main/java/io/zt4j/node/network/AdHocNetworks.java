package io.zt4j.node.network;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.network.rule.RuleType;
import org.jspecify.annotations.Nullable;

/**
 * Networks without controller, whose members configure themselves (VL2 14).
 */
public final class AdHocNetworks {

	private static final long CREDENTIAL_TIME_MAX_DELTA = 7_200_000;

	private static final int MULTICAST_LIMIT = 1024;

	private static final long SYN = 0x02;

	private static final long ACK = 0x10;

	private AdHocNetworks() {
	}

	/**
	 * What an ad-hoc network ID stands for.
	 */
	public enum Form {

		/** IPv6 only, a range of TCP and UDP ports. */
		PORT_RANGE,

		/** An IPv4 /8, everything allowed. */
		IPV4,

		/** A port range that ends before it starts: NOT_FOUND. */
		INVALID_RANGE,

		/** No known form: such a network is never configured. */
		UNKNOWN

	}

	/**
	 * Tell the form of an ad-hoc network.
	 * @param network a network for which {@link NetworkId#isAdHoc()}
	 * @return the form
	 */
	public static Form form(NetworkId network) {
		long id = network.value();
		if ((id & 0xff_ffff) == 0) {
			return (endPort(network) < startPort(network)) ? Form.INVALID_RANGE : Form.PORT_RANGE;
		}
		return ((id & 0xff) == 1) ? Form.IPV4 : Form.UNKNOWN;
	}

	/**
	 * Make one's own configuration.
	 * @param network a network for which {@link NetworkId#isAdHoc()}
	 * @param self this node
	 * @param now milliseconds since the epoch
	 * @return the configuration, or null if the network has none
	 */
	public static @Nullable NetworkConfig configure(NetworkId network, Address self, long now) {
		NetworkConfigBuilder config = NetworkConfig.builder(network, self)
			.timestamp(now)
			.credentialTimeMaxDelta(CREDENTIAL_TIME_MAX_DELTA)
			.revision(1)
			.flags(NetworkConfig.NDP_EMULATION)
			.type(NetworkType.PUBLIC);
		InetPrefix sixPlane = AddressSchemes.sixPlane(network, self);
		return switch (form(network)) {
			case PORT_RANGE ->
				config.name(String.format(Locale.ROOT, "adhoc-%04x-%04x", startPort(network), endPort(network)))
					.staticAddresses(List.of(sixPlane))
					.rules(portRangeRules(startPort(network), endPort(network)))
					.build();
			case IPV4 -> ipv4(config, network, self, sixPlane);
			case INVALID_RANGE, UNKNOWN -> null;
		};
	}

	private static NetworkConfig ipv4(NetworkConfigBuilder config, NetworkId network, Address self,
			InetPrefix sixPlane) {
		int octet = (int) (network.value() >>> 48) & 0xff;
		byte[] ip = ByteBuffer.allocate(4).putInt(octet << 24 | (int) self.value() & 0xff_ffff).array();
		long hub = network.value() >>> 8 & 0xff_ffff_ffffL;
		return config.name("adhoc-" + octet + ".0.0.0")
			.multicastLimit(MULTICAST_LIMIT)
			.staticAddresses(List.of(sixPlane, new InetPrefix(InetPrefix.addressOf(ip), 8)))
			.specialists((hub != 0) ? List.of(new Specialist(new Address(hub), 0)) : List.of())
			.rules(List.of(Rule.ACCEPT))
			.build();
	}

	private static List<Rule> portRangeRules(int start, int end) {
		Rule accept = Rule.ACCEPT;
		return List.of(new Rule.NumberMatch(RuleType.MATCH_ETHERTYPE, true, false, 0x86dd), Rule.DROP,
				new Rule.NumberMatch(RuleType.MATCH_IP_PROTOCOL, false, false, 58), accept,
				new Rule.NumberMatch(RuleType.MATCH_IP_PROTOCOL, false, false, 17),
				new Rule.NumberMatch(RuleType.MATCH_IP_PROTOCOL, false, true, 6),
				new Rule.RangeMatch(RuleType.MATCH_IP_DEST_PORT_RANGE, false, false, start, end), accept,
				new Rule.CharacteristicsMatch(true, false, SYN), accept,
				new Rule.CharacteristicsMatch(false, false, SYN), new Rule.CharacteristicsMatch(false, false, ACK),
				accept, Rule.DROP);
	}

	private static int startPort(NetworkId network) {
		return (int) (network.value() >>> 40) & 0xffff;
	}

	private static int endPort(NetworkId network) {
		return (int) (network.value() >>> 24) & 0xffff;
	}

}
