/**
 * Ethernet frames, the neighbour cache and ARP (RFC 826, RFC 5227).
 */
@NullMarked
package io.zt4j.stack.ethernet;

import org.jspecify.annotations.NullMarked;
