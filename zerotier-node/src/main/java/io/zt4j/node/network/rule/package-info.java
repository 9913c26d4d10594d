/**
 * The rules engine that filters every frame on both sides.
 */
@NullMarked
package io.zt4j.node.network.rule;

import org.jspecify.annotations.NullMarked;
