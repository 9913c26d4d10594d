package io.zt4j.spring.boot.diagnostics;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkStatus;
import io.zt4j.node.store.StateStoreException;
import io.zt4j.spring.boot.InvalidZeroTierPropertyException;
import io.zt4j.spring.boot.NetworkNotReadyException;
import io.zt4j.spring.boot.NetworkReadiness;
import io.zt4j.spring.boot.UdpPortInUseException;
import io.zt4j.spring.boot.UnreadablePlanetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyzers.
 */
class FailureAnalyzersTests {

	private static final NetworkId NETWORK = NetworkId.parse("8056c2e21c000001");

	private static final Address NODE = Address.parse("1a2b3c4d5e");

	@Test
	void badPropertyIsNamedWithItsCure() {
		FailureAnalysis analysis = analyze(
				new InvalidZeroTierPropertyException("zerotier.networks[0]", "abc", "It is short.", "Write more."));
		assertThat(analysis.getDescription()).contains("zerotier.networks[0]")
			.contains("'abc'")
			.contains("It is short.");
		assertThat(analysis.getAction()).isEqualTo("Write more.");
	}

	@Test
	void unwritableStorageNamesThePropertyAndTheUser() {
		FailureAnalysis analysis = analyze(
				new StateStoreException("Cannot write /x/identity.secret", new IOException("denied")));
		assertThat(analysis.getDescription()).contains("/x/identity.secret");
		assertThat(analysis.getAction()).contains("zerotier.storage-path").contains(System.getProperty("user.name"));
	}

	@Test
	void portInUseNamesPortAndProperty() {
		FailureAnalysis analysis = analyze(
				new UdpPortInUseException(9993, new BindException("Address already in use")));
		assertThat(analysis.getDescription()).contains("9993").contains("Address already in use");
		assertThat(analysis.getAction()).contains("zerotier.port").contains("9993");
	}

	@Test
	void unreadablePlanetNamesTheFile() {
		FailureAnalysis analysis = analyze(new UnreadablePlanetException(new ClassPathResource("no-such-planet"),
				"it does not exist", new FileNotFoundException()));
		assertThat(analysis.getDescription()).contains("no-such-planet").contains("does not exist");
		assertThat(analysis.getAction()).contains("zerotier.planet");
	}

	@Test
	void deniedNodeIsToldWhichNodeToAuthoriseOnWhichController() {
		FailureAnalysis analysis = analyze(notReady(true, NetworkStatus.ACCESS_DENIED));
		assertThat(analysis.getAction()).contains("Authorise node 1a2b3c4d5e on controller 8056c2e21c")
			.contains("8056c2e21c000001");
	}

	@Test
	void silentRootsAreNamed() {
		FailureAnalysis analysis = analyze(notReady(false, NetworkStatus.REQUESTING_CONFIGURATION));
		assertThat(analysis.getDescription()).contains("No root answered").contains("192.0.2.1:9993");
		assertThat(analysis.getAction()).contains("UDP").contains("zerotier.planet");
	}

	@ParameterizedTest
	@EnumSource
	void everyStatusHasAnAction(NetworkStatus status) {
		assertThat(analyze(notReady(true, status)).getAction()).containsAnyOf("8056c2e21c", NETWORK.toString());
	}

	private static NetworkNotReadyException notReady(boolean online, NetworkStatus status) {
		return new NetworkNotReadyException(NODE, online,
				List.of(new NetworkReadiness(NETWORK, null, true, status, List.of())),
				List.of(InetSocketAddress.createUnresolved("192.0.2.1", 9993)), Duration.ofSeconds(30));
	}

	// as registered; those of Boot that need a bean factory are left out
	private static FailureAnalysis analyze(RuntimeException failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, (type, name, ex) -> assertThat(name).doesNotStartWith("io.zt4j"))
			.stream()
			.filter((analyzer) -> analyzer.getClass().getPackageName().startsWith("io.zt4j"))
			.map((analyzer) -> analyzer.analyze(new IllegalStateException("start failed", failure)))
			.filter((analysis) -> analysis != null)
			.findFirst()
			.orElseThrow();
	}

}
