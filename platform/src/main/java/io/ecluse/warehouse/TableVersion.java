package io.ecluse.warehouse;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of a table's history.
 *
 * @param operation in Iceberg's words: append, overwrite, replace, delete
 * @param rows rows of the table then
 * @param addedRows rows written by it
 * @param runId the run that made it; empty if another engine did
 * @param state whether readers see it
 */
public record TableVersion(
    long snapshotId,
    Instant at,
    String operation,
    long rows,
    long addedRows,
    Optional<String> runId,
    State state) {
  public enum State {
    CURRENT,
    PAST
  }
}
