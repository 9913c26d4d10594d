/**
 * Native things, reached through JNA: the Linux TAP device.
 */
@NullMarked
package io.zt4j.jna;

import org.jspecify.annotations.NullMarked;
