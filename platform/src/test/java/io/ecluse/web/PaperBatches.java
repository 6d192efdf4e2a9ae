package io.ecluse.web;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Rejected;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Two batches of a stream {@code paper.forms}, the second of which has all that is unusual. */
final class PaperBatches {
  /** Lately: old batches are removed. */
  private static final Instant AT = Instant.now().minus(Duration.ofHours(1));

  private PaperBatches() {}

  /**
   * Makes them exist.
   *
   * @param secret stands in the keys of rejected rows
   */
  static void commit(StagingArea staging, String secret) {
    staging.commit(batch("1", AT, List.of(column("id"), column("email")), Rejected.NONE));
    Rejected rejected =
        new Rejected(
            3,
            List.of(
                new Rejected.Row(Map.of("email", secret), "column born holds no date"),
                new Rejected.Row(Map.of("email", "other"), "column id is too large"),
                new Rejected.Row(Map.of("email", secret), "column born holds no date")));
    staging.commit(batch("2", AT.plusSeconds(60), List.of(column("id")), rejected));
  }

  private static StagedColumn column(String name) {
    return new StagedColumn(new Column(name, DataType.VARCHAR), "text");
  }

  private static BatchManifest batch(
      String extract, Instant at, List<StagedColumn> columns, Rejected rejected) {
    return new BatchManifest(
        "paper",
        "forms",
        extract,
        "no-run",
        "1",
        columns,
        List.of(),
        at,
        at,
        "test",
        List.of(),
        rejected,
        Optional.empty(),
        Optional.empty(),
        Optional.of(List.of()));
  }
}
