/**
 * Netty on ZeroTier: channels over the user-space TCP/IP stack, loop resources and name
 * resolution for Reactor Netty.
 */
@NullMarked
package io.zt4j.netty;

import org.jspecify.annotations.NullMarked;
