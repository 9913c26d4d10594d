/**
 * Recording of frames in the pcapng format.
 */
@NullMarked
package io.zt4j.stack.capture;

import org.jspecify.annotations.NullMarked;
