package io.zt4j.spring.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.controller.AddressPool;
import io.zt4j.node.controller.NetworkController;
import io.zt4j.node.controller.NetworkSettings;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.InetPrefix;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.NetworkRoute;
import io.zt4j.node.store.StateStore;
import io.zt4j.node.world.World;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;

/**
 * Makes the controller's networks what the properties say, at every start. Members whose
 * identity file is not there yet are let in as soon as it appears.
 */
final class ControllerRole {

	private static final Logger logger = LoggerFactory.getLogger(ControllerRole.class);

	/** How often identity files that are missing are looked for. */
	private static final long LOOK_MILLIS = 100;

	private final List<NetworkPlan> plans = new ArrayList<>();

	private final Map<String, ZeroTierProperties.ControlledNetwork> networks;

	/** Members whose identity file is not there yet; confined to the watcher. */
	private final List<Absent> absent = new ArrayList<>();

	private final StateStore store;

	private @Nullable ScheduledExecutorService watcher;

	ControllerRole(ZeroTierProperties.Controller properties, StateStore store) {
		this.networks = properties.networks();
		this.store = store;
		this.networks.forEach((name, network) -> this.plans.add(NetworkPlan.of(name, network)));
	}

	void start(ZeroTierNode node, @Nullable World planet) {
		NetworkController controller = node.controller();
		if (controller == null) {
			throw new IllegalStateException(
					"A customizer switched off the controller that zerotier.controller asks for");
		}
		Admission admission = new Admission(node, controller,
				CompletableFuture.supplyAsync(() -> new DeclaredMembers(this.store), node.eventLoop()).join());
		for (NetworkPlan plan : this.plans) {
			NetworkId id = plan.id(node.address());
			controller.putNetwork(id, settings(plan)).toCompletableFuture().join();
			admission.retain(id, plan.members().keySet());
			plan.members().forEach((name, member) -> admit(admission, id, plan, name, member));
			Path invitation = this.networks.get(plan.name()).invitation();
			if (invitation != null) {
				OutputFile.write("zerotier.controller.networks." + plan.name() + ".invitation", invitation,
						new Invitation(id, plan.name(), planet, plan.hosts()).toYaml());
			}
			logger.info("Controller of ZeroTier network {} ({})", id, plan.name());
		}
		if (!this.absent.isEmpty()) {
			this.watcher = Executors.newSingleThreadScheduledExecutor((task) -> {
				Thread thread = new Thread(task, "zerotier-members");
				thread.setDaemon(true);
				return thread;
			});
			this.watcher.scheduleWithFixedDelay(() -> look(admission), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	void stop() {
		if (this.watcher != null) {
			this.watcher.shutdownNow();
		}
	}

	private static NetworkSettings settings(NetworkPlan plan) {
		NetworkSettings.Builder builder = NetworkSettings.builder()
			.name(plan.name())
			.isPrivate(plan.isPrivate())
			.mtu(plan.mtu())
			.rfc4193(plan.rfc4193())
			.sixPlane(plan.sixPlane());
		for (NetworkPlan.Route route : plan.routes()) {
			InetPrefix target = new InetPrefix(route.target().address(), route.target().prefixLength()).network();
			builder.route(new NetworkRoute(target, route.via()));
		}
		for (AddressRange pool : plan.pools()) {
			builder.pool(new AddressPool(pool.start(), pool.end()));
			if (pool.start().getAddress().length == 4) {
				builder.assignIpv4(true);
			}
			else {
				builder.assignIpv6(true);
			}
		}
		return builder.build();
	}

	private void admit(Admission admission, NetworkId id, NetworkPlan plan, String name, NetworkPlan.Member member) {
		Address address = member.node();
		Identity identity = member.identity();
		String file = member.file();
		if (address != null) {
			admission.admit(id, name, address, member.addresses());
		}
		else if (identity != null) {
			admission.admit(id, name, identity.address(), member.addresses());
		}
		else if (file != null) {
			this.absent.add(new Absent(id, plan.name(), name, file, member.addresses()));
		}
	}

	private void look(Admission admission) {
		for (Iterator<Absent> members = this.absent.iterator(); members.hasNext();) {
			Absent member = members.next();
			Resource resource = new DefaultResourceLoader().getResource(member.file());
			try {
				if (!resource.exists()) {
					continue;
				}
				Identity identity = Identity.parse(resource.getContentAsString(StandardCharsets.US_ASCII).strip());
				admission.admit(member.network(), member.name(), identity.address(), member.addresses());
				members.remove();
			}
			catch (IOException ex) {
				logger.debug("Identity of member {} cannot be read yet", member.name(), ex);
			}
			catch (RuntimeException ex) {
				members.remove();
				logger.error("Member {} of ZeroTier network {} cannot be let in: {} is no public identity",
						member.name(), member.networkName(), member.file(), ex);
			}
		}
	}

	/**
	 * A member whose identity is looked for.
	 */
	private record Absent(NetworkId network, String networkName, String name, String file,
			List<InetAddress> addresses) {
	}

	/**
	 * Lets members in and out.
	 *
	 * @param node the node
	 * @param controller its controller
	 * @param declared the members the properties let in so far
	 */
	private record Admission(ZeroTierNode node, NetworkController controller, DeclaredMembers declared) {

		void retain(NetworkId network, Set<String> names) {
			shutOut(network, onLoop(() -> this.declared.retain(network, names)));
		}

		void admit(NetworkId network, String name, Address member, List<InetAddress> addresses) {
			shutOut(network, onLoop(() -> this.declared.replace(network, name, member)));
			this.controller.nameMember(network, member, name).toCompletableFuture().join();
			if (!addresses.isEmpty()) {
				this.controller.assignAddresses(network, member, addresses).toCompletableFuture().join();
			}
			this.controller.authorize(network, member).toCompletableFuture().join();
			logger.info("Node {} is member {} of ZeroTier network {}", member, name, network);
		}

		private void shutOut(NetworkId network, List<Address> members) {
			for (Address member : members) {
				this.controller.deauthorize(network, member).toCompletableFuture().join();
				logger.info("Node {} is no longer a member of ZeroTier network {}", member, network);
			}
		}

		private <T> T onLoop(Supplier<T> action) {
			return CompletableFuture.supplyAsync(action, this.node.eventLoop()).join();
		}

	}

}
