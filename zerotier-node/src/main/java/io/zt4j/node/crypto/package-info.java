/**
 * The cryptographic primitives of VL1, over the JDK's and BouncyCastle's.
 */
@NullMarked
package io.zt4j.node.crypto;

import org.jspecify.annotations.NullMarked;
