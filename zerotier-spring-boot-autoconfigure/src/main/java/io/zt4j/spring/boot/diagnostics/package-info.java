/**
 * What to do when the node does not start.
 */
@NullMarked
package io.zt4j.spring.boot.diagnostics;

import org.jspecify.annotations.NullMarked;
