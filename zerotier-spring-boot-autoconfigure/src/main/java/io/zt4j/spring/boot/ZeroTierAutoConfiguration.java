package io.zt4j.spring.boot;

import io.zt4j.node.ZeroTierNode;
import io.zt4j.node.store.FileStateStore;
import io.zt4j.node.store.StateStore;
import io.zt4j.sockets.SocketDomain;
import io.zt4j.sockets.ZeroTierSockets;
import io.zt4j.spring.boot.event.NodeEventPublisher;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the ZeroTier node: its state, its sockets, its events and its
 * life cycle. Nothing touches the network before the context starts its life cycle beans.
 * Switched off by {@code zerotier.enabled=false}.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "zerotier.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ZeroTierProperties.class)
public final class ZeroTierAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	StateStore zeroTierStateStore(ZeroTierProperties properties) {
		return new FileStateStore(properties.storagePath());
	}

	@Bean
	@ConditionalOnMissingBean
	NodeEventPublisher zeroTierEventPublisher(ApplicationContext context) {
		return new NodeEventPublisher(context);
	}

	@Bean
	@ConditionalOnMissingBean
	NodeRoles zeroTierNodeRoles(ZeroTierProperties properties, StateStore store) {
		return new NodeRoles(properties, store);
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	ZeroTierNode zeroTierNode(ZeroTierProperties properties, StateStore store, NodeEventPublisher publisher,
			NodeRoles roles, ObjectProvider<ZeroTierNodeCustomizer> customizers) {
		ZeroTierNode.Builder builder = ZeroTierNode.builder()
			.storage(store)
			.port(properties.port())
			.listenerExecutor(publisher.executor());
		if (!properties.bindAddresses().isEmpty()) {
			builder.bindAddresses(properties.bindAddresses());
		}
		roles.configure(builder);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean(SocketDomain.class)
	ZeroTierSockets zeroTierSockets(ZeroTierNode node) {
		return ZeroTierSockets.attach(node);
	}

	@Bean
	@ConditionalOnMissingBean
	NodeLifecycle zeroTierNodeLifecycle(ConfigurableApplicationContext context, ZeroTierNode node,
			ZeroTierProperties properties, NodeRoles roles, NodeEventPublisher publisher) {
		return new NodeLifecycle(context, node, properties, roles, publisher);
	}

}
