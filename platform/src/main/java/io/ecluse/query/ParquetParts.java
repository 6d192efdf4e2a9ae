package io.ecluse.query;

import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.source.PartEncoder;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;

/** Writes Arrow batches into Parquet files of staging. */
public final class ParquetParts implements PartEncoder {
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
                  Sql.cast(columns, "batches"), Sql.text(file.toString()), Sql.rowGroup(rowBytes)));
    }
  }

  @Override
  public ContentSums sums(List<Column> columns, Path file) {
    try (DuckDbSession session = duckDb.open()) {
      return SumsSql.of(
          session, columns, "read_parquet(" + Sql.list(List.of(file.toString())) + ")");
    }
  }
}
