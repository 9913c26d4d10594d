/**
 * Benchmarks: JMH micro-benchmarks, and the end-to-end tool that measures two JVMs over
 * ZeroTier beside kernel TCP.
 */
@NullMarked
package io.zt4j.benchmarks;

import org.jspecify.annotations.NullMarked;
