/**
 * The network controller role.
 */
@NullMarked
package io.zt4j.node.controller;

import org.jspecify.annotations.NullMarked;
