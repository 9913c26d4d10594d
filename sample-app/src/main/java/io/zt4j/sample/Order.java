package io.zt4j.sample;

/**
 * An order, and how it came here.
 *
 * @param id number of the order
 * @param servedBy node ID of the service that answered, ten hex digits
 * @param servedAt ZeroTier address it answered at
 * @param seenFrom ZeroTier address the request came from
 */
record Order(String id, String servedBy, String servedAt, String seenFrom) {
}
