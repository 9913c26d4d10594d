/**
 * Credentials signed by a network controller.
 */
@NullMarked
package io.zt4j.node.network.credential;

import org.jspecify.annotations.NullMarked;
