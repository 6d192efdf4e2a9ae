package io.ecluse.query;

import io.ecluse.schema.Column;
import io.ecluse.source.PartEncoder;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;

/** Writes Arrow batches into Parquet files of staging. */
public final class ParquetParts implements PartEncoder {
  /** What a writer gathers before it writes. */
  private static final long ROW_GROUP_BYTES = 24L << 20;

  private static final long LEAST_ROWS = 2_048;
  private static final long MOST_ROWS = 122_880;

  private final DuckDb duckDb;

  ParquetParts(DuckDb duckDb) {
    this.duckDb = duckDb;
  }

  @Override
  public long encode(ArrowArrayStream batches, List<Column> columns, long rowBytes, Path file) {
    try (DuckDbSession session = duckDb.open()) {
      session.connection().registerArrowStream("batches", batches);
      return session.execute(
          "COPY (%s) TO %s (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE %d)"
              .formatted(
                  Sql.cast(columns, "batches"),
                  Sql.text(file.toString()),
                  Math.max(
                      LEAST_ROWS, Math.min(MOST_ROWS, ROW_GROUP_BYTES / Math.max(1, rowBytes)))));
    }
  }
}
