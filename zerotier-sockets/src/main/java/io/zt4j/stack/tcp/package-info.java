/**
 * TCP (RFC 9293) with window scaling, timestamps, SACK, RACK-TLP and CUBIC.
 */
@NullMarked
package io.zt4j.stack.tcp;

import org.jspecify.annotations.NullMarked;
