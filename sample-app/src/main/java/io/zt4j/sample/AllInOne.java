package io.zt4j.sample;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.zt4j.node.NetworkInfo;
import io.zt4j.node.ZeroTierNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The three roles as three application contexts in one process: three nodes with three
 * identities that share nothing but the files their yaml names.
 */
final class AllInOne {

	private static final List<String> ROLES = List.of("controller", "orders", "gateway");

	private AllInOne() {
	}

	/**
	 * Start the three roles, one after the other.
	 * @param args gives the command line of a role
	 * @return the contexts by role
	 */
	static Map<String, ConfigurableApplicationContext> run(Function<String, String[]> args) {
		Map<String, ConfigurableApplicationContext> contexts = new LinkedHashMap<>();
		try {
			for (String role : ROLES) {
				contexts.put(role,
						new SpringApplicationBuilder(SampleApplication.class).web(WebApplicationType.REACTIVE)
							.profiles(role)
							.run(args.apply(role)));
			}
		}
		catch (RuntimeException ex) {
			List<ConfigurableApplicationContext> started = new ArrayList<>(contexts.values());
			for (int i = started.size() - 1; i >= 0; i--) {
				started.get(i).close();
			}
			throw ex;
		}
		System.out.println(describe(contexts));
		return contexts;
	}

	private static String describe(Map<String, ConfigurableApplicationContext> contexts) {
		StringBuilder text = new StringBuilder("\n");
		contexts.forEach((role, context) -> {
			ZeroTierNode node = context.getBean(ZeroTierNode.class);
			text.append(String.format("  %-10s node %s", role, node.address()));
			for (NetworkInfo network : node.networks()) {
				text.append("  network ").append(network.id()).append("  ").append(network.assignedAddresses());
			}
			text.append('\n');
		});
		String port = contexts.get("gateway").getEnvironment().getProperty("local.server.port");
		text.append("\n  curl http://127.0.0.1:").append(port).append("/orders/42");
		text.append("\n  curl http://127.0.0.1:").append(port).append("/actuator/health\n");
		return text.toString();
	}

}
