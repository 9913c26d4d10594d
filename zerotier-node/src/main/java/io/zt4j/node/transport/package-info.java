/**
 * The physical transport below VL1: UDP, or whatever a test gives.
 */
@NullMarked
package io.zt4j.node.transport;

import org.jspecify.annotations.NullMarked;
