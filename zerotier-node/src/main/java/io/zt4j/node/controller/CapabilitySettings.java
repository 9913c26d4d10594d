package io.zt4j.node.controller;

import java.util.List;

import io.zt4j.node.network.credential.Capability;
import io.zt4j.node.network.rule.Rule;

/**
 * A capability a network can give to its members (VL2 17.1).
 *
 * @param id the ID, unsigned
 * @param assignedByDefault whether new members get it
 * @param rules at most 64 rules
 */
public record CapabilitySettings(int id, boolean assignedByDefault, List<Rule> rules) {

	public CapabilitySettings {
		rules = List.copyOf(rules);
		if (rules.size() > Capability.MAX_RULES) {
			throw new IllegalArgumentException("Capability " + Integer.toUnsignedString(id) + " has " + rules.size()
					+ " rules, but 64 is the most: split it");
		}
	}

}
