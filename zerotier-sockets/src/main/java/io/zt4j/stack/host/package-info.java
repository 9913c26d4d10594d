/**
 * One host on one Ethernet: puts the layers of the stack together.
 */
@NullMarked
package io.zt4j.stack.host;

import org.jspecify.annotations.NullMarked;
