package io.zt4j.node.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.zt4j.node.Vectors;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.InetAddressCodec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link FileStateStore}, {@link MemoryStateStore} and {@link PeerRecord}.
 */
class StateStoreTests {

	@TempDir
	Path temporary;

	@TestFactory
	Stream<DynamicTest> whatIsWrittenIsReadListedAndDeleted() {
		return stores((store) -> {
			assertThat(store.read("planet")).isNull();
			assertThat(store.list("networks.d")).isEmpty();
			store.delete("planet");
			store.write("planet", new byte[] { 1 });
			store.write("planet", new byte[] { 2, 3 });
			assertThat(store.read("planet")).containsExactly(2, 3);
			store.write("networks.d/b.conf", new byte[0]);
			store.write("networks.d/a.conf", new byte[10]);
			store.write("networks.d.extra/c.conf", new byte[10]);
			store.write("networks.d/deep/d.conf", new byte[10]);
			assertThat(store.list("networks.d")).containsExactly("a.conf", "b.conf");
			assertThat(store.read("networks.d/b.conf")).isEmpty();
			store.delete("networks.d/b.conf");
			assertThat(store.read("networks.d/b.conf")).isNull();
			assertThat(store.list("networks.d")).containsExactly("a.conf");
		});
	}

	@TestFactory
	Stream<DynamicTest> pathsThatLeaveTheFolderAreRefused() {
		return stores((store) -> {
			for (String path : List.of("", "/etc/passwd", "../planet", "a/../../b", "a/..", ".", "./a", "a//b", "a/",
					"C:\\x", "a\\b", "a\0b", ".hidden", "a/.b", "a:b", "x".repeat(256))) {
				assertThatIllegalArgumentException().as(path).isThrownBy(() -> store.read(path));
				assertThatIllegalArgumentException().as(path).isThrownBy(() -> store.write(path, new byte[1]));
				assertThatIllegalArgumentException().as(path).isThrownBy(() -> store.delete(path));
				assertThatIllegalArgumentException().as(path).isThrownBy(() -> store.list(path));
			}
		});
	}

	@Test
	void theMemoryStoreKeepsCopies() {
		MemoryStateStore store = new MemoryStateStore();
		byte[] content = { 1 };
		store.write("planet", content);
		content[0] = 2;
		store.read("planet")[0] = 3;
		assertThat(store.read("planet")).containsExactly(1);
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void secretsAndNewFoldersAreTheOwnersOnly() throws IOException {
		Path home = this.temporary.resolve("home/node");
		FileStateStore store = new FileStateStore(home);
		store.write("identity.secret", new byte[] { 1 });
		store.write("identity.public", new byte[] { 1 });
		store.write("identity.secret", new byte[] { 2 });
		assertThat(permissions(home.resolve("identity.secret"))).isEqualTo("rw-------");
		assertThat(permissions(home.resolve("identity.public"))).startsWith("rw-");
		assertThat(permissions(home)).isEqualTo("rwx------");
		try (Stream<Path> files = Files.list(home)) {
			assertThat(files.map((file) -> file.getFileName().toString())).containsExactlyInAnyOrder("identity.secret",
					"identity.public");
		}
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void whatACrashLeftBehindIsReplacedAndNotListed() throws IOException {
		FileStateStore store = new FileStateStore(this.temporary);
		store.write("moons.d/a.moon", new byte[] { 1 });
		Path leftover = this.temporary.resolve("moons.d/.a.moon.tmp");
		Files.write(leftover, new byte[] { 9 });
		assertThat(store.list("moons.d")).containsExactly("a.moon");
		store.write("moons.d/a.moon", new byte[] { 2 });
		assertThat(store.read("moons.d/a.moon")).containsExactly(2);
		assertThat(leftover).doesNotExist();
	}

	@Test
	void aFolderThatCannotBeUsedIsNamedWithTheRemedy() throws IOException {
		Path file = Files.createFile(this.temporary.resolve("file"));
		FileStateStore store = new FileStateStore(file);
		assertThatExceptionOfType(StateStoreException.class).isThrownBy(() -> store.write("planet", new byte[1]))
			.withMessageContaining(file.toString())
			.withMessageContaining("make that folder writable")
			.withMessageContaining("another folder");
		Files.createDirectory(this.temporary.resolve("planet"));
		FileStateStore other = new FileStateStore(this.temporary);
		assertThatExceptionOfType(StateStoreException.class).isThrownBy(() -> other.read("planet"))
			.withMessageContaining("Cannot read " + this.temporary.resolve("planet"));
	}

	@TestFactory
	Stream<DynamicTest> peerRecordsOfTheReferenceReadAndWriteBackToTheSameBytes() {
		return Vectors.tests("vl1-peer-cache", "cases", (node) -> {
			PeerRecord peer = PeerRecord.parse(Vectors.bytes(node, "binary"));
			assertThat(peer)
				.isEqualTo(new PeerRecord(Identity.parse(Vectors.text(node, "identity")), node.get("proto").asInt(),
						node.get("major").asInt(), node.get("minor").asInt(), node.get("revision").asInt(),
						node.get("paths").valueStream().map(JsonNode::asString).map(InetAddressCodec::parse).toList()));
			assertThat(PeerRecord.path(peer.identity().address())).isEqualTo(Vectors.text(node, "file"));
			assertThat(Vectors.hex(peer.toBytes())).isEqualTo(Vectors.text(node, "binary"));
		});
	}

	@Test
	void damagedPeerRecordsAreNoRecords() {
		byte[] record = Vectors.bytes(Vectors.cases("vl1-peer-cache").findFirst().orElseThrow(), "binary");
		for (int length = 0; length < record.length; length++) {
			assertThat(PeerRecord.parse(Arrays.copyOf(record, length))).isNull();
		}
		record[0] = 1;
		assertThat(PeerRecord.parse(record)).isNull();
	}

	private Stream<DynamicTest> stores(Consumer<StateStore> test) {
		return Stream.of(new MemoryStateStore(), new FileStateStore(this.temporary.resolve("home")))
			.map((store) -> DynamicTest.dynamicTest(store.getClass().getSimpleName(), () -> test.accept(store)));
	}

	private static String permissions(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

}
