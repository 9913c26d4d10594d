/**
 * UDP (RFC 768).
 */
@NullMarked
package io.zt4j.stack.udp;

import org.jspecify.annotations.NullMarked;
