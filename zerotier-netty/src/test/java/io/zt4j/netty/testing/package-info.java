/**
 * Fixtures: a domain made of given stacks, and a network of scripted hosts that has no
 * TCP, only its interface.
 */
@NullMarked
package io.zt4j.netty.testing;

import org.jspecify.annotations.NullMarked;
