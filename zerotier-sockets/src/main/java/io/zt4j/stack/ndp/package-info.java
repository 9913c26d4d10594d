/**
 * IPv6 neighbour discovery (RFC 4861) without routers.
 */
@NullMarked
package io.zt4j.stack.ndp;

import org.jspecify.annotations.NullMarked;
