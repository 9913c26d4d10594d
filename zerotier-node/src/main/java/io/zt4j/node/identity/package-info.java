/**
 * ZeroTier addresses and identities.
 */
@NullMarked
package io.zt4j.node.identity;

import org.jspecify.annotations.NullMarked;
