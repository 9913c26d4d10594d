package io.zt4j.spring.boot.actuate;

import io.zt4j.node.ZeroTierNode;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.spring.boot.ZeroTierAutoConfiguration;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the endpoint {@code /actuator/zerotier}.
 */
@AutoConfiguration(after = ZeroTierAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ ZeroTierNode.class, SocketDomain.class })
@ConditionalOnAvailableEndpoint(ZeroTierEndpoint.class)
public final class ZeroTierEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ZeroTierEndpoint zeroTierEndpoint(ZeroTierNode node, SocketDomain domain) {
		return new ZeroTierEndpoint(node, domain);
	}

}
