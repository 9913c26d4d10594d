package io.zt4j.node.world;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.InetAddressCodec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link World}, {@link WorldBuilder} and {@link SigningKeyPair}.
 */
class WorldTests {

	private static final JsonNode VECTORS = Vectors.load("vl1-world");

	private static final List<World> WORLDS = Vectors.cases("vl1-world")
		.map((node) -> World.parse(Vectors.bytes(node, "binary")))
		.toList();

	@TestFactory
	Stream<DynamicTest> worldsOfTheReferenceReadAndWriteBackToTheSameBytes() {
		return Vectors.tests("vl1-world", "cases", (node) -> {
			ByteBuf in = Vectors.buffer(node, "binary");
			World world = World.read(in);
			assertThat(in.isReadable()).isFalse();
			assertThat(world.type().code()).isEqualTo(node.get("type").asInt());
			assertThat(world.id()).isEqualTo(Long.parseUnsignedLong(Vectors.text(node, "id_hex"), 16));
			assertThat(world.timestamp()).isEqualTo(node.get("timestamp").asLong());
			assertThat(world.updatesMustBeSignedBy()).isEqualTo(Vectors.bytes(node, "updates_must_be_signed_by"));
			assertThat(world.signature()).isEqualTo(Vectors.bytes(node, "signature"));
			assertRoots(world, node);
			assertThat(Vectors.hex(world.toBytes())).isEqualTo(Vectors.text(node, "binary"));
			assertThat(Vectors.hex(world.signedBytes())).isEqualTo(Vectors.text(node, "signed_bytes"));
			assertThat(World.parse(world.toBytes())).isEqualTo(world).hasSameHashCodeAs(world);
		});
	}

	@TestFactory
	Stream<DynamicTest> worldsAreMadeToTheBytesOfTheReference() {
		return Vectors.tests("vl1-world", "cases", (node) -> {
			World original = World.parse(Vectors.bytes(node, "binary"));
			SigningKeyPair signer = Stream.of(1, 2, 3)
				.map(WorldTests::keyPair)
				.filter((keyPair) -> original.verify(keyPair.publicKey()))
				.findFirst()
				.orElseThrow();
			WorldBuilder builder = (original.type() == World.Type.MOON) ? WorldBuilder.moon(original.id())
					: WorldBuilder.planet(original.id());
			builder.timestamp(original.timestamp());
			for (JsonNode root : node.get("roots")) {
				builder.root(Identity.parse(Vectors.text(root, "identity")),
						root.get("stable_endpoints")
							.valueStream()
							.map((text) -> InetAddressCodec.parse(text.asString()))
							.toArray(InetSocketAddress[]::new));
			}
			World made = builder.sign(signer, original.updatesMustBeSignedBy());
			assertThat(Vectors.hex(made.toBytes())).isEqualTo(Vectors.text(node, "binary"));
		});
	}

	@Test
	void updatesAreTakenAsTheReferenceTakesThem() {
		Vectors.list(VECTORS, "update_matrix").forEach((node) -> {
			World update = WORLDS.get(node.get("update").asInt());
			boolean expected = node.get("should_replace").asBoolean();
			if (node.get("current").isString()) {
				// no world yet: any may be installed (10.2)
				assertThat(expected).isTrue();
			}
			else {
				World current = WORLDS.get(node.get("current").asInt());
				assertThat(current.isReplacedBy(update)).as("%s", node).isEqualTo(expected);
			}
		});
	}

	@TestFactory
	Stream<DynamicTest> damagedWorldsAreRefused() {
		return Vectors.tests("vl1-world", "negative", (node) -> {
			byte[] binary = Vectors.bytes(node, "binary");
			if (node.has("parses")) {
				assertThat(node.get("parses").asBoolean()).isFalse();
				assertThatIllegalArgumentException().isThrownBy(() -> World.parse(binary))
					.withMessageContaining("Not a planet or moon file");
			}
			else {
				assertThat(WORLDS.get(0).isReplacedBy(World.parse(binary))).isFalse();
			}
		});
	}

