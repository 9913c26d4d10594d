/**
 * The public face of a ZeroTier node: configuration, life cycle, status and events.
 */
@NullMarked
package io.zt4j.node;

import org.jspecify.annotations.NullMarked;
