package io.zt4j.spring.boot.actuate;

import io.zt4j.node.ZeroTierNode;
import io.zt4j.spring.boot.ZeroTierAutoConfiguration;
import io.zt4j.spring.boot.ZeroTierProperties;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health component {@code zerotier}. It may be listed in the
 * readiness group; liveness must not depend on a network.
 */
@AutoConfiguration(after = ZeroTierAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ ZeroTierNode.class, ZeroTierProperties.class })
@ConditionalOnEnabledHealthIndicator("zerotier")
public final class ZeroTierHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "zerotierHealthIndicator")
	ZeroTierHealthIndicator zerotierHealthIndicator(ZeroTierNode node, ZeroTierProperties properties) {
		return new ZeroTierHealthIndicator(node, properties);
	}

}
