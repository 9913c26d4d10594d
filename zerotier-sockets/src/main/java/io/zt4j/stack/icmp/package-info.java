/**
 * ICMP (RFC 792) and ICMPv6 (RFC 4443): echo and errors.
 */
@NullMarked
package io.zt4j.stack.icmp;

import org.jspecify.annotations.NullMarked;
