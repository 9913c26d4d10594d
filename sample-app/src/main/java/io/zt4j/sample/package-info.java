/**
 * Microservices that talk HTTP over their own ZeroTier network, configured by yaml only.
 */
@NullMarked
package io.zt4j.sample;

import org.jspecify.annotations.NullMarked;
