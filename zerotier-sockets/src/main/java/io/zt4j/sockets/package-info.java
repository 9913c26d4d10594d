/**
 * Sockets on ZeroTier: attaches one stack to each joined network.
 */
@NullMarked
package io.zt4j.sockets;

import org.jspecify.annotations.NullMarked;
