/**
 * The simulated Internet: hosts, links, NATs and faults under virtual time, on which real
 * ZeroTier nodes run in one thread.
 */
@NullMarked
package io.zt4j.test;

import org.jspecify.annotations.NullMarked;
