/**
 * Where a node keeps its state: memory, or a folder laid out as zerotier-one lays out its
 * own.
 */
@NullMarked
package io.zt4j.node.store;

import org.jspecify.annotations.NullMarked;
