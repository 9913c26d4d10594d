/**
 * IPv4 and IPv6: headers, fragments, routes, source selection, checksums.
 */
@NullMarked
package io.zt4j.stack.ip;

import org.jspecify.annotations.NullMarked;
