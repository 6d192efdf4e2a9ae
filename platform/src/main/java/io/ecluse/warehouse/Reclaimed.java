package io.ecluse.warehouse;

/**
 * What was removed from a warehouse, or would be.
 *
 * @param snapshots states of tables that cannot be read any more
 * @param files data and metadata files that nothing referred to
 * @param bytes of these files
 */
public record Reclaimed(long snapshots, long files, long bytes) {}
