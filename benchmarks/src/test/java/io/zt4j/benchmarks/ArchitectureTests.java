package io.zt4j.benchmarks;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/**
 * Keeps the house as ARCHITECTURE.md draws it. Lives here because this module alone sees
 * all others.
 */
@AnalyzeClasses(packages = "io.zt4j", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTests {

	@ArchTest
	static final ArchRule modulesDependDownwardsOnly = Architectures.layeredArchitecture()
		.consideringOnlyDependenciesInLayers()
		.layer("node")
		.definedBy("io.zt4j.node..")
		.layer("stack")
		.definedBy("io.zt4j.stack..")
		.layer("sockets")
		.definedBy("io.zt4j.sockets..")
		.layer("netty")
		.definedBy("io.zt4j.netty..")
		.layer("jna")
		.definedBy("io.zt4j.jna..")
		.layer("test")
		.definedBy("io.zt4j.test..")
		.layer("spring")
		.definedBy("io.zt4j.spring..")
		.layer("benchmarks")
		.definedBy("io.zt4j.benchmarks..")
		.whereLayer("node")
		.mayNotAccessAnyLayer()
		.whereLayer("stack")
		.mayNotAccessAnyLayer()
		.whereLayer("sockets")
		.mayOnlyAccessLayers("node", "stack")
		.whereLayer("netty")
		.mayOnlyAccessLayers("sockets", "stack", "node")
		.whereLayer("jna")
		.mayOnlyAccessLayers("sockets", "stack", "node")
		.whereLayer("test")
		.mayOnlyAccessLayers("netty", "sockets", "stack", "node")
		.whereLayer("spring")
		.mayOnlyAccessLayers("netty", "sockets", "stack", "node", "jna");

	@ArchTest
	static final ArchRule lowerRoomsOfTheNodeKnowNothingOfTheUpper = ArchRuleDefinition.noClasses()
		.that()
		.resideInAnyPackage("io.zt4j.node.identity..", "io.zt4j.node.crypto..", "io.zt4j.node.packet..",
				"io.zt4j.node.world..", "io.zt4j.node.store..", "io.zt4j.node.transport..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.zt4j.node", "io.zt4j.node.peer..", "io.zt4j.node.network..",
				"io.zt4j.node.controller..");

	@ArchTest
	static final ArchRule vl1KnowsNothingOfVl2 = ArchRuleDefinition.noClasses()
		.that()
		.resideInAPackage("io.zt4j.node.peer..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.zt4j.node.network..", "io.zt4j.node.controller..");

	@ArchTest
	static final ArchRule membersKnowNothingOfTheController = ArchRuleDefinition.noClasses()
		.that()
		.resideInAPackage("io.zt4j.node.network..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.zt4j.node.controller..");

	@ArchTest
	static final ArchRule roomsOfTheStackAreFreeOfCycles = SlicesRuleDefinition.slices()
		.matching("io.zt4j.stack.(*)..")
		.should()
		.beFreeOfCycles();

	@ArchTest
	static final ArchRule nothingReadsTheWallClock = ArchRuleDefinition.noClasses()
		.that()
		.resideInAnyPackage("io.zt4j.node..", "io.zt4j.stack..")
		.should()
		.callMethod(System.class, "currentTimeMillis")
		.orShould()
		.callMethod(System.class, "nanoTime")
		.orShould()
		.callMethod(Thread.class, "sleep", long.class);

	@ArchTest
	static final ArchRule springIsConfinedToItsModules = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages("io.zt4j.spring..", "io.zt4j.sample..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework..");

	private ArchitectureTests() {
	}

}
