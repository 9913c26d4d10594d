/**
 * VL1 at work: peers, physical paths, WHOIS, relaying and NAT traversal.
 */
@NullMarked
package io.zt4j.node.peer;

import org.jspecify.annotations.NullMarked;
