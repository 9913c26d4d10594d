package io.zt4j.node.network.rule;

import java.util.List;
import java.util.random.RandomGenerator;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.credential.Capability;
import org.jspecify.annotations.Nullable;

/**
 * Filters frames by the rules of a network and the capabilities of its members (VL2 9.2,
 * 9.5). Keeps no state between frames; not thread-safe.
 */
public final class RuleEngine {

	private final Address self;

	private final RuleMatcher matcher;

	private boolean superAccept;

	private boolean skipDrop;

	/**
	 * Create an engine.
	 * @param self this node
	 * @param random for MATCH_RANDOM
	 */
	public RuleEngine(Address self, RandomGenerator random) {
		this.self = self;
		this.matcher = new RuleMatcher(self, random);
	}

	/**
	 * What one rule set says.
	 */
	enum Outcome {

		NO_MATCH, DROP, REDIRECT, ACCEPT, SUPER_ACCEPT

	}

	/**
	 * Filter a frame: base rules first, then the sender's capabilities.
	 * @param config the configuration in force
	 * @param frame the frame
	 * @param result where the verdict goes
	 * @return the same result
	 */
	public FilterResult filter(NetworkConfig config, FilteredFrame frame, FilterResult result) {
		result.reset();
		Outcome base = evaluate(config.rules(), config, frame, result, 0);
		if (base != Outcome.NO_MATCH) {
			return result.verdict(verdict(base));
		}
		List<Capability> capabilities = capabilities(config, frame);
		int copies = result.copyCount();
		for (int i = 0; i < capabilities.size(); i++) {
			result.truncate(copies);
			Outcome outcome = evaluate(capabilities.get(i).rules(), config, frame, result, copies);
			if (outcome != Outcome.NO_MATCH && outcome != Outcome.DROP) {
				return result.verdict(verdict(outcome));
			}
		}
		return result.verdict(FilterResult.Verdict.DROP);
	}

	private static List<Capability> capabilities(NetworkConfig config, FilteredFrame frame) {
		if (!frame.inbound) {
			return config.capabilities();
		}
		FilteredFrame.Remote remote = frame.remote;
		return (remote != null) ? remote.capabilities() : List.of();
	}

	private static FilterResult.Verdict verdict(Outcome outcome) {
		return switch (outcome) {
			case ACCEPT -> FilterResult.Verdict.ACCEPT;
			case SUPER_ACCEPT -> FilterResult.Verdict.SUPER_ACCEPT;
			case REDIRECT -> FilterResult.Verdict.REDIRECT;
			case DROP, NO_MATCH -> FilterResult.Verdict.DROP;
		};
	}

	/*
	 * Evaluate one rule set.
	 *
	 * @param copyIndex where a TEE or WATCH of this set is remembered
	 */
	Outcome evaluate(List<Rule> rules, NetworkConfig config, FilteredFrame frame, FilterResult result, int copyIndex) {
		boolean set = true;
		this.superAccept = false;
		this.skipDrop = false;
		for (int i = 0; i < rules.size(); i++) {
			Rule rule = rules.get(i);
			if (rule.code() >= RuleType.FIRST_MATCH) {
				if (set || rule.or()) {
					boolean matches = matches(rule, config, frame);
					set = rule.or() ? (set || matches) : matches;
				}
			}
			else if (set) {
				Outcome outcome = act(rule, frame, result, copyIndex);
				if (outcome != null) {
					return outcome;
				}
			}
			else {
				this.superAccept |= frame.inbound && rule instanceof Rule.Forward forward
						&& forward.target().equals(this.self);
				set = true;
			}
		}
		return Outcome.NO_MATCH;
	}

	private boolean matches(Rule rule, NetworkConfig config, FilteredFrame frame) {
		RuleMatcher.Match match = this.matcher.match(rule, config, frame, this.superAccept);
		return switch (match) {
			case HARD_NO -> false;
			case HARD_YES -> true;
			case HARD_YES_SKIP_DROP -> {
				this.skipDrop = true;
				yield true;
			}
			case FALSE -> rule.not();
			case TRUE -> !rule.not();
		};
	}

	/* null means: go on with the next rule */
	private @Nullable Outcome act(Rule rule, FilteredFrame frame, FilterResult result, int copyIndex) {
		RuleType type = rule.type();
		if (type == null) {
			return null;
		}
		return switch (type) {
			case ACTION_PRIORITY -> Outcome.ACCEPT;
			case ACTION_ACCEPT -> this.superAccept ? Outcome.SUPER_ACCEPT : Outcome.ACCEPT;
			case ACTION_BREAK -> Outcome.NO_MATCH;
			case ACTION_DROP -> {
				boolean skip = this.skipDrop;
				this.skipDrop = false;
				yield skip ? null : Outcome.DROP;
			}
			default -> (rule instanceof Rule.Forward forward) ? forward(forward, frame, result, copyIndex) : null;
		};
	}

	private @Nullable Outcome forward(Rule.Forward rule, FilteredFrame frame, FilterResult result, int copyIndex) {
		Address target = rule.target();
		if (target.value() == frame.source) {
			return null;
		}
		if (target.equals(this.self)) {
			return frame.inbound ? Outcome.SUPER_ACCEPT : null;
		}
		if (target.value() == frame.destination) {
			return null;
		}
		if (rule.type() == RuleType.ACTION_REDIRECT) {
			result.redirect(target, frame.inbound);
			return Outcome.REDIRECT;
		}
		int length = (rule.length() != 0) ? Math.min(rule.length(), frame.length) : frame.length;
		result.copy(copyIndex, target, length, rule.type() == RuleType.ACTION_WATCH, frame.inbound);
		return null;
	}

}
