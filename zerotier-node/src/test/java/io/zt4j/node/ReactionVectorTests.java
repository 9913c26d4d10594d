package io.zt4j.node;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.CipherSuite;
import io.zt4j.node.packet.InetAddressCodec;
import io.zt4j.node.packet.Lz4;
import io.zt4j.node.packet.PacketCipher;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.world.World;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Delivers the stimuli of {@code vl1-reactions.json} to a root and a leaf of ours, in
 * order and on time, and compares what they send with what the reference sent.
 */
class ReactionVectorTests {

	/**
	 * Case 9: our identity gate saves up a burst (PrefixGate); 37: beacons are ignored.
	 */
	private static final Set<Integer> DIFFERENT = Set.of(9, 37);

	/** Case 18: we armor the reply so that the collider can read it (VL1 8.2). */
	private static final int COLLISION = 18;

	private final JsonNode vectors = Vectors.load("vl1-reactions");

	private final Map<String, Identity> identities = new HashMap<>();

	private final Map<String, ZeroTierNode> nodes = new HashMap<>();

	private final Map<String, RecordingTransport> transports = new HashMap<>();

	/** Packet IDs of the reference's packets and of ours in their place. */
	private final Map<Long, Long> packetIds = new HashMap<>();

	private final List<NodeEvent> leafEvents = new ArrayList<>();

	@Test
	void rootAndLeafReactAsTheReferenceDoes() {
		JsonNode setup = this.vectors.get("setup");
		for (String name : List.of("R", "L", "A", "B", "C", "D")) {
			this.identities.put(name, Identity.parse(Vectors.text(setup, name + "_secret")));
		}
		World planet = World.parse(Vectors.bytes(setup, "planet"));
		NodeBench bench = new NodeBench(1_700_000_350_000L);
		start(bench, "R", "10.1.0.1/9993", planet);
		int number = 0;
		for (JsonNode vector : this.vectors.get("cases")) {
			String name = Vectors.text(vector, "node");
			bench.runTo(vector.get("time_ms").asLong());
			if (!this.nodes.containsKey(name)) {
				start(bench, name, "10.5.0.1/9993", planet);
				this.nodes.get(name).addListener(this.leafEvents::add);
			}
			if (DIFFERENT.contains(number)) {
				number++;
				continue;
			}
			RecordingTransport transport = this.transports.get(name);
			transport.take();
			byte[] input = translate(name, Vectors.bytes(vector, "input"));
			transport.deliver(NodeBench.endpoint(Vectors.text(vector, "from")), input);
			bench.run();
			compare(number, name, vector, transport.take());
			number++;
		}
		assertThat(number).isEqualTo(65);
		assertThat(this.leafEvents).filteredOn(NodeEvent.IdentityCollision.class::isInstance).hasSize(1);
		assertThat(this.leafEvents).contains(new NodeEvent.WorldUpdated(planet.id(),
				this.vectors.get("leaf_planet_timestamp_after_update").asLong()));
		this.nodes.values().forEach((node) -> assertThat(node.statistics().drops()).doesNotContainKey("failed"));
		assertThat(this.nodes.get("R").statistics().drops()).containsEntry("hello-old", 1L)
			.containsEntry("identity-invalid", 1L)
			.containsEntry("hello-mismatch", 1L)
			.containsEntry("identity-collision", 1L)
			.containsEntry("ok-unexpected", 1L)
			.containsEntry("echo-rate", 1L)
			.containsEntry("relay-hops", 1L)
			.containsEntry("own-source", 1L);
	}

	private void start(NodeBench bench, String name, String local, World planet) {
		RecordingTransport transport = new RecordingTransport(NodeBench.endpoint(local));
		this.transports.put(name, transport);
		this.nodes.put(name, bench.start(this.identities.get(name), planet, transport));
	}

	/** An OK to a packet of the reference becomes an OK to ours. */
	private byte[] translate(String node, byte[] input) {
		if (input.length < PacketHeader.MINIMUM_LENGTH) {
			return input;
		}
		ByteBuf packet = Unpooled.copiedBuffer(input);
		Identity source = byAddress(PacketHeader.source(packet).toString());
		CipherSuite suite = PacketHeader.cipherSuite(packet);
		if (source == null || suite == null || suite == CipherSuite.NONE
				|| PacketHeader.destinationValue(packet) != this.identities.get(node).address().value()) {
			return input;
		}
		PacketCipher cipher = new PacketCipher(source.agree(this.identities.get(node)));
		if (!cipher.dearmor(packet) || PacketHeader.verb(packet) != Verb.OK) {
			return input;
		}
		Long ours = this.packetIds.get(packet.getLong(29));
		if (ours == null) {
			return input;
		}
		packet.setLong(29, ours);
		cipher.armor(packet, suite);
		return ByteBufUtil.getBytes(packet);
	}

	private Identity byAddress(String address) {
		return this.identities.values()
			.stream()
			.filter((identity) -> identity.address().toString().equals(address))
			.findFirst()
			.orElse(null);
	}

