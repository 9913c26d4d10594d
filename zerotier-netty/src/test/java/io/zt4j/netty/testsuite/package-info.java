/**
 * Netty's own transport test-suite ({@code io.netty:netty-testsuite}) on our channels.
 */
package io.zt4j.netty.testsuite;
