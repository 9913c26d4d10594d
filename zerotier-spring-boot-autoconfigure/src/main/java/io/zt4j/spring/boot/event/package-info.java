/**
 * A node's events as application events.
 */
@NullMarked
package io.zt4j.spring.boot.event;

import org.jspecify.annotations.NullMarked;
