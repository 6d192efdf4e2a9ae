package io.ecluse.warehouse;

import java.time.Instant;

/** Which state of the tables a reader sees. */
public sealed interface ReadView {
  /** What is published now. */
  ReadView PUBLISHED = new Published();

  record Published() implements ReadView {}

  /** What a run has written so far, over what is published: for its own steps and its tests. */
  record OfRun(String runId) implements ReadView {}

  /** What was published at a moment. */
  record AsOf(Instant at) implements ReadView {}

  /** One snapshot of the table that has it; the published state of all others. */
  record AtSnapshot(long snapshotId) implements ReadView {}
}
