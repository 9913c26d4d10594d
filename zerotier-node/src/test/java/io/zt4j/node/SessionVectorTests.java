package io.zt4j.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.FragmentAssembler;
import io.zt4j.node.packet.Lz4;
import io.zt4j.node.packet.PacketCipher;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The conversation of {@code vl1-session.json} between four reference nodes.
 */
class SessionVectorTests {

	private final JsonNode session = Vectors.load("vl1-session");

	private final Map<String, Identity> identities = new HashMap<>();

	SessionVectorTests() {
		for (String name : List.of("R", "A", "B", "M")) {
			this.identities.put(name, Identity.parse(Vectors.text(this.session.get("nodes").get(name), "secret")));
		}
	}

	@Test
	void everyPacketDecodes() {
		int packets = 0;
		for (JsonNode datagram : this.session.get("datagrams")) {
			JsonNode decoded = datagram.get("decoded");
			if (!Vectors.text(decoded, "kind").equals("packet")) {
				continue;
			}
			ByteBuf packet = Unpooled.copiedBuffer(Vectors.bytes(datagram, "wire"));
			Identity source = this.identities.get(Vectors.text(decoded, "zt_source"));
			Identity destination = this.identities.get(Vectors.text(decoded, "zt_dest"));
			assertThat(PacketHeader.source(packet)).isEqualTo(source.address());
			assertThat(PacketHeader.hops(packet)).isEqualTo(decoded.get("hops").asInt());
			assertThat(new PacketCipher(destination.agree(source)).dearmor(packet)).as("datagram " + datagram.get("n"))
				.isTrue();
			packet = Lz4.decompress(packet, ByteBufAllocator.DEFAULT);
			assertThat(PacketHeader.verb(packet)).isEqualTo(Verb.valueOf(Vectors.text(decoded, "verb")));
			assertThat(ByteBufUtil.hexDump(packet, PacketHeader.PAYLOAD, packet.readableBytes() - PacketHeader.PAYLOAD))
				.isEqualTo(Vectors.text(decoded, "payload"));
			packets++;
		}
		assertThat(packets).isEqualTo(70);
	}

	@ParameterizedTest
	@ValueSource(strings = { "R", "A", "B", "M" })
	void ourNodeInPlaceOfAReferenceNodeTakesEverythingItWasSent(String name) {
		World planet = World.parse(Vectors.bytes(this.session, "planet_initial"));
		Identity identity = this.identities.get(name);
		String local = Vectors.text(this.session.get("nodes").get(name), "physical");
		NodeBench bench = new NodeBench(this.session.get("datagrams").get(0).get("time_ms").asLong() - 1000);
		RecordingTransport transport = new RecordingTransport(NodeBench.endpoint(local));
		ZeroTierNode node = bench.start(identity, planet, transport);
		List<Integer> messages = new ArrayList<>();
		node.vl1().register(Verb.USER_MESSAGE, (packet) -> {
			messages.add(packet.payload().readableBytes() - 8);
			return Verdict.HANDLED;
		});
		Map<Verb, Integer> replies = new HashMap<>();
		long unexpected = 0;
		for (JsonNode datagram : this.session.get("datagrams")) {
			if (!Vectors.text(datagram, "phys_to").equals(local) || datagram.has("delivered")) {
				continue;
			}
			bench.runTo(datagram.get("time_ms").asLong());
			transport.take();
			transport.deliver(NodeBench.endpoint(Vectors.text(datagram, "phys_from")), Vectors.bytes(datagram, "wire"));
			bench.run();
			JsonNode verb = datagram.get("decoded").get("verb");
			unexpected += (verb != null && "OK".equals(verb.asString())
					&& PacketHeader.destinationValue(
							Unpooled.wrappedBuffer(Vectors.bytes(datagram, "wire"))) == identity.address().value()) ? 1
									: 0;
			for (RecordingTransport.Sent sent : transport.take()) {
				reply(identity, sent.datagram(), replies);
			}
		}
		// our own IDs differ from the reference's, so its OKs are not expected by us
		Map<String, Long> drops = node.statistics().drops();
		assertThat(drops.getOrDefault("ok-unexpected", 0L) + drops.getOrDefault("held-expired", 0L)
				+ drops.getOrDefault("relay-no-path", 0L) + drops.getOrDefault("send-expired", 0L))
			.as("drops " + drops)
			.isEqualTo(drops.values().stream().mapToLong(Long::longValue).sum())
			.isLessThanOrEqualTo(unexpected + 12);
		if (!name.equals("M")) {
			assertThat(replies).as("answers to HELLO, ECHO, WHOIS").containsKey(Verb.OK);
		}
	}

	private void reply(Identity self, byte[] datagram, Map<Verb, Integer> replies) {
		ByteBuf packet = Unpooled.copiedBuffer(datagram);
		if (datagram.length < PacketHeader.MINIMUM_LENGTH || FragmentAssembler.isFragment(packet)
				|| PacketHeader.sourceValue(packet) != self.address().value()) {
			return;
		}
		for (Identity to : this.identities.values()) {
			if (to.address().value() == PacketHeader.destinationValue(packet)) {
				assertThat(new PacketCipher(self.agree(to)).dearmor(packet)).isTrue();
				replies.merge(PacketHeader.verb(packet), 1, Integer::sum);
			}
		}
	}

}
