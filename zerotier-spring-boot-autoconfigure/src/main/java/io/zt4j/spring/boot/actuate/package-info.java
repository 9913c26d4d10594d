/**
 * Health and the actuator endpoint.
 */
@NullMarked
package io.zt4j.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
