/**
 * A ZeroTier node as a citizen of a Spring Boot application: its properties, its life
 * cycle and the roles it may play.
 */
@NullMarked
package io.zt4j.spring.boot;

import org.jspecify.annotations.NullMarked;
