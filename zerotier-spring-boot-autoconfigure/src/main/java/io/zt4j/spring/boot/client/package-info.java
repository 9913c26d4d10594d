/**
 * HTTP clients that reach the overlay and the host's network alike.
 */
@NullMarked
package io.zt4j.spring.boot.client;

import org.jspecify.annotations.NullMarked;
