package io.zt4j.node.controller;

import org.jspecify.annotations.Nullable;

/**
 * A tag of a network (VL2 17.1).
 *
 * @param id the ID, unsigned
 * @param defaultValue what members get that have no other value, or null if nothing
 */
public record TagSettings(int id, @Nullable Integer defaultValue) {
}