	@Test
	void theDefaultPlanetIsThePublicOne() {
		JsonNode node = VECTORS.get("default_planet");
		World planet = World.defaultPlanet();
		assertThat(planet.id()).isEqualTo(World.EARTH).isEqualTo(node.get("id").asLong());
		assertThat(planet.timestamp()).isEqualTo(node.get("timestamp").asLong());
		assertThat(Vectors.hex(planet.toBytes())).isEqualTo(Vectors.text(node, "binary"));
		assertThat(planet.verify(planet.updatesMustBeSignedBy())).isTrue();
		assertRoots(planet, node);
		assertThat(planet.roots()).allSatisfy((root) -> assertThat(root.identity().isValid()).isTrue());
		assertThat(planet.root(planet.roots().get(2).identity().address())).isEqualTo(planet.roots().get(2));
		assertThat(planet.root(WORLDS.get(0).roots().get(0).identity().address())).isNull();
	}

	@Test
	void aPlanetOfOnesOwnIsUpdatedWithItsKey() {
		Identity root = WORLDS.get(0).roots().get(0).identity();
		SigningKeyPair first = SigningKeyPair.generate(new SecureRandom());
		SigningKeyPair second = SigningKeyPair.generate(new SecureRandom());
		World one = WorldBuilder.planet(7).timestamp(1).root(root).sign(first);
		World two = WorldBuilder.planet(7).timestamp(2).root(root).sign(first, second.publicKey());
		World three = WorldBuilder.planet(7).timestamp(3).root(root).sign(second);
		assertThat(one.isReplacedBy(two)).isTrue();
		assertThat(two.isReplacedBy(three)).isTrue();
		assertThat(one.isReplacedBy(three)).isFalse();
		assertThat(three.isReplacedBy(two)).isFalse();
	}

	@Test
	void keyPairFilesAre128BytesThatBelongTogether() {
		SigningKeyPair keyPair = keyPair(1);
		byte[] file = keyPair.toBytes();
		assertThat(Vectors.hex(file))
			.isEqualTo(Vectors.text(VECTORS, "key1_public") + Vectors.text(VECTORS, "key1_private"));
		assertThat(keyPair.toString()).doesNotContain(Vectors.text(VECTORS, "key1_private").substring(0, 8));
		assertThatIllegalArgumentException().isThrownBy(() -> SigningKeyPair.parse(new byte[64]))
			.withMessageContaining("128 bytes");
		file[127]++;
		assertThatIllegalArgumentException().isThrownBy(() -> SigningKeyPair.parse(file));
	}

	@Test
	void mistakesInBuildingAreExplained() {
		Identity root = WORLDS.get(0).roots().get(0).identity();
		assertThatIllegalArgumentException().isThrownBy(() -> WorldBuilder.planet(0));
		assertThatIllegalArgumentException().isThrownBy(() -> WorldBuilder.planet(World.EARTH))
			.withMessageContaining("public");
		assertThatIllegalArgumentException().isThrownBy(() -> WorldBuilder.moon(1).sign(keyPair(1)))
			.withMessageContaining("timestamp");
		WorldBuilder full = WorldBuilder.moon(1).root(root).root(root).root(root).root(root);
		assertThatIllegalArgumentException().isThrownBy(() -> full.root(root));
		List<InetSocketAddress> many = Stream.generate(() -> InetAddressCodec.parse("10.0.0.1/1")).limit(33).toList();
		assertThatIllegalArgumentException().isThrownBy(() -> WorldBuilder.moon(1).root(root, many));
	}

	private static void assertRoots(World world, JsonNode node) {
		assertThat(world.roots()).hasSameSizeAs(node.get("roots").values());
		for (int i = 0; i < world.roots().size(); i++) {
			JsonNode expected = node.get("roots").get(i);
			World.Root root = world.roots().get(i);
			assertThat(root.identity()).hasToString(Vectors.text(expected, "identity"));
			assertThat(root.endpoints()).map(InetAddressCodec::format)
				.isEqualTo(expected.get("stable_endpoints").valueStream().map(JsonNode::asString).toList());
		}
	}

	private static SigningKeyPair keyPair(int number) {
		return SigningKeyPair.parse(Vectors.bytes(Vectors.text(VECTORS, "key" + number + "_public")
				+ Vectors.text(VECTORS, "key" + number + "_private")));
	}

}
