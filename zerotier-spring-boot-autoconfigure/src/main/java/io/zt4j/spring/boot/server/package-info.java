/**
 * Serving the application on its ZeroTier addresses.
 */
@NullMarked
package io.zt4j.spring.boot.server;

import org.jspecify.annotations.NullMarked;
