package io.ecluse.staging;

/**
 * What was removed from staging, or would be.
 *
 * @param batches whole ones, and what was left of extracts that never ended
 */
public record RemovedBatches(long batches, long bytes) {
  static final RemovedBatches NONE = new RemovedBatches(0, 0);

  RemovedBatches plus(RemovedBatches other) {
    return new RemovedBatches(batches + other.batches, bytes + other.bytes);
  }
}
