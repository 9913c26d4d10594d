package io.zt4j.spring.boot;

import io.zt4j.node.ZeroTierNode;

/**
 * Changes how the node is built; beans of this type are applied in order, after the
 * properties.
 */
@FunctionalInterface
public interface ZeroTierNodeCustomizer {

	/**
	 * Customize the builder.
	 * @param builder the builder
	 */
	void customize(ZeroTierNode.Builder builder);

}
