/**
 * Congestion control algorithms.
 */
@NullMarked
package io.zt4j.stack.tcp.congestion;

import org.jspecify.annotations.NullMarked;
