package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.List;

/** What a run made visible, all at one moment. */
public record Publication(String runId, Instant at, List<TableName> tables) {
  public Publication {
    tables = List.copyOf(tables);
  }
}
