/**
 * Fixtures: an Ethernet in memory under virtual time.
 */
@NullMarked
package io.zt4j.stack.testing;

import org.jspecify.annotations.NullMarked;
