package io.zt4j.node.network;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.credential.CertificateOfOwnership;
import io.zt4j.node.network.credential.Tag;
import io.zt4j.node.network.rule.RuleCodec;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * The dictionary form of a {@link NetworkConfig} (VL2 6).
 */
final class NetworkConfigCodec {

	private static final long VERSION = 7;

	private static final long OLDEST_VERSION = 6;

	private static final long ADDRESS_MASK = 0xff_ffff_ffffL;

	private NetworkConfigCodec() {
	}

	static NetworkConfig read(Dictionary in) {
		try {
			return readFields(in);
		}
		catch (IndexOutOfBoundsException | IllegalArgumentException ex) {
			throw new MalformedPacketException("configuration: " + ex.getMessage());
		}
	}

	private static NetworkConfig readFields(Dictionary in) {
		long version = in.getLong("v", 0);
		if (Long.compareUnsigned(version, OLDEST_VERSION) < 0) {
			throw new MalformedPacketException("configuration of version " + version);
		}
		long network = in.getLong("nwid", 0);
		long issuedTo = in.getLong("id", 0) & ADDRESS_MASK;
		if (network == 0 || issuedTo == 0) {
			throw new MalformedPacketException("configuration without network or member");
		}
		long target = in.getLong("tt", 0) & ADDRESS_MASK;
		return new NetworkConfigBuilder(new NetworkId(network), new Address(issuedTo)).timestamp(in.getLong("ts", 0))
			.credentialTimeMaxDelta(in.getLong("ctmd", 0))
			.revision(in.getLong("r", 0))
			.remoteTraceTarget((target != 0) ? new Address(target) : null)
			.remoteTraceLevel(in.getLong("tl", 0))
			.flags(in.getLong("f", 0))
			.multicastLimit((int) clamp(in.getLong("ml", 0), 0, Integer.MAX_VALUE))
			.type((in.getLong("t", 0) == 1) ? NetworkType.PUBLIC : NetworkType.PRIVATE)
			.name(name(in))
			.mtu((int) clamp(in.getLong("mtu", NetworkConfig.DEFAULT_MTU), NetworkConfig.MIN_MTU,
					NetworkConfig.MAX_MTU))
			.membership(membership(in.get("C")))
			.capabilities(sorted(lenient(in.get("CAP"), Capability::read), Capability::id))
			.tags(sorted(lenient(in.get("TAG"), Tag::read), Tag::id))
			.certificatesOfOwnership(
					list(in.get("COO"), NetworkConfig.MAX_CERTIFICATES_OF_OWNERSHIP, CertificateOfOwnership::read))
			.specialists(specialists(in.get("S")))
			.routes(list(in.get("RT"), NetworkConfig.MAX_ROUTES, NetworkRoute::read))
			.staticAddresses(list(in.get("I"), NetworkConfig.MAX_ADDRESSES, InetPrefix::read))
			.rules(RuleCodec.readAll(buffer(in.get("R")), NetworkConfig.MAX_RULES))
			.dns(in.contains("DNS") ? NetworkDns.read(buffer(in.get("DNS"))) : NetworkDns.NONE)
			.singleSignOn(SingleSignOn.read(in))
			.build();
	}

	private static long clamp(long value, long min, long max) {
		return (Long.compareUnsigned(value, max) > 0) ? max : Math.max(value, min);
	}

	private static String name(Dictionary in) {
		byte[] name = in.get("n");
		return (name != null) ? Text.utf8(name, Math.min(name.length, NetworkConfig.MAX_NAME_LENGTH)) : "";
	}

	private static @Nullable CertificateOfMembership membership(byte @Nullable [] value) {
		return (value != null && value.length > 0) ? CertificateOfMembership.read(buffer(value)) : null;
	}

	private static List<Specialist> specialists(byte @Nullable [] value) {
		// trailing bytes that make no whole entry are ignored
		ByteBuf in = buffer(value);
		List<Specialist> list = new ArrayList<>();
		while (in.readableBytes() >= Specialist.LENGTH && list.size() < NetworkConfig.MAX_SPECIALISTS) {
			list.add(Specialist.read(in));
		}
		return list;
	}

	/* a nil entry gives null and is left out, but counts towards the limit */
	private static <T> List<T> list(byte @Nullable [] value, int limit, Function<ByteBuf, @Nullable T> reader) {
		ByteBuf in = buffer(value);
		List<T> list = new ArrayList<>();
		for (int i = 0; i < limit && in.isReadable(); i++) {
			T entry = reader.apply(in);
			if (entry != null) {
				list.add(entry);
			}
		}
		return list;
	}

	/* bad bytes keep the entries read so far */
	private static <T> List<T> lenient(byte @Nullable [] value, Function<ByteBuf, T> reader) {
		ByteBuf in = buffer(value);
		List<T> list = new ArrayList<>();
		try {
			while (in.isReadable() && list.size() < NetworkConfig.MAX_CAPABILITIES) {
				list.add(reader.apply(in));
			}
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			return list;
		}
		return list;
	}

	private static <T> List<T> sorted(List<T> list, Function<T, Integer> id) {
		list.sort(Comparator.comparing(id, Integer::compareUnsigned));
		return list;
	}

	private static ByteBuf buffer(byte @Nullable [] value) {
		return (value != null) ? Unpooled.wrappedBuffer(value) : Unpooled.EMPTY_BUFFER;
	}

	static byte[] write(NetworkConfig config) {
		Dictionary.Builder out = Dictionary.builder(Dictionary.NETWORK_CONFIG_CAPACITY);
		Address target = config.remoteTraceTarget();
		out.put("v", VERSION)
			.put("nwid", config.network().value())
			.put("ts", config.timestamp())
			.put("ctmd", config.credentialTimeMaxDelta())
			.put("r", config.revision())
			.put("id", config.issuedTo().toString())
			.put("tt", ((target != null) ? target : new Address(0)).toString())
			.put("tl", config.remoteTraceLevel())
			.put("f", config.flags())
			.put("ml", (long) config.multicastLimit())
			.put("t", (long) config.type().ordinal())
			.put("n", config.name().getBytes(StandardCharsets.UTF_8))
			.put("mtu", (long) config.mtu());
		CertificateOfMembership membership = config.membership();
		if (membership != null) {
			out.put("C", membership.toByteArray());
		}
		put(out, "CAP", (to) -> config.capabilities().forEach((entry) -> entry.write(to)));
		put(out, "TAG", (to) -> config.tags().forEach((entry) -> entry.write(to)));
		put(out, "COO", (to) -> config.certificatesOfOwnership().forEach((entry) -> entry.write(to)));
		put(out, "S", (to) -> config.specialists().forEach((entry) -> entry.write(to)));
		put(out, "RT", (to) -> config.routes().forEach((entry) -> entry.write(to)));
		put(out, "I", (to) -> config.staticAddresses().forEach((entry) -> entry.write(to)));
		put(out, "R", (to) -> RuleCodec.write(to, config.rules()));
		put(out, "DNS", (to) -> config.dns().write(to));
		config.singleSignOn().write(out);
		if (out.overflowed()) {
			throw new IllegalStateException("The configuration of " + config.issuedTo() + " on " + config.network()
					+ " is larger than a dictionary may be: give the network fewer rules, capabilities or tags");
		}
		return out.toByteArray();
	}

	private static void put(Dictionary.Builder out, String key, Consumer<ByteBuf> writer) {
		ByteBuf buffer = Unpooled.buffer();
		writer.accept(buffer);
		if (buffer.isReadable()) {
			out.put(key, ByteBufUtil.getBytes(buffer));
		}
	}

}
