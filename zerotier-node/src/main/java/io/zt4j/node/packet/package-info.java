/**
 * The VL1 packet: header, verbs, armor, compression, fragments, address encoding.
 */
@NullMarked
package io.zt4j.node.packet;

import org.jspecify.annotations.NullMarked;
