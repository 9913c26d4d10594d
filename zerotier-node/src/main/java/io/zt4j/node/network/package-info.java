/**
 * VL2: virtual Ethernet networks, their configuration, membership and multicast.
 */
@NullMarked
package io.zt4j.node.network;

import org.jspecify.annotations.NullMarked;