	private void compare(int number, String node, JsonNode vector, List<RecordingTransport.Sent> sent) {
		String description = "case " + number + ": " + Vectors.text(vector, "description");
		JsonNode expected = vector.get("output");
		if (list(expected).stream().noneMatch((output) -> "ECHO".equals(verb(output)))) {
			// probes of silent paths are ours alone
			sent.removeIf((one) -> isEcho(node, one.datagram()));
		}
		assertThat(sent).as(description).hasSameSizeAs(list(expected));
		List<RecordingTransport.Sent> left = new ArrayList<>(sent);
		for (JsonNode output : expected) {
			InetSocketAddress to = NodeBench.endpoint(Vectors.text(output, "to"));
			// replies come in order; introductions of a pair in any
			RecordingTransport.Sent match = left.stream()
				.filter((one) -> one.destination().equals(to) && matches(number, node, output, one))
				.findFirst()
				.orElse(null);
			assertThat(match)
				.as(description + " expects " + output.get("decoded") + " but ours are "
						+ sent.stream().map((one) -> describe(node, one)).toList())
				.isNotNull();
			left.remove(match);
		}
	}

	private static String verb(JsonNode output) {
		JsonNode verb = output.get("decoded").get("verb");
		return (verb != null) ? verb.asString() : "";
	}

	private boolean isEcho(String node, byte[] datagram) {
		ByteBuf packet = decode(node, datagram);
		return packet != null && PacketHeader.verb(packet) == Verb.ECHO;
	}

	private static List<JsonNode> list(JsonNode array) {
		List<JsonNode> list = new ArrayList<>();
		array.forEach(list::add);
		return list;
	}

	private String describe(String node, RecordingTransport.Sent sent) {
		ByteBuf packet = decode(node, sent.datagram());
		return InetAddressCodec.format(sent.destination()) + " ttl " + sent.ttl() + " "
				+ ((packet != null)
						? PacketHeader.verb(packet) + " " + PacketHeader.cipherSuite(packet) + " " + payload(packet)
						: HexFormat.of().formatHex(sent.datagram()));
	}

	private boolean matches(int number, String node, JsonNode output, RecordingTransport.Sent sent) {
		JsonNode decoded = output.get("decoded");
		if (Vectors.text(decoded, "kind").equals("junk")) {
			return sent.ttl() == 2 && sent.datagram().length == 4;
		}
		byte[] wire = Vectors.bytes(output, "wire");
		ByteBuf packet = decode(node, sent.datagram());
		if (packet == null) {
			// forwarded for others: byte for byte
			return Arrays.equals(wire, sent.datagram());
		}
		Verb verb = Verb.valueOf(Vectors.text(decoded, "verb"));
		if (PacketHeader.verb(packet) != verb
				|| (number != COLLISION && PacketHeader.cipherSuite(packet).code() != decoded.get("cipher").asInt())) {
			return false;
		}
		this.packetIds.put(Unpooled.wrappedBuffer(wire).getLong(0), PacketHeader.packetId(packet));
		String payload = Vectors.text(decoded, "payload");
		return switch (verb) {
			// ours carry the time
			case ECHO -> packet.readableBytes() == 36;
			// version and identity, then the endpoint and planet; times and moons differ
			case HELLO -> payload(packet).startsWith(payload.substring(0, 10))
					&& payload(packet).startsWith(payload.substring(26, 26 + 142 + 14 + 32), 26);
			default -> payload(packet).equals(payload);
		};
	}

	private ByteBuf decode(String node, byte[] datagram) {
		if (datagram.length < PacketHeader.MINIMUM_LENGTH) {
			return null;
		}
		ByteBuf packet = Unpooled.copiedBuffer(datagram);
		Identity self = this.identities.get(node);
		if (PacketHeader.sourceValue(packet) != self.address().value()) {
			return null;
		}
		String destination = PacketHeader.destination(packet).toString();
		List<Identity> candidates = new ArrayList<>(this.identities.values());
		this.vectors.get("cases").forEach((vector) -> pushed(vector, candidates));
		for (Identity identity : candidates) {
			if (identity.address().toString().equals(destination)) {
				ByteBuf copy = packet.copy();
				if (new PacketCipher(self.agree(identity)).dearmor(copy)) {
					return Lz4.decompress(copy, ByteBufAllocator.DEFAULT);
				}
			}
		}
		throw new AssertionError("Cannot decode " + HexFormat.of().formatHex(datagram));
	}

	/** Identities that occur only in HELLOs: Z, and the collider. */
	private static void pushed(JsonNode vector, List<Identity> candidates) {
		byte[] input = Vectors.bytes(vector, "input");
		if (input.length >= 112 && input[27] == 1 && (input[18] & 0x38) == 0) {
			Identity identity = Identity.read(Unpooled.wrappedBuffer(input, 41, 71));
			if (!candidates.contains(identity)) {
				candidates.add(identity);
			}
		}
	}

	private static String payload(ByteBuf packet) {
		return ByteBufUtil.hexDump(packet, PacketHeader.PAYLOAD, packet.readableBytes() - PacketHeader.PAYLOAD);
	}

}
