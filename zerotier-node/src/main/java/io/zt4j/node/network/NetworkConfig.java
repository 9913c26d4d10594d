package io.zt4j.node.network;

/**
 * Placeholder: the VL2 room writes this record.
 */
public record NetworkConfig(NetworkId network) {
}
