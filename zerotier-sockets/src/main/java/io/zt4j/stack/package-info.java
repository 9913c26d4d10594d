/**
 * A user-space TCP/IP stack: Ethernet frames in and out, TCP connections and UDP sockets
 * on top. Knows nothing of ZeroTier.
 */
@NullMarked
package io.zt4j.stack;

import org.jspecify.annotations.NullMarked;
