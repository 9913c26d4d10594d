/**
 * Planets and moons: the signed lists of roots.
 */
@NullMarked
package io.zt4j.node.world;

import org.jspecify.annotations.NullMarked;
