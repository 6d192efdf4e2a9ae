package io.ecluse.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.warehouse.TableVersion;
import java.time.Instant;
import java.util.Optional;

/** A state of a table: as it is, or as it was. */
public record SnapshotLine(
    String id,
    Instant at,
    String operation,
    long rows,
    @JsonProperty("added_rows") long addedRows,
    @JsonProperty("run_id") Optional<String> runId,
    boolean current) {
  static SnapshotLine of(TableVersion version) {
    return new SnapshotLine(
        String.valueOf(version.snapshotId()),
        version.at(),
        version.operation(),
        version.rows(),
        version.addedRows(),
        version.runId(),
        version.state() == TableVersion.State.CURRENT);
  }
}
