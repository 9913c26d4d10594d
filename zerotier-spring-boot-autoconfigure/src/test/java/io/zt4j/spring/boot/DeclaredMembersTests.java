package io.zt4j.spring.boot;

import java.util.Set;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.store.MemoryStateStore;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeclaredMembers}.
 */
class DeclaredMembersTests {

	private static final NetworkId SHOP = NetworkId.parse("8056c2e21c000001");

	private static final NetworkId OTHER = NetworkId.parse("8056c2e21c000002");

	private static final Address FIRST = Address.parse("1a2b3c4d5e");

	private static final Address SECOND = Address.parse("2b3c4d5e6f");

	private final MemoryStateStore store = new MemoryStateStore();

	@Test
	void memberTakenOutOfThePropertiesIsForgottenAfterARestart() {
		new DeclaredMembers(this.store).add(SHOP, FIRST, "orders of today");
		new DeclaredMembers(this.store).add(OTHER, FIRST, "orders of today");
		assertThat(new DeclaredMembers(this.store).retain(SHOP, Set.of("orders of today"))).isEmpty();
		assertThat(new DeclaredMembers(this.store).retain(SHOP, Set.of("gateway"))).containsExactly(FIRST);
		assertThat(new DeclaredMembers(this.store).retain(SHOP, Set.of())).isEmpty();
		assertThat(new DeclaredMembers(this.store).retain(OTHER, Set.of())).containsExactly(FIRST);
	}

	@Test
	void anotherNodeOfTheSameNameReplacesTheFirst() {
		DeclaredMembers members = new DeclaredMembers(this.store);
		assertThat(members.replace(SHOP, "orders", FIRST)).isEmpty();
		assertThat(members.replace(SHOP, "orders", FIRST)).isEmpty();
		assertThat(members.replace(SHOP, "orders", SECOND)).containsExactly(FIRST);
	}

	@Test
	void renamedMemberStays() {
		DeclaredMembers members = new DeclaredMembers(this.store);
		members.add(SHOP, FIRST, "orders");
		members.add(SHOP, FIRST, "sales");
		assertThat(members.retain(SHOP, Set.of("sales"))).isEmpty();
	}

}
