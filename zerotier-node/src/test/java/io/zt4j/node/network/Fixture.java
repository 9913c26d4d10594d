package io.zt4j.node.network;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.packet.Verb;
import tools.jackson.databind.JsonNode;

/**
 * The throw-away identities of the vectors and a private network of their controller.
 */
final class Fixture {

	static final long T = 1_700_000_000_000L;

	static final long WINDOW = 1_800_000;

	private static final JsonNode IDENTITIES = Vectors.load("vl2-packets").required("identities");

	static final Identity CONTROLLER = identity("controllerSecret");

	static final Identity A = identity("nodeASecret");

	static final Identity B = identity("nodeBSecret");

	static final Identity D = identity("nodeDSecret");

	static final NetworkId NETWORK = NetworkId.parse("3e5c82d3a8abcdef");

	private Fixture() {
	}

	private static Identity identity(String field) {
		return Identity.parse(Vectors.text(IDENTITIES, field));
	}

	static MacAddress mac(Identity member) {
		return MacAddress.of(member.address(), NETWORK);
	}

	static CertificateOfMembership com(Identity member, long timestamp) {
		return CertificateOfMembership.issue(timestamp, WINDOW, NETWORK, member, CONTROLLER);
	}

	/** A private network that accepts everything, multicast limit 32, broadcast on. */
	static NetworkConfigBuilder config(Identity member, long timestamp) {
		return NetworkConfig.builder(NETWORK, member.address())
			.timestamp(timestamp)
			.credentialTimeMaxDelta(WINDOW)
			.revision(1)
			.type(NetworkType.PRIVATE)
			.multicastLimit(32)
			.flags(NetworkConfig.BROADCAST)
			.membership(com(member, timestamp))
			.rules(List.of(Rule.ACCEPT));
	}

	/** Chunks as they follow the OK header. */
	static List<byte[]> chunks(NetworkConfig config, long updateId) {
		return ConfigChunk.split(config.network(), config.toDictionary(), updateId, 0, CONTROLLER);
	}

	/** Give a node a configuration as the controller would answer. */
	static void configure(TestNode node, NetworkConfig config) {
		for (byte[] chunk : chunks(config, config.timestamp() ^ config.revision() << 48)) {
			node.receive(CONTROLLER, Verb.OK, ok(Verb.NETWORK_CONFIG_REQUEST, 1, chunk));
		}
	}

	static void push(TestNode node, Identity from, NetworkConfig config, long updateId) {
		for (byte[] chunk : chunks(config, updateId)) {
			node.receive(from, Verb.NETWORK_CONFIG, chunk);
		}
	}

	static byte[] ok(Verb inRe, long packetId, byte[] rest) {
		return ByteBufUtil.getBytes(Unpooled.buffer().writeByte(inRe.code()).writeLong(packetId).writeBytes(rest));
	}

	static byte[] error(Verb inRe, long packetId, int code, NetworkId network) {
		return ByteBufUtil.getBytes(Unpooled.buffer()
			.writeByte(inRe.code())
			.writeLong(packetId)
			.writeByte(code)
			.writeLong(network.value()));
	}

	static byte[] credentials(CertificateOfMembership... memberships) {
		return credentials(new NetworkCredentials(List.of(memberships), List.of(), List.of(), List.of(), List.of()));
	}

	static byte[] credentials(NetworkCredentials credentials) {
		ByteBuf out = Unpooled.buffer();
		credentials.write(out);
		return ByteBufUtil.getBytes(out);
	}

	static byte[] frame(NetworkId network, int etherType, byte[] payload) {
		return ByteBufUtil
			.getBytes(Unpooled.buffer().writeLong(network.value()).writeShort(etherType).writeBytes(payload));
	}

	/** A node that knows everybody, joined the network and has a port. */
	static TestNode member(Identity identity, TestNode.Port port) {
		TestNode node = new TestNode(identity, T);
		node.learn(CONTROLLER, A, B, D);
		node.networks.start();
		node.networks.join(NETWORK).attach(port);
		configure(node, config(identity, T).build());
		node.takeSent();
		return node;
	}

}
