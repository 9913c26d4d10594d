package io.zt4j.spring.boot.diagnostics;

import java.util.stream.Collectors;

import io.zt4j.spring.boot.NetworkNotReadyException;
import io.zt4j.spring.boot.NetworkReadiness;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do when the node did not become a member of its networks in time.
 */
class NetworkNotReadyFailureAnalyzer extends AbstractFailureAnalyzer<NetworkNotReadyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, NetworkNotReadyException cause) {
		String description = "ZeroTier node " + cause.getNode() + " waited " + cause.getTimeout().toMillis()
				+ " ms (zerotier.startup-timeout) in vain for "
				+ cause.getNetworks()
					.stream()
					.map((network) -> "network " + network.network() + ", whose status is " + network.status())
					.collect(Collectors.joining("; "))
				+ ".";
		if (!cause.isOnline()) {
			return new FailureAnalysis(description + " No root answered" + roots(cause) + ".",
					"Check that UDP reaches the roots from here, and that zerotier.planet is the planet of this network"
							+ " and not an old one. To start without waiting, set zerotier.startup-timeout to 0.",
					cause);
		}
		String action = cause.getNetworks()
			.stream()
			.map((network) -> action(cause, network))
			.collect(Collectors.joining(System.lineSeparator()));
		return new FailureAnalysis(description, action, cause);
	}

	private static String roots(NetworkNotReadyException cause) {
		String endpoints = cause.getRoots().stream().map((root) -> {
			String host = root.getHostString();
			return ((host.indexOf(':') < 0) ? host : "[" + host + "]") + ":" + root.getPort();
		}).collect(Collectors.joining(", "));
		return endpoints.isEmpty() ? "" : " at " + endpoints;
	}

	private static String action(NetworkNotReadyException cause, NetworkReadiness network) {
		String controller = network.network().controller().toString();
		return switch (network.status()) {
			case ACCESS_DENIED -> "Authorise node " + cause.getNode() + " on controller " + controller + " for network "
					+ network.network()
					+ ". With a controller of zt4j, add it to zerotier.controller.networks.<name>.members"
					+ " as node: \"" + cause.getNode() + "\".";
			case NOT_FOUND -> "Controller " + controller + " knows no network " + network.network()
					+ ": correct zerotier.networks, or create the network there.";
			case AUTHENTICATION_REQUIRED -> "Controller " + controller + " wants a login for node " + cause.getNode()
					+ ": log in there, or exempt the node.";
			case OK -> "Assign node " + cause.getNode() + " an address on controller " + controller + " for network "
					+ network.network() + ": it is a member, but has no address.";
			case REQUESTING_CONFIGURATION ->
				"Start controller " + controller + ", which does not answer, or correct the"
						+ " first ten digits of network " + network.network() + ".";
			case PORT_ERROR -> "See the log for why network " + network.network() + " could not be configured.";
		};
	}

}
